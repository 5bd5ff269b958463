public import FoundationEssentials

extension Date: PostgresDecodable {
    /// Reads a `timestamptz` (`2026-05-12 18:40:00.25+00`) or a `date`. `infinity` is the distant future or past.
    public init(from cell: PostgresCell) throws {
        let text = try cell.bytes()
        if text.elementsEqual("infinity".utf8) {
            self = .distantFuture
        } else if text.elementsEqual("-infinity".utf8) {
            self = .distantPast
        } else {
            guard let seconds = TimestampParser(text).parse() else { throw cell.mismatch(Date.self) }
            self.init(timeIntervalSince1970: seconds)
        }
    }
}

/// The ISO form of a time, as `DateStyle = ISO` writes it (PostgreSQL manual, 8.5.2); years before Christ excepted.
private struct TimestampParser {
    private let text: UnsafeBufferPointer<UInt8>
    private var index = 0

    init(_ text: UnsafeBufferPointer<UInt8>) {
        self.text = text
    }

    consuming func parse() -> Double? {
        guard let year = number(atLeast: 4), skip("-"), let month = number(atLeast: 2), skip("-"),
            let day = number(atLeast: 2), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let midnight = Double(Self.daysSince1970(year, month, day)) * 86400
        if index == text.count { return midnight }
        guard skip(" "), let hour = number(atLeast: 2), skip(":"), let minute = number(atLeast: 2), skip(":"),
            let second = number(atLeast: 2)
        else { return nil }
        let fraction = skip(".") ? fraction() : 0
        guard let offset = offset(), index == text.count else { return nil }
        return midnight + Double(hour * 3600 + minute * 60 + second - offset) + fraction
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard index < text.count, text[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func digit() -> Int? {
        guard index < text.count, case UInt8(ascii: "0")...UInt8(ascii: "9") = text[index] else { return nil }
        defer { index += 1 }
        return Int(text[index] - UInt8(ascii: "0"))
    }

    private mutating func number(atLeast count: Int) -> Int? {
        let start = index
        var number = 0
        while index - start < 9, let digit = digit() { number = number * 10 + digit }
        return index - start >= count ? number : nil
    }

    private mutating func fraction() -> Double {
        var (number, scale) = (0.0, 1.0)
        while let digit = digit() {
            number = number * 10 + Double(digit)
            scale *= 10
        }
        return number / scale
    }

    /// Seconds east of Greenwich: `+00`, `-03:30`, `+05:53:28`, or nothing.
    private mutating func offset() -> Int? {
        if index == text.count { return 0 }
        let sign = skip("-") ? -1 : 1
        if sign == 1, !skip("+") { return nil }
        guard let hours = number(atLeast: 2) else { return nil }
        let minutes = skip(":") ? number(atLeast: 2) : 0
        let seconds = skip(":") ? number(atLeast: 2) : 0
        guard let minutes, let seconds else { return nil }
        return sign * (hours * 3600 + minutes * 60 + seconds)
    }

    /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
