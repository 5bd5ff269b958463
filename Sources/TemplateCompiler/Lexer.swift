/// A template as it lies in the package.
struct Source: Sendable {
    var path: String
    var text: String
}

/// A piece of a template: text, or one tag.
struct Token: Equatable {
    enum Kind: Equatable {
        case text
        case variable, raw, comment
        case open, inverted, close
        case partial, parent, block
    }

    var kind: Kind
    /// The text, or what the tag holds without braces, sigil and surrounding spaces.
    var content: String
    var location: Location
}

/// Cuts a template into tokens. Tags that stand alone on their line take the line's white space and end with them.
struct Lexer {
    private let path: String
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var lineStart = 0

    init(_ source: Source) {
        path = source.path
        bytes = Array(source.text.utf8)
    }

    static func tokens(of source: Source) throws(Diagnostic) -> [Token] {
        var lexer = Lexer(source)
        return try lexer.tokens()
    }

    private mutating func tokens() throws(Diagnostic) -> [Token] {
        var tokens: [Token] = []
        var textStart = 0
        var textLocation = location
        while position < bytes.count {
            guard bytes[position...].starts(with: "{{".utf8) else {
                advance(to: position + 1)
                continue
            }
            let start = position
            let token = try tag()
            var textEnd = start
            if token.kind.standsAlone, let margin = margin(around: start..<position) {
                textEnd = margin.lowerBound
                advance(to: margin.upperBound)
            }
            appendText(textStart..<textEnd, at: textLocation, to: &tokens)
            tokens.append(token)
            textStart = position
            textLocation = location
        }
        appendText(textStart..<bytes.count, at: textLocation, to: &tokens)
        return tokens
    }

    private func appendText(_ range: Range<Int>, at location: Location, to tokens: inout [Token]) {
        guard !range.isEmpty else { return }
        tokens.append(Token(kind: .text, content: string(range), location: location))
    }

    private mutating func tag() throws(Diagnostic) -> Token {
        let place = location
        let sigil = position + 2 < bytes.count ? bytes[position + 2] : 0
        let kind = try kind(of: sigil, at: place)
        let close = kind == .raw ? "}}}" : "}}"
        let start = kind == .variable ? position + 2 : position + 3
        var end = start
        while end < bytes.count, !bytes[end...].starts(with: close.utf8) { end += 1 }
        guard end < bytes.count else {
            throw Diagnostic(location: place, message: "this tag is never closed with \(close)")
        }
        var after = end + close.utf8.count
        // A declaration may end in a brace of its own: {{! type A { b: Int }}}
        if kind == .comment, after < bytes.count, bytes[after] == UInt8(ascii: "}") {
            end += 1
            after += 1
        }
        let content = string(start..<end)
        advance(to: after)
        return Token(kind: kind, content: kind == .comment ? content : content.trimmed, location: place)
    }

    private func kind(of sigil: UInt8, at place: Location) throws(Diagnostic) -> Token.Kind {
        switch sigil {
        case UInt8(ascii: "{"): .raw
        case UInt8(ascii: "!"): .comment
        case UInt8(ascii: "#"): .open
        case UInt8(ascii: "^"): .inverted
        case UInt8(ascii: "/"): .close
        case UInt8(ascii: ">"): .partial
        case UInt8(ascii: "<"): .parent
        case UInt8(ascii: "$"): .block
        case UInt8(ascii: "="): throw Diagnostic(location: place, message: "delimiters cannot be changed")
        case UInt8(ascii: "&"):
            throw Diagnostic(location: place, message: "for SafeHTML write {{{name}}}; {{&name}} is not used here")
        default: .variable
        }
    }

    /// The whole line (or lines) of a tag, when there is nothing on it but the tag.
    private func margin(around tag: Range<Int>) -> Range<Int>? {
        var start = tag.lowerBound
        while start > 0, bytes[start - 1].isBlank { start -= 1 }
        guard start == 0 || bytes[start - 1] == UInt8(ascii: "\n") else { return nil }
        var end = tag.upperBound
        while end < bytes.count, bytes[end].isBlank || bytes[end] == UInt8(ascii: "\r") { end += 1 }
        guard end == bytes.count || bytes[end] == UInt8(ascii: "\n") else { return nil }
        return start..<min(end + 1, bytes.count)
    }

    private var location: Location { Location(path: path, line: line, column: position - lineStart + 1) }

    private mutating func advance(to end: Int) {
        while position < end {
            if bytes[position] == UInt8(ascii: "\n") {
                line += 1
                lineStart = position + 1
            }
            position += 1
        }
    }

    private func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}

extension Token.Kind {
    fileprivate var standsAlone: Bool {
        switch self {
        case .text, .variable, .raw: false
        case .comment, .open, .inverted, .close, .partial, .parent, .block: true
        }
    }
}

extension UInt8 {
    fileprivate var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}

extension StringProtocol {
    /// Without the white space at both ends.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
