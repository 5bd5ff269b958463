import Foundation
import PackagePlugin

/// Compiles `Templates/*/*.html` into typed Swift, and embeds the files of `Public`, for the target it is applied to.
/// What it accepts and makes is described in Sources/TemplateCompiler/TemplateCompiler.swift.
///
/// The links beside this file make SwiftPM watch those folders: it plans again, and so sees a file come or go, when the
/// content of a target's own folder changes.
@main
struct CompileTemplates: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let package = context.package.directoryURL
        let output = context.pluginWorkDirectoryURL
        let compiler = try context.tool(named: "TemplateCompiler").url
        let templates = try files(in: "Templates", of: package).filter { $0.hasSuffix(".html") }
        let assets = try files(in: "Public", of: package)
        return [
            .buildCommand(
                displayName: "Compiling templates", executable: compiler,
                arguments: ["templates", package.path, output.path]
                    + [assets.map { String($0.dropFirst("Public/".count)) }.joined(separator: ",")] + templates,
                inputFiles: templates.map { package.appending(path: $0) },
                outputFiles: templates.map { output.appending(path: swiftFileName($0)) }),
            .buildCommand(
                displayName: "Embedding public files", executable: compiler,
                arguments: ["assets", package.path, output.appending(path: "Assets.swift").path] + assets,
                inputFiles: assets.map { package.appending(path: $0) },
                outputFiles: [output.appending(path: "Assets.swift")]),
        ]
    }

    /// As the compiler names them: `Templates/requests/show.html` becomes `requests.show.html.swift`.
    private func swiftFileName(_ path: String) -> String {
        path.split(separator: "/").dropFirst().joined(separator: ".") + ".swift"
    }

    /// The files below a folder of the package, relative to the package, in a stable order; hidden ones left out.
    private func files(in folder: String, of package: URL) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: package.appending(path: folder).path)
            .filter { path in
                let parts = path.split(separator: "/")
                let url = package.appending(path: "\(folder)/\(path)")
                return !parts.contains { $0.hasPrefix(".") } && isFile(url)
            }
            .map { "\(folder)/\($0)" }
            .sorted()
    }

    private func isFile(_ url: URL) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) && !isDirectory.boolValue
    }
}
