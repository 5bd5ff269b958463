/// Compiles all templates together; gives the Swift files by name, one for each template.
func compile(_ sources: [Source], assets: Set<String>) throws -> [(name: String, swift: String)] {
    var diagnostics: [Diagnostic] = []
    var templates: [Template] = []
    for source in sources {
        do {
            templates.append(try Parser.parse(source))
        } catch {
            diagnostics.append(error)
        }
    }
    let library = Library(templates, assets: assets, diagnostics: &diagnostics)
    let swift = templates.map { template in
        (name: swiftFileName(template.path), swift: swiftFile(template, library: library, diagnostics: &diagnostics))
    }
    // An unreadable template makes names unknown elsewhere: only the cause is worth reading.
    guard diagnostics.isEmpty else { throw Failure(diagnostics.unique) }
    return swift
}

/// `Templates/requests/show.html` becomes `requests.show.html.swift`. The plugin that declares the outputs says it too.
func swiftFileName(_ path: String) -> String {
    path.trimmingPrefix("Templates/").split(separator: "/").joined(separator: ".") + ".swift"
}

/// What the templates know of each other.
struct Library {
    private(set) var templates: [String: Template] = [:]
    private(set) var structures: [String: StructDeclaration] = [:]
    let assets: Set<String>
    /// The templates that share the last part of their path with another.
    let ambiguousPaths: Set<String>

    init(_ templates: [Template], assets: Set<String>, diagnostics: inout [Diagnostic]) {
        self.assets = assets
        let byFile = Dictionary(grouping: templates.map(\.path)) { $0.split(separator: "/").last }
        ambiguousPaths = Set(byFile.values.filter { $0.count > 1 }.joined())
        for template in templates {
            self.templates[template.name] = template
            var views = 0
            for declaration in template.declarations {
                guard let structure = declaration.structure else { continue }
                if case .view = declaration { views += 1 }
                if views > 1, case .view = declaration {
                    diagnostics.append(
                        Diagnostic(location: structure.location, message: "a template has one view; use type here"))
                }
                if let other = structures.updateValue(structure, forKey: structure.name) {
                    let place = "\(other.location.path):\(other.location.line)"
                    diagnostics.append(
                        Diagnostic(
                            location: structure.location, message: "'\(structure.name)' is already declared at \(place)"
                        ))
                }
            }
        }
    }

    /// The blocks that a layout, or the layouts it stands on, offer.
    func blocks(of template: Template, visited: Set<String> = []) -> Set<String> {
        guard !visited.contains(template.name) else { return [] }
        return blocks(in: template.nodes, visited: visited.union([template.name]))
    }

    private func blocks(in nodes: [Node], visited: Set<String>) -> Set<String> {
        nodes.reduce(into: []) { names, node in
            switch node {
            case .block(let name, let content, _):
                names.insert(name)
                names.formUnion(blocks(in: content, visited: visited))
            case .section(_, _, let content, _): names.formUnion(blocks(in: content, visited: visited))
            case .parent(let parent, let given, _):
                if let parent = templates[parent] { names.formUnion(blocks(of: parent, visited: visited)) }
                for content in given.values { names.formUnion(blocks(in: content, visited: visited)) }
            case .partial(let name, _):
                if let partial = templates[name], partial.view == nil {
                    names.formUnion(blocks(of: partial, visited: visited))
                }
            case .text, .variable, .raw, .asset: break
            }
        }
    }
}

private func swiftFile(_ template: Template, library: Library, diagnostics: inout [Diagnostic]) -> String {
    var swift = SwiftWriter(ambiguousPaths: library.ambiguousPaths)
    swift.line("// Compiled from \(template.path)")
    swift.line("import HTML")
    for case .imports(let module) in template.declarations { swift.line("import \(module)") }
    for declaration in template.declarations {
        guard let structure = declaration.structure else { continue }
        swift.line("")
        swift.line("struct \(structure.name): \(template.view == structure ? "HTMLTemplate" : "Sendable") {")
        for field in structure.fields {
            let value = field.defaultValue.map { " = \($0)" } ?? ""
            swift.line("var `\(field.name)`: \(field.type)\(value)", at: field.location)
        }
        if template.view == structure {
            swift.line("func render(into out: inout HTMLBuffer) {")
            var generator = Generator(library: library, view: structure, swift: swift)
            generator.body(of: template)
            swift = generator.swift
            diagnostics += generator.diagnostics
            swift.line("}")
        }
        swift.line("}")
    }
    return swift.text
}

extension [Diagnostic] {
    /// A mistake in a layout is found once for each page that stands on it; once is enough to read.
    fileprivate var unique: [Diagnostic] {
        var seen: [Diagnostic] = []
        for diagnostic in self
        where !seen.contains(where: { $0.location == diagnostic.location && $0.message == diagnostic.message }) {
            seen.append(diagnostic)
        }
        return seen
    }
}
