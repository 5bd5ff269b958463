/// A template's content as a tree.
indirect enum Node {
    case text(String)
    case variable(Name, Location)
    case raw(Name, Location)
    case asset(String, Location)
    case section(Name, inverted: Bool, [Node], Location)
    case partial(String, Location)
    case parent(String, blocks: [String: [Node]], Location)
    case block(String, [Node], Location)
}

/// A dotted name; `{{.}}` is the empty one.
struct Name: Equatable, CustomStringConvertible {
    var parts: [String]

    var description: String { parts.isEmpty ? "." : parts.joined(separator: ".") }

    init(_ text: String, at location: Location) throws(Diagnostic) {
        if text == "." {
            parts = []
            return
        }
        parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.allSatisfy(\.isIdentifier) else {
            throw Diagnostic(location: location, message: "'\(text)' is not a name")
        }
    }
}

/// One file, parsed: what it declares, what it shows.
struct Template {
    var path: String
    /// How partials and layouts refer to it: `shared/poster` for `Templates/shared/poster.html`.
    var name: String
    var declarations: [Declaration]
    var nodes: [Node]

    var view: StructDeclaration? {
        for case .view(let view) in declarations { return view }
        return nil
    }
}

/// Builds the tree of one template.
struct Parser {
    private var tokens: ArraySlice<Token>
    private var declarations: [Declaration] = []

    static func parse(_ source: Source) throws(Diagnostic) -> Template {
        var parser = Parser(tokens: try Lexer.tokens(of: source)[...])
        let nodes = try parser.nodes(until: nil)
        return Template(
            path: source.path, name: templateName(source.path), declarations: parser.declarations, nodes: nodes)
    }

    private static func templateName(_ path: String) -> String {
        String(path.trimmingPrefix("Templates/").dropLast(path.hasSuffix(".html") ? 5 : 0))
    }

    private init(tokens: ArraySlice<Token>) { self.tokens = tokens }

    /// Everything up to the tag that closes `opening`, or up to the end.
    private mutating func nodes(until opening: Token?) throws(Diagnostic) -> [Node] {
        var nodes: [Node] = []
        while let token = tokens.popFirst() {
            if token.kind == .close {
                guard let opening else {
                    throw Diagnostic(location: token.location, message: "{{/\(token.content)}} closes nothing")
                }
                guard token.content == opening.content else {
                    throw Diagnostic(
                        location: token.location,
                        message: "{{/\(token.content)}} where {{/\(opening.content)}} is due, "
                            + "opened on line \(opening.location.line)")
                }
                return nodes
            }
            if let node = try node(token) {
                if case .text(let before)? = nodes.last, token.kind == .variable, before.endsInBareAttribute {
                    throw Diagnostic(
                        location: token.location,
                        message: "an attribute's value stands in quotes: what follows = has none")
                }
                nodes.append(node)
            }
        }
        if let opening {
            throw Diagnostic(
                location: opening.location,
                message: "'\(opening.content)' is opened here and never closed with {{/\(opening.content)}}")
        }
        return nodes
    }

    private mutating func node(_ token: Token) throws(Diagnostic) -> Node? {
        let place = token.location
        switch token.kind {
        case .text: return .text(token.content)
        case .raw: return .raw(try Name(token.content, at: place), place)
        case .variable:
            if token.content.hasPrefix("asset:") { return .asset(String(token.content.dropFirst(6)), place) }
            return .variable(try Name(token.content, at: place), place)
        case .comment:
            declarations += try DeclarationParser.declarations(in: token)
            return nil
        case .open, .inverted:
            let name = try Name(token.content, at: place)
            return .section(name, inverted: token.kind == .inverted, try nodes(until: token), place)
        case .partial: return .partial(token.content, place)
        case .block: return .block(token.content, try nodes(until: token), place)
        case .parent: return .parent(token.content, blocks: try blocks(of: token), place)
        case .close: return nil  // taken by nodes(until:)
        }
    }

    private mutating func blocks(of parent: Token) throws(Diagnostic) -> [String: [Node]] {
        var blocks: [String: [Node]] = [:]
        for node in try nodes(until: parent) {
            switch node {
            case .block(let name, let content, let place):
                guard blocks.updateValue(content, forKey: name) == nil else {
                    throw Diagnostic(location: place, message: "the block '\(name)' is already given")
                }
            case .text(let text) where text.trimmed.isEmpty: break
            default:
                throw Diagnostic(
                    location: parent.location,
                    message: "inside {{<\(parent.content)}} only blocks like {{$content}}…{{/content}} have a place")
            }
        }
        return blocks
    }
}

extension String {
    /// A letter or underscore, then letters, digits, underscores: ASCII, as Swift and Mustache both take it.
    var isIdentifier: Bool {
        guard let first = utf8.first, !(48...57).contains(first) else { return false }
        return utf8.allSatisfy { byte in
            switch byte {
            case 48...57, 65...90, 97...122, 95: true
            default: false
            }
        }
    }
}

extension String {
    /// `<a href=`: a value here could end the attribute with a space of its own, escaped or not.
    fileprivate var endsInBareAttribute: Bool {
        guard hasSuffix("="), let tag = lastIndex(of: "<") else { return false }
        let inside = self[tag...]
        return !inside.contains(">") && inside.count { $0 == "\"" }.isMultiple(of: 2)
    }
}
