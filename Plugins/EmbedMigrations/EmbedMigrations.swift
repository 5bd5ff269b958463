import Foundation
import PackagePlugin

/// Embeds `migrations/NNNN_name.sql` as `EmbeddedMigrations.all` in the target it is applied to.
/// The link beside this file makes SwiftPM watch that folder, as in CompileTemplates.
@main
struct EmbedMigrations: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let package = context.package.directoryURL
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedMigrations.swift")
        let migrations = try FileManager.default
            .contentsOfDirectory(atPath: package.appending(path: "migrations").path)
            .filter { $0.hasSuffix(".sql") }
            .map { "migrations/\($0)" }
            .sorted()
        return [
            .buildCommand(
                displayName: "Embedding migrations", executable: try context.tool(named: "TemplateCompiler").url,
                arguments: ["migrations", package.path, output.path] + migrations,
                inputFiles: migrations.map { package.appending(path: $0) }, outputFiles: [output])
        ]
    }
}
