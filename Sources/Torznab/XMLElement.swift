import HTTPClient

/// An element of a small, untrusted XML document, with all that is in it.
///
/// A reader of our own: feeds carry bare ampersands, references of HTML and control characters, which a strict parser
/// refuses, and it must neither load entities nor spend more than linear time on anything. No document types, no
/// namespaces: a name is what is written, prefix and all.
struct XMLElement {
    let name: String
    let attributes: [String: String]
    var children: [XMLElement] = []
    /// All text directly inside, references decoded.
    var text = ""

    /// The first child with this name.
    func first(_ name: String) -> XMLElement? {
        children.first { $0.name == name }
    }

    /// The trimmed text of the first child with this name; nil if there is none in it.
    func text(of name: String) -> String? {
        first(name)?.text.trimmed.nonEmpty
    }
}

/// What is wrong with a document.
enum XMLError: Error, Equatable {
    case truncated
    case documentType
    case encoding(String)
    case tooDeep
    case tooManyAttributes
    case tooManyElements
    case syntax(String)

    var reason: String {
        switch self {
        case .truncated: "it ends in the middle"
        case .documentType: "it declares a document type, which feeds have no need of"
        case .encoding(let name): "it is encoded in \(name)"
        case .tooDeep: "its elements are nested too deeply"
        case .tooManyAttributes: "an element has too many attributes"
        case .tooManyElements: "it has too many elements"
        case .syntax(let what): what
        }
    }
}

extension XMLElement {
    /// Reads a document; its root element.
    static func parse(_ bytes: [UInt8]) throws(XMLError) -> XMLElement {
        var reader = XMLReader(try XMLReader.utf8(bytes))
        return try reader.document()
    }
}

private struct XMLReader {
    private static let maxDepth = 64
    private static let maxAttributes = 64
    private static let maxElements = 100_000

    private let bytes: [UInt8]
    private var position = 0
    private var open: [XMLElement] = []
    private var root: XMLElement?
    private var elements = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() throws(XMLError) -> XMLElement {
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "<") {
                try markup()
            } else {
                let end = bytes[position...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
                try add(CharacterReferences.decode(bytes[position..<end]))
                position = end
            }
        }
        guard open.isEmpty, let root else { throw .truncated }
        return root
    }

    private mutating func markup() throws(XMLError) {
        if skip("<!--") {
            try pass("-->")
        } else if skip("<![CDATA[") {
            let start = position
            try pass("]]>")
            try add(String(decoding: bytes[start..<(position - 3)].filter { $0 >= 0x20 || $0 == 0x0a }, as: UTF8.self))
        } else if skip("<!") {
            throw .documentType
        } else if skip("<?") {
            try pass("?>")
        } else if skip("</") {
            let name = try name()
            skipBlanks()
            guard skip(">") else { throw position < bytes.count ? .syntax("an end tag does not end") : .truncated }
            guard let element = open.popLast(), element.name == name else {
                throw .syntax("an element ends that has not begun")
            }
            close(element)
        } else {
            position += 1
            try startTag()
        }
    }

    private mutating func startTag() throws(XMLError) {
        guard root == nil else { throw .syntax("something follows its end") }
        let name = try name()
        var attributes: [String: String] = [:]
        var count = 0
        while true {
            skipBlanks()
            if skip("/>") {
                try begin(XMLElement(name: name, attributes: attributes))
                if let element = open.popLast() { close(element) }
                return
            }
            if skip(">") {
                return try begin(XMLElement(name: name, attributes: attributes))
            }
            count += 1
            guard count <= Self.maxAttributes else { throw .tooManyAttributes }
            let attribute = try self.name()
            attributes[attribute] = try value()
        }
    }

    private mutating func begin(_ element: XMLElement) throws(XMLError) {
        elements += 1
        guard elements <= Self.maxElements else { throw .tooManyElements }
        guard open.count < Self.maxDepth else { throw .tooDeep }
        open.append(element)
    }

    private mutating func close(_ element: XMLElement) {
        if open.isEmpty {
            root = element
        } else {
            open[open.count - 1].children.append(element)
        }
    }

    private mutating func add(_ text: String) throws(XMLError) {
        if open.isEmpty {
            guard text.trimmed.isEmpty else { throw .syntax("there is text outside of it") }
        } else {
            open[open.count - 1].text += text
        }
    }

    // MARK: Pieces

    private mutating func name() throws(XMLError) -> String {
        let start = position
        while position < bytes.count, !bytes[position].isBlank, !" =/><\"'&".utf8.contains(bytes[position]) {
            position += 1
        }
        guard position < bytes.count else { throw .truncated }
        guard position > start else { throw .syntax("a name is missing") }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func value() throws(XMLError) -> String {
        skipBlanks()
        guard skip("=") else { throw position < bytes.count ? .syntax("an attribute has no value") : .truncated }
        skipBlanks()
        guard position < bytes.count else { throw .truncated }
        let quote = bytes[position]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw .syntax("an attribute’s value has no quotes")
        }
        position += 1
        guard let end = bytes[position...].firstIndex(of: quote) else { throw .truncated }
        defer { position = end + 1 }
        return CharacterReferences.decode(bytes[position..<end])
    }

    private mutating func skipBlanks() {
        while position < bytes.count, bytes[position].isBlank { position += 1 }
    }

    private mutating func skip(_ text: StaticString) -> Bool {
        let isThere = text.withUTF8Buffer { bytes[position...].starts(with: $0) }
        if isThere { position += text.utf8CodeUnitCount }
        return isThere
    }

    /// Goes on to behind the text.
    private mutating func pass(_ text: StaticString) throws(XMLError) {
        while position < bytes.count {
            if skip(text) { return }
            position += 1
        }
        throw .truncated
    }

    // MARK: Encodings

    /// Without byte order mark; from ISO 8859-1 if it says so.
    static func utf8(_ bytes: [UInt8]) throws(XMLError) -> [UInt8] {
        if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) { throw .encoding("UTF-16") }
        let bytes = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? Array(bytes.dropFirst(3)) : bytes
        switch encoding(bytes)?.uppercased() {
        case nil, "UTF-8", "UTF8", "US-ASCII", "ASCII": return bytes
        case "ISO-8859-1", "LATIN1", "WINDOWS-1252":
            return bytes.flatMap { $0 < 0x80 ? [$0] : [0xc0 | $0 >> 6, 0x80 | $0 & 0x3f] }
        case .some(let other): throw .encoding(other)
        }
    }

    /// What the XML declaration says.
    private static func encoding(_ bytes: [UInt8]) -> String? {
        let start = String(decoding: bytes.prefix(200), as: UTF8.self).trimmed
        guard start.hasPrefix("<?xml"), let end = start.firstRange(of: "?>"),
            let name = start[..<end.lowerBound].firstRange(of: "encoding")
        else { return nil }
        let parts = start[name.upperBound..<end.lowerBound].split(omittingEmptySubsequences: false) {
            $0 == "\"" || $0 == "'"
        }
        return parts.count > 1 ? String(parts[1]) : nil
    }
}

extension UInt8 {
    fileprivate var isBlank: Bool { self == 0x20 || self == 0x0a || self == 0x0d || self == 0x09 }
}

extension String {
    /// Without blanks at the ends.
    var trimmed: String {
        let start = drop { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }

    /// Nil if there is nothing in it.
    var nonEmpty: String? { isEmpty ? nil : self }
}
