/// Writes the body of one view's `render`.
struct Generator {
    /// A block given to a layout, with what was in force where it was written.
    private struct Override {
        var nodes: [Node]
        var overrides: [String: Override]
        var expanding: [String]
    }

    private(set) var swift: SwiftWriter
    private(set) var diagnostics: [Diagnostic] = []
    private let library: Library
    private var scope: Scope
    private var overrides: [String: Override] = [:]
    /// The templates being expanded in place, and the tags that asked for them.
    private var expanding: [String] = []
    private var expandedFrom: [Location] = []
    private var used: Set<String> = []
    private var variables = 0

    init(library: Library, view: StructDeclaration, swift: SwiftWriter) {
        self.library = library
        self.swift = swift
        scope = Scope(
            structures: library.structures, frames: [.init(expression: "self", type: .named(view.name))])
    }

    mutating func body(of template: Template) {
        expanding = [template.name]
        emit(template.nodes)
        swift.flush()
    }

    private mutating func emit(_ nodes: [Node]) {
        for node in nodes { emit(node) }
    }

    private mutating func emit(_ node: Node) {
        switch node {
        case .text(let text): constant(text)
        case .variable(let name, let place): variable(name, at: place)
        case .raw(let name, let place): raw(name, at: place)
        case .asset(let name, let place): asset(name, at: place)
        case .section(let name, let inverted, let content, let place):
            if inverted { invertedSection(name, content, at: place) } else { section(name, content, at: place) }
        case .partial(let name, let place): partial(name, at: place)
        case .parent(let name, let blocks, let place): parent(name, blocks, at: place)
        case .block(let name, let content, _): block(name, content)
        }
    }

    // MARK: Addresses

    /// Attributes that hold an address: one of our own, which begins with a slash, comes to lie under the base path.
    private static let addresses = ["href", "src", "action", "formaction", "data-live"].map { " \($0)=\"" }

    private mutating func constant(_ text: String) {
        var rest = text[...]
        while let found = Self.addresses.compactMap({ rest.firstRange(of: $0 + "/") }).min(by: {
            $0.lowerBound < $1.lowerBound
        }) {
            let slash = rest.index(before: found.upperBound)
            swift.constant(String(rest[..<slash]))
            swift.line("out.writeBase()")
            // The slash goes with what follows, so that it is not found again.
            swift.constant("/")
            rest = rest[found.upperBound...]
        }
        swift.constant(String(rest))
    }

    private var isInAddress: Bool { Self.addresses.contains { swift.endsConstant(with: $0) } }

    // MARK: Values

    private mutating func variable(_ name: Name, at place: Location) {
        guard let value = resolve(name, at: place) else { return }
        switch value.type {
        case .optional: report("'\(name)' is optional: show it inside {{#\(name)}}…{{/\(name)}}", at: place)
        case .array: report("'\(name)' is a list: show its elements inside {{#\(name)}}…{{/\(name)}}", at: place)
        case .named("Bool"): report("'\(name)' is a Bool and has no text: use {{#\(name)}}…{{/\(name)}}", at: place)
        case .named("SafeHTML"): report("'\(name)' is SafeHTML: write {{{\(name)}}}", at: place)
        case .named(let type) where library.structures[type] != nil:
            report("'\(name)' is a \(type): show its members", at: place)
        case .named("String") where isInAddress: swift.line("out.write(address: \(value.expression))", at: place)
        case .named: swift.line("out.write(\(value.expression))", at: place)
        }
    }

    private mutating func raw(_ name: Name, at place: Location) {
        guard let value = resolve(name, at: place) else { return }
        guard value.type == .named("SafeHTML") else {
            return report("{{{\(name)}}} shows SafeHTML only, and '\(name)' is \(value.type)", at: place)
        }
        swift.line("out.raw(\(value.expression))", at: place)
    }

    private mutating func asset(_ name: String, at place: Location) {
        guard library.assets.contains(name) else { return report("there is no Public/\(name)", at: place) }
        swift.line("out.writeBase()")
        swift.line("out.literal(Assets.Paths.\(assetProperty(name)))", at: place)
    }

    // MARK: Sections

    private mutating func section(_ name: Name, _ content: [Node], at place: Location) {
        guard let value = resolve(name, at: place) else { return }
        switch value.type {
        case .named("Bool"):
            swift.line("if \(value.expression) {", at: place)
            emit(content)
            swift.line("}")
        case .array(let element):
            let variable = newVariable()
            binding("for \(variable) in \(value.expression) {", unused: "for _ in \(value.expression) {", at: place) {
                $0.emit(content, in: .init(expression: variable, type: element))
                return variable
            }
        case .optional(let wrapped):
            let variable = newVariable()
            let some = "if let \(variable) = \(value.expression) {"
            binding(some, unused: "if \(value.expression) != nil {", at: place) {
                $0.emit(content, in: .init(expression: variable, type: wrapped, alias: name.parts))
                return variable
            }
        case .named(let type) where library.structures[type] != nil:
            emit(content, in: .init(expression: value.expression, type: value.type))
        case .named(let type):
            report("'\(name)' is \(type): a section is for a list, an optional, a Bool or a declared type", at: place)
        }
    }

    private mutating func invertedSection(_ name: Name, _ content: [Node], at place: Location) {
        guard let value = resolve(name, at: place) else { return }
        switch value.type {
        case .named("Bool"): swift.line("if !\(value.expression) {", at: place)
        case .array: swift.line("if \(value.expression).isEmpty {", at: place)
        case .optional: swift.line("if \(value.expression) == nil {", at: place)
        case .named(let type):
            return report("'\(name)' is \(type), which is never missing: {{^…}} has no use here", at: place)
        }
        emit(content)
        swift.line("}")
    }

    private mutating func emit(_ content: [Node], in frame: Scope.Frame) {
        scope.frames.append(frame)
        emit(content)
        scope.frames.removeLast()
    }

    /// Opens a scope whose variable is named only if the content uses it: Swift warns of one that is never read.
    private mutating func binding(
        _ opening: String, unused: String, at place: Location, content: (inout Generator) -> String
    ) {
        let mark = swift.mark(at: place)
        let variable = content(&self)
        swift.line("}")
        swift.fill(mark, with: used.contains(variable) ? opening : unused)
    }

    private mutating func newVariable() -> String {
        variables += 1
        return "v\(variables)"
    }

    // MARK: Other templates

    private mutating func partial(_ name: String, at place: Location) {
        guard let partial = template(name, at: place) else { return }
        guard let view = partial.view else {
            return expand(partial, overrides: overrides, at: place)
        }
        guard let value = scope.innermost(view.name) else {
            return report("\(name) shows a \(view.name), and there is none in scope here", at: place)
        }
        used.insert(value)
        swift.line("\(value).render(into: &out)", at: place)
    }

    private mutating func parent(_ name: String, _ blocks: [String: [Node]], at place: Location) {
        guard let parent = template(name, at: place) else { return }
        let offered = library.blocks(of: parent)
        for block in blocks.keys.sorted() where !offered.contains(block) {
            report("\(name) has no block '\(block)'; it has \(offered.sorted().joined(separator: ", "))", at: place)
        }
        // What stands on this template in turn has the last word.
        let given = blocks.mapValues { Override(nodes: $0, overrides: overrides, expanding: expanding) }
        expand(parent, overrides: given.merging(overrides) { _, outer in outer }, at: place)
    }

    private mutating func block(_ name: String, _ content: [Node]) {
        guard let override = overrides[name] else { return emit(content) }
        let outer = (overrides, expanding)
        (overrides, expanding) = (override.overrides, override.expanding)
        emit(override.nodes)
        (overrides, expanding) = outer
    }

    private mutating func expand(_ template: Template, overrides inner: [String: Override], at place: Location) {
        guard !expanding.contains(template.name) else {
            return report("\(template.name) expands itself: only a partial with a view can", at: place)
        }
        let outer = overrides
        overrides = inner
        expanding.append(template.name)
        expandedFrom.append(place)
        emit(template.nodes)
        expandedFrom.removeLast()
        expanding.removeLast()
        overrides = outer
    }

    private mutating func template(_ name: String, at place: Location) -> Template? {
        let template = library.templates[name]
        if template == nil { report("there is no Templates/\(name).html", at: place) }
        return template
    }

    // MARK: Names and mistakes

    private mutating func resolve(_ name: Name, at place: Location) -> Scope.Value? {
        do {
            let value = try scope.resolve(name)
            used.insert(value.root)
            return value
        } catch {
            report(error.message, at: place)
            return nil
        }
    }

    private mutating func report(_ message: String, at place: Location) {
        let from = expandedFrom.filter { $0.path != place.path }
        diagnostics.append(Diagnostic(location: place, message: message, expandedFrom: from.reversed()))
    }
}
