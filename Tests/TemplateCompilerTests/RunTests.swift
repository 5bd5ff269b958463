import Foundation
import Testing

@testable import TemplateCompiler

@Suite("The tool as the build runs it")
struct RunTests {
    @Test func templatesAreReadAndSwiftIsWrittenWhereItChanged() throws {
        let package = FileManager.default.temporaryDirectory.appending(path: "templates-\(UUID().uuidString)")
        defer { remove(package) }
        let output = package.appending(path: "output")
        let template = package.appending(path: "Templates/home/page.html")
        for folder in [output, template.deletingLastPathComponent()] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        try Data("{{! view Page { a: Int } }}{{a}}{{asset:x.css}}".utf8).write(to: template)
        let arguments = ["templates", package.path, output.path, "x.css,y.js", "Templates/home/page.html"]

        try TemplateCompiler.run(arguments)
        let written = output.appending(path: "home.page.html.swift")
        let first = try FileManager.default.attributesOfItem(atPath: written.path)
        try TemplateCompiler.run(arguments)
        let second = try FileManager.default.attributesOfItem(atPath: written.path)

        #expect(try String(contentsOf: written, encoding: .utf8).contains("struct Page: HTMLTemplate"))
        #expect(first[.modificationDate] as? Date == second[.modificationDate] as? Date)
    }

    @Test func anUnreadableFileAndAWrongCallAreSaid() {
        #expect(throws: (any Error).self) {
            try TemplateCompiler.run(["templates", "/nowhere", "/nowhere", "", "Templates/a.html"])
        }
        #expect(throws: Failure.self) { try TemplateCompiler.run(["something"]) }
    }

    private func remove(_ folder: URL) {
        do {
            try FileManager.default.removeItem(at: folder)
        } catch {
            Issue.record(error)
        }
    }
}
