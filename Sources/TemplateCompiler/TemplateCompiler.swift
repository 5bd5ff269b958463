import Foundation

// The build's own tool, in three modes, each run by a build plugin:
//
//     TemplateCompiler templates  <package> <output folder> <assets, comma-separated> Templates/…/*.html
//     TemplateCompiler assets     <package> <output file> Public/…
//     TemplateCompiler migrations <package> <output file> migrations/*.sql
//
// # Templates
//
// `Templates/<feature>/<name>.html` is Mustache. A comment, usually the first, declares what it shows:
//
//     {{! view RequestPage {
//           page: PageFrame
//           title: String
//           items: [ItemRow]
//           note: String?              // optionals may be left out where the view is made
//           canCancel: Bool = false    // so may what has a default
//         }
//         type ItemRow { name: String, status: String } }}
//
// `view` becomes `struct RequestPage: HTMLTemplate` in Web: its memberwise initializer takes the values, `rendered()`
// gives the bytes, `render(into:)` appends them to a buffer. A file has at most one view. `type` becomes a plain
// struct. All templates share these names, so a type is declared once, in whichever file it belongs to. A type that no
// template declares is one of Swift's own or of Web's (`import Lifecycle` in the comment makes another module's types
// known); it is shown through `HTMLRenderable`.
//
//     {{name}} {{a.b}}        the value, escaped: String, integers, anything HTMLRenderable
//     {{{name}}}              as it is: SafeHTML only
//     {{#list}}…{{/list}}     for each element; its members come before the outer ones; {{.}} is the element itself
//     {{#optional}}…          if there is one; its members as above; {{.}} or {{optional}} is the value itself
//     {{#flag}}…              if true                        {{#value}}…   with the members of a value
//     {{^name}}…{{/name}}     if false, missing or empty
//     {{list.isEmpty}} {{list.count}} {{text.isEmpty}}       of arrays and strings, as Bool, Int, Bool
//     {{> shared/poster}}     a partial. One that declares a view shows the innermost value of that type in scope and
//                             is a call; one that declares none is expanded in place and sees what is in scope
//     {{<shared/layout}}{{$content}}…{{/content}}{{/shared/layout}}
//                             a layout, with its blocks {{$content}}default{{/content}} replaced
//     {{asset:usher.css}}     the address of Public/usher.css, with its content's hash
//     {{! … }}                a comment
//
// A tag that stands alone on its line (other than a value) takes the line with it. Delimiters cannot be changed.
//
// Every mistake is a build error at its place in the template: what this tool sees it reports as `path:line:column:
// error: …`; what only Swift can know (that a type exists, that it is HTMLRenderable) is reported at the template's
// line by means of `#sourceLocation`.

@main
struct TemplateCompiler {
    static func main() {
        do {
            try run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            let message = (error as? Failure)?.description ?? "error: \(error)"
            FileHandle.standardError.write(Data("\(message)\n".utf8))
            exit(1)
        }
    }

    static func run(_ arguments: [String]) throws {
        guard arguments.count >= 3, let mode = Mode(rawValue: arguments[0]) else {
            throw Failure("usage: TemplateCompiler templates|assets|migrations <package> <output> …")
        }
        let files = Files(package: arguments[1])
        let output = arguments[2]
        let rest = arguments.dropFirst(3)
        switch mode {
        case .templates:
            let assets = (rest.first ?? "").split(separator: ",").map(String.init)
            let sources = try rest.dropFirst().map { Source(path: $0, text: try files.text($0)) }
            for (name, swift) in try compile(sources, assets: Set(assets)) {
                try files.write(swift, to: "\(output)/\(name)")
            }
        case .assets:
            try files.write(embedAssets(try rest.map { ($0, try files.bytes($0)) }), to: output)
        case .migrations:
            try files.write(try embedMigrations(try rest.map { ($0, try files.text($0)) }), to: output)
        }
    }

    enum Mode: String { case templates, assets, migrations }
}

/// Reads relative to the package; writes only what has changed, so that an edit recompiles no more than it must.
struct Files {
    let package: String

    func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(package)/\(path)")))
    }

    func text(_ path: String) throws -> String {
        guard let text = String(validating: try bytes(path), as: UTF8.self) else {
            throw Failure("\(path):1:1: error: this file is not UTF-8")
        }
        return text
    }

    func write(_ text: String, to path: String) throws {
        let data = Data(text.utf8)
        if FileManager.default.contents(atPath: path) == data { return }
        try data.write(to: URL(fileURLWithPath: path))
    }
}
