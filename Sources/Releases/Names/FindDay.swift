/// The day of an episode of a show that is known by its days.
extension NameReader {
    /// `2014.11.03`, `03.11.2014` behind the title.
    func day() -> (Day, start: Int, end: Int)? {
        guard end - first > 3 else { return nil }
        for index in (first + 1)..<(end - 2) {
            guard let a = tokens[index].number, let b = tokens[index + 1].number, let c = tokens[index + 2].number,
                tokens[index + 1].count == 2, tokens[index + 1].before.isSubset(of: .light),
                tokens[index + 1].before == tokens[index + 2].before
            else { continue }
            let found: Day? =
                if tokens[index].count == 4, tokens[index + 2].count == 2 {
                    Day(year: a, month: b, day: c)
                } else if tokens[index].count == 2, tokens[index + 2].count == 4 {
                    Day(year: c, month: b, day: a) ?? Day(year: c, month: a, day: b)
                } else {
                    nil
                }
            if let found { return (found, tokens[index].start, tokens[index + 2].end) }
        }
        return nil
    }

    /// `30th Dec 2024`, `30 December 2024`, `December 30th, 2024` behind the title. `July 22 2018` rather is a film's title
    /// and its year.
    func writtenDay() -> (Day, start: Int, end: Int)? {
        guard end - first > 3 else { return nil }
        for index in (first + 1)..<(end - 2) where tokens[index + 2].count == 4 {
            let (a, b, year) = (tokens[index], tokens[index + 1], tokens[index + 2])
            guard let number = year.number, Self.isYear(number), year.bracket == a.bracket,
                b.before.isSubset(of: .light)
            else { continue }
            let found: Day? =
                if let month = Self.months[b.word], let day = dayOfMonth(a) {
                    Day(year: number, month: month, day: day.value)
                } else if let month = Self.months[a.word], let day = dayOfMonth(b), day.isOrdinal {
                    Day(year: number, month: month, day: day.value)
                } else {
                    nil
                }
            if let found { return (found, a.start, year.end) }
        }
        return nil
    }

    /// `30`, `30th`
    private func dayOfMonth(_ token: Token) -> (value: Int, isOrdinal: Bool)? {
        if let number = token.number { return token.count <= 2 ? (number, false) : nil }
        guard let read = NumberScanner(bytes: bytes).number(token.start, digits: 2),
            Self.ordinals.contains(Word(bytes[read.end..<token.end]))
        else { return nil }
        return (read.value, true)
    }

    private static let months = [
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sep oct nov dec",
    ].reduce(into: [Word: Int]()) { months, line in
        for (index, month) in line.split(separator: " ").enumerated() { months[Word(month.utf8)] = index + 1 }
    }
}
