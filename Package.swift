// swift-tools-version: 6.2
import PackageDescription

// Every module's place, and what it may touch, is stated here once; the build refuses an import that is not
// (`--explicit-target-dependency-import-check error` in the Makefile).

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// An async function goes on where its caller is, instead of asking at each call and at each return where to run: a request
/// is answered on its connection's loop throughout.
let onCallersExecutor = strict + [.enableUpcomingFeature("NonisolatedNonsendingByDefault")]

let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let collections = Target.Dependency.product(name: "Collections", package: "swift-collections")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

func module(
    _ name: String, _ dependencies: [Target.Dependency], settings: [SwiftSetting] = strict,
    plugins: [Target.PluginUsage]? = nil
) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings, plugins: plugins)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, path: "Tests/\(name)Tests",
        swiftSettings: strict)
}

let package = Package(
    name: "usher",
    products: [
        .executable(name: "usher", targets: ["usher"]),
        // What `Benchmarks/` measures, and with what.
        .library(
            name: "UsherParts",
            targets: [
                "Reactor", "HTTP", "HTTPServer", "HTTPClient", "Cryptography", "Postgres", "Lifecycle", "Releases",
                "Storage",
                "Aria2", "Torznab", "Metadata", "Backup", "Orchestrator", "Web", "TestSupport",
            ]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        // The system's libraries: module maps and typed inline shims, no logic.
        .target(name: "CLinux"),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // The ground: sockets, protocols, the database, templates. None of it knows what Usher is.
        module("Reactor", ["CLinux", collections]),
        module("Cryptography", ["COpenSSL"]),
        module("HTTP", [httpTypes]),
        module(
            "HTTPServer", ["HTTP", "Reactor", "Cryptography", "CLinux", "COpenSSL", "CZlib", httpTypes, logging],
            settings: onCallersExecutor),
        module("HTTPClient", ["Reactor", "CCurl", httpTypes]),
        module("Postgres", ["Reactor", "CPostgres", collections, logging]),
        module("HTML", []),
        .executableTarget(name: "TemplateCompiler", swiftSettings: strict),
        .plugin(name: "CompileTemplates", capability: .buildTool(), dependencies: ["TemplateCompiler"]),
        .plugin(name: "EmbedMigrations", capability: .buildTool(), dependencies: ["TemplateCompiler"]),

        // The heart: pure, imports nothing.
        module("Lifecycle", []),
        module("Releases", []),

        // The application.
        module("Storage", ["Lifecycle", "Releases", "Postgres"], plugins: ["EmbedMigrations"]),
        module("Aria2", ["HTTPClient", "Cryptography", "CLinux", httpTypes]),
        module("Torznab", ["HTTPClient", "HTTP"]),
        module("Metadata", ["HTTPClient", "HTTP", "Reactor"]),
        module("OpenIDConnect", ["HTTPClient", "HTTP", "Cryptography", "Reactor", httpTypes]),
        module("Backup", ["Postgres", "Reactor"]),
        module(
            "Orchestrator",
            [
                "Lifecycle", "Releases", "Storage", "Postgres", "Aria2", "Torznab", "Metadata", "Backup", "HTTPClient",
                "HTTP", "Reactor", "Cryptography", httpTypes, logging,
            ]),
        module(
            "Web",
            [
                "HTTPServer", "HTTP", "HTTPClient", "HTML", "Lifecycle", "Releases", "Storage", "Postgres",
                "Orchestrator", "Aria2", "Torznab", "Metadata", "Backup", "OpenIDConnect", "Reactor", "Cryptography",
                httpTypes, logging,
            ], settings: onCallersExecutor, plugins: ["CompileTemplates"]),
        .executableTarget(
            name: "usher",
            dependencies: [
                "CLinux", "Reactor", "HTTPServer", "HTTPClient", "Postgres", "Lifecycle", "Releases", "Storage",
                "Aria2",
                "Torznab", "Metadata", "Backup", "OpenIDConnect", "Orchestrator", "Web", "Cryptography", arguments,
                logging,
            ],
            swiftSettings: strict),

        // Tests, a folder a target, and what they share.
        .target(
            name: "TestSupport",
            dependencies: [
                "Reactor", "Cryptography", "COpenSSL", "HTTPClient", "Postgres", "Storage", "Aria2", "Metadata",
                httpTypes,
                logging,
            ],
            path: "Tests/TestSupport", swiftSettings: strict),
        .executableTarget(
            name: "TestWorld", dependencies: ["TestSupport"], path: "Tests/TestWorld", swiftSettings: strict),
        .executableTarget(
            name: "Chaos",
            dependencies: [
                "TestSupport", "Orchestrator", "Reactor", "HTTPClient", "Postgres", "Storage", "Aria2", "Cryptography",
                httpTypes, logging,
            ],
            path: "Tests/Chaos", swiftSettings: strict),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "HTTP", "HTTPServer", "HTTPClient", "HTML", "Aria2", "Torznab", "Metadata", "Releases", "Orchestrator",
                httpTypes,
            ],
            path: "Tests/FuzzTargets", swiftSettings: strict),
        tests(of: "FuzzTargets"),
        tests(of: "Reactor"),
        tests(of: "Cryptography"),
        tests(of: "HTTP", [httpTypes]),
        tests(of: "HTTPServer", ["HTTP", "Reactor", "Cryptography", "COpenSSL", httpTypes, logging]),
        tests(of: "HTTPClient", ["Reactor", "TestSupport", httpTypes]),
        tests(of: "Postgres", ["Reactor", "TestSupport", logging]),
        tests(of: "HTML"),
        tests(of: "TemplateCompiler"),
        tests(of: "Lifecycle"),
        tests(of: "Releases"),
        tests(of: "Storage", ["Lifecycle", "Releases", "Postgres", "Reactor", "TestSupport", logging]),
        tests(of: "Aria2", ["HTTPClient", "Reactor", "TestSupport"]),
        tests(of: "Torznab", ["HTTPClient", "Reactor", "TestSupport", httpTypes]),
        tests(of: "Metadata", ["HTTPClient", "Reactor", "TestSupport"]),
        tests(
            of: "Orchestrator",
            [
                "Lifecycle", "Releases", "Storage", "Postgres", "Aria2", "Torznab", "Metadata", "Backup", "Reactor",
                "HTTPClient", "TestSupport", logging,
            ]),
        tests(
            of: "Web",
            [
                "HTTPServer", "HTTP", "HTML", "HTTPClient", "Lifecycle", "Releases", "Storage", "Postgres", "Aria2",
                "OpenIDConnect", "Torznab", "Metadata", "Backup", "Orchestrator", "Cryptography", "Reactor",
                "TestSupport", httpTypes,
                logging,
            ]),
        tests(of: "usher", ["HTTPServer", "Postgres", "Storage", "Web", "TestSupport", logging]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["TestSupport", "HTTPClient", "Postgres", "Aria2", "Reactor", httpTypes, logging],
            path: "Tests/EndToEndTests", swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)

// It needs libFuzzer: only `make fuzz` can link it.
if Context.environment["FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "Fuzzer", dependencies: ["FuzzTargets"], path: "Tests/Fuzzer", exclude: ["Corpora"],
            swiftSettings: strict,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]))
}
