/// An element of a page, as a browser without scripting sees it.
package final class HTMLElement {
    package let name: String
    package let attributes: [String: String]
    fileprivate(set) var children: [HTMLNode] = []

    package init(_ name: String, _ attributes: [String: String] = [:]) {
        self.name = name
        self.attributes = attributes
    }

    package subscript(_ attribute: String) -> String? { attributes[attribute] }

    package var classes: [String] { (self["class"] ?? "").split(separator: " ").map(String.init) }

    /// All text inside, with single blanks.
    package var text: String {
        rawText.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private var rawText: String {
        children.map { child in
            switch child {
            case .text(let text): text
            case .element(let element):
                // What stands in different blocks is not one word.
                Self.inline.contains(element.name) ? element.rawText : " \(element.rawText) "
            }
        }.joined()
    }

    private static let inline: Set<String> = ["b", "strong", "small", "span", "a", "time", "em"]

    /// Every element inside, in the order of the page.
    package var descendants: [HTMLElement] {
        children.flatMap { child -> [HTMLElement] in
            guard case .element(let element) = child else { return [] }
            return [element] + element.descendants
        }
    }

    /// The elements inside with this name, class, id and attributes.
    package func all(
        _ name: String? = nil, class: String? = nil, id: String? = nil, with attributes: [String: String] = [:]
    ) -> [HTMLElement] {
        descendants.filter { element in
            (name == nil || element.name == name) && (`class`.map { element.classes.contains($0) } ?? true)
                && (id == nil || element["id"] == id) && attributes.allSatisfy { element[$0.key] == $0.value }
        }
    }

    /// The first of them.
    package func first(
        _ name: String? = nil, class: String? = nil, id: String? = nil, with attributes: [String: String] = [:]
    ) -> HTMLElement? {
        all(name, class: `class`, id: id, with: attributes).first
    }
}

/// A piece of a page.
package enum HTMLNode {
    case text(String)
    case element(HTMLElement)
}

extension HTMLElement {
    /// Reads a page. Ours close what they open, so an end tag that fits nothing is an error of the page.
    package static func parse(_ source: String) throws -> HTMLElement {
        var reader = HTMLReader(rest: Substring(source))
        let root = HTMLElement("document")
        var open = [root]
        while let token = try reader.next() {
            switch token {
            case .text(let text): open[open.count - 1].children.append(.text(text))
            case .start(let element, let isClosed):
                open[open.count - 1].children.append(.element(element))
                if !isClosed, !void.contains(element.name) { open.append(element) }
            case .end(let name):
                guard open.last?.name == name else {
                    throw PageError("</\(name)> inside <\(open.last?.name ?? "")>")
                }
                open.removeLast()
            }
        }
        guard open.count == 1 else { throw PageError("<\(open[open.count - 1].name)> is not closed") }
        return root
    }

    private static let void: Set<String> = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    ]
}

/// What is wrong with a page, or not on it.
package struct PageError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// Cuts a page into tags and text.
private struct HTMLReader {
    enum Token {
        case text(String)
        case start(HTMLElement, isClosed: Bool)
        case end(String)
    }

    var rest: Substring
    private var raw: String?

    init(rest: Substring) {
        self.rest = rest
    }

    mutating func next() throws -> Token? {
        if let name = raw {
            raw = nil
            let end = rest.firstRange(of: "</\(name)>")?.lowerBound ?? rest.endIndex
            defer { rest = rest[end...] }
            return .text(String(rest[..<end]))
        }
        guard let first = rest.first else { return nil }
        if first != "<" {
            let end = rest.firstIndex(of: "<") ?? rest.endIndex
            defer { rest = rest[end...] }
            return .text(try Self.decoded(rest[..<end]))
        }
        if rest.hasPrefix("<!--") { return try skip(past: "-->") }
        if rest.hasPrefix("<!") { return try skip(past: ">") }
        if rest.hasPrefix("</") {
            let name = rest.dropFirst(2).prefix { $0 != ">" }
            rest = rest[name.endIndex...].dropFirst()
            return .end(name.lowercased())
        }
        return try startTag()
    }

    private mutating func skip(past end: String) throws -> Token? {
        guard let range = rest.firstRange(of: end) else { throw PageError("\(rest.prefix(10)) does not end") }
        rest = rest[range.upperBound...]
        return try next()
    }

    private mutating func startTag() throws -> Token {
        rest.removeFirst()
        let name = take { !$0.isWhitespace && $0 != ">" && $0 != "/" }.lowercased()
        var attributes: [String: String] = [:]
        while true {
            _ = take(while: \.isWhitespace)
            guard let first = rest.first else { throw PageError("<\(name) does not end") }
            if first == ">" || first == "/" { break }
            let attribute = take { !$0.isWhitespace && !"=>/".contains($0) }.lowercased()
            guard attributes[attribute] == nil else { throw PageError("<\(name)> has \(attribute) twice") }
            attributes[attribute] = ""
            guard rest.first == "=" else { continue }
            rest.removeFirst()
            guard rest.first == "\"" else { throw PageError("\(attribute) of <\(name)> has no quotes") }
            rest.removeFirst()
            attributes[attribute] = try Self.decoded(take { $0 != "\"" })
            rest = rest.dropFirst()
        }
        let isClosed = rest.first == "/"
        if isClosed { rest.removeFirst() }
        guard rest.first == ">" else { throw PageError("<\(name) does not end") }
        rest.removeFirst()
        if name == "script" || name == "style" { raw = name }
        return .start(HTMLElement(name, attributes), isClosed: isClosed)
    }

    private mutating func take(while isTaken: (Character) -> Bool) -> Substring {
        let taken = rest.prefix(while: isTaken)
        rest = rest[taken.endIndex...]
        return taken
    }

    private static let entities = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{a0}", "middot": "·",
    ]

    private static func decoded(_ text: Substring) throws -> String {
        guard text.contains("&") else { return String(text) }
        var result = ""
        var rest = text
        while let start = rest.firstIndex(of: "&") {
            result += rest[..<start]
            rest = rest[start...].dropFirst()
            guard let end = rest.firstIndex(of: ";") else { throw PageError("a bare & in “\(text.prefix(80))”") }
            let name = rest[..<end]
            if name.hasPrefix("#") {
                let digits = name.dropFirst()
                let code = digits.first == "x" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
                guard let scalar = code.flatMap(Unicode.Scalar.init) else { throw PageError("&\(name);") }
                result.unicodeScalars.append(scalar)
            } else {
                guard let character = entities[String(name)] else { throw PageError("&\(name); is not known") }
                result += character
            }
            rest = rest[end...].dropFirst()
        }
        return result + rest
    }
}
