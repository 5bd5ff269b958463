import Testing

@testable import TemplateCompiler

/// Compiles templates given by name; the Swift of the one called `page`.
func swift(_ page: String, with others: [String: String] = [:], assets: Set<String> = []) throws -> String {
    let sources =
        [Source(path: "Templates/page.html", text: page)]
        + others.sorted { $0.key < $1.key }.map { Source(path: "Templates/\($0.key).html", text: $0.value) }
    return try #require(try compile(sources, assets: assets).first { $0.name == "page.html.swift" }?.swift)
}

/// The statements of `render`, without the directives that say where they come from.
func body(_ page: String, with others: [String: String] = [:], assets: Set<String> = []) throws -> [String] {
    let lines = try swift(page, with: others, assets: assets).split(separator: "\n").map(String.init)
    let start = try #require(lines.firstIndex { $0.hasPrefix("func render") })
    let rest = lines[(start + 1)...].filter { !$0.hasPrefix("#sourceLocation") }
    return rest.prefix { !$0.hasPrefix("struct") }.dropLast(2)
}

/// The mistakes that keep a template from compiling, as they are printed.
func mistakes(_ page: String, with others: [String: String] = [:], assets: Set<String> = []) -> [String] {
    do {
        _ = try swift(page, with: others, assets: assets)
        return []
    } catch let failure as Failure {
        return failure.mistakes
    } catch {
        return ["\(error)"]
    }
}
