import HTTP
import Releases

/// A form as it was sent, and what is wrong with it, field by field: what a page needs to show it again.
struct Entries: Sendable {
    let form: Form
    private(set) var errors: [String: String] = [:]

    init(_ form: Form = Form()) {
        self.form = form
    }

    /// What was typed, without blanks at its ends.
    subscript(_ name: String) -> String { (form[name] ?? "").trimmed }

    /// What was typed, as it is: for passwords.
    func exactly(_ name: String) -> String { form[name] ?? "" }

    /// All that was ticked.
    func all(_ name: String) -> Set<String> { Set(form.all(name)) }

    func error(_ name: String) -> String? { errors[name] }

    var areValid: Bool { errors.isEmpty }

    /// Notes what is wrong with a field; the first reason stays.
    mutating func refuse(_ name: String, _ sentence: String) {
        if errors[name] == nil { errors[name] = sentence }
    }

    /// A line of text that must be there.
    mutating func line(_ name: String, _ what: String, atMost limit: Int) -> String {
        let text = self[name]
        if text.isEmpty {
            refuse(name, "\(what) is missing.")
        } else if text.unicodeScalars.count > limit {  // as PostgreSQL counts
            refuse(name, "That is too long: at most \(limit) characters.")
        } else if !text.isShowable {
            refuse(name, "That contains characters that cannot be shown.")
        }
        return text
    }

    /// A number in a range; nil when nothing was typed, or something else.
    mutating func number(_ name: String, _ what: String, in range: ClosedRange<Int>) -> Int? {
        let text = self[name]
        guard !text.isEmpty else { return nil }
        guard let number = Int(text), text.allSatisfy({ $0.isASCII && $0.isNumber }), range.contains(number) else {
            refuse(name, "\(what) is a number from \(range.lowerBound) to \(range.upperBound).")
            return nil
        }
        return number
    }

    /// Words and phrases, separated by commas; each once.
    mutating func words(_ name: String) -> [String] {
        let text = self[name]
        guard text.isShowable else {
            refuse(name, "That contains characters that cannot be shown.")
            return []
        }
        var words: [String] = []
        for word in text.split(separator: ",").map(\.trimmed) where !word.isEmpty && !words.contains(word) {
            words.append(word)
        }
        if words.count > 50 { refuse(name, "That is too much: at most 50 words.") }
        if let empty = words.first(where: { Phrase($0) == nil }) {
            refuse(name, "“\(empty.prefix(40))” is no word that a name could have.")
        }
        if let long = words.first(where: { $0.unicodeScalars.count > 60 }) {
            refuse(name, "“\(long.prefix(40))…” is too long: at most 60 characters.")
        }
        return words
    }

    /// What was ticked among a list of choices.
    mutating func choices<Choice: RawRepresentable & Hashable>(
        _ name: String, _ what: String, of type: Choice.Type = Choice.self
    ) -> Set<Choice> where Choice.RawValue == String {
        var chosen: Set<Choice> = []
        for value in form.all(name) {
            guard let choice = Choice(rawValue: value) else {
                refuse(name, "“\(value.prefix(40))” is no \(what) that Usher knows.")
                continue
            }
            chosen.insert(choice)
        }
        return chosen
    }
}

extension StringProtocol {
    /// Whether it is text that looks on a page like what it is: no control characters, and none of those that turn the
    /// direction of what follows them, so that `gpj.exe` could pass for `exe.jpg` (Unicode UAX #9 §2).
    var isShowable: Bool {
        unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && !$0.properties.isBidiControl }
    }

    /// Without white space at both ends.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
