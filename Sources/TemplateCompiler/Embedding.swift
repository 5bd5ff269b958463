import Foundation

/// The files of Public as constants: `Assets.all` to serve, `Assets.Paths` to refer to.
///
/// The name carries a hash of the content, so that a browser may keep a file for ever and still sees each change.
func embedAssets(_ files: [(path: String, bytes: [UInt8])]) -> String {
    let assets = files.map { Asset(name: assetName($0.path), bytes: $0.bytes) }.sorted { $0.name < $1.name }
    let binary = assets.contains { $0.text == nil }
    return """
        // Compiled from Public/
        \(binary ? "import FoundationEssentials\n" : "")
        /// A file of Public: its address, its content type, its bytes.
        struct Asset: Sendable {
            let path: String
            let contentType: String
            let bytes: [UInt8]
        }

        /// The files of Public.
        enum Assets {
            static let all: [Asset] = [
        \(assets.map { "        Asset(path: \(swiftLiteral($0.path)), contentType: \(swiftLiteral($0.contentType)), "
            + "bytes: \($0.swiftBytes))," }.joined(separator: "\n"))
            ]

            /// Where each is served.
            enum Paths {
        \(assets.map { "        static var \(assetProperty($0.name)): StaticString { \(swiftLiteral($0.path)) }" }
            .joined(separator: "\n"))
            }
        }

        """
}

/// `usher.css` becomes `usher_css`.
func assetProperty(_ name: String) -> String {
    "`" + String(name.map { String($0).isIdentifier || $0.isNumber ? $0 : "_" }) + "`"
}

private func assetName(_ path: String) -> String { String(path.trimmingPrefix("Public/")) }

private struct Asset {
    var name: String
    var bytes: [UInt8]

    var text: String? { String(validating: bytes, as: UTF8.self) }

    var path: String {
        guard let dot = name.lastIndex(of: ".") else { return "/static/\(name).\(hash)" }
        return "/static/\(name[..<dot]).\(hash)\(name[dot...])"
    }

    var swiftBytes: String {
        text.map { "Array(\(swiftLiteral($0)).utf8)" } ?? "[UInt8](Data(base64Encoded: \"\(base64(bytes))\")!)"
    }

    var contentType: String {
        switch name.split(separator: ".").last {
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "ico": "image/x-icon"
        case "woff2": "font/woff2"
        case "webmanifest": "application/manifest+json"
        case "txt": "text/plain; charset=utf-8"
        default: "application/octet-stream"
        }
    }

    /// FNV-1a, 64 bits: tells versions apart, protects nothing.
    private var hash: String {
        let value = bytes.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// `migrations/0007_releases.sql` and its like as `EmbeddedMigrations.all`, in order.
func embedMigrations(_ files: [(path: String, sql: String)]) throws -> String {
    var migrations: [(version: Int, name: String, sql: String)] = []
    for file in files {
        let stem = file.path.trimmingPrefix("migrations/").dropLast(file.path.hasSuffix(".sql") ? 4 : 0)
        let parts = stem.split(separator: "_", maxSplits: 1).map(String.init)
        guard parts.count == 2, parts[0].count == 4, let version = Int(parts[0]), version > 0 else {
            throw Failure("\(file.path):1:1: error: a migration is named like 0007_releases.sql")
        }
        guard !migrations.contains(where: { $0.version == version }) else {
            throw Failure("\(file.path):1:1: error: there are two migrations \(parts[0])")
        }
        migrations.append((version, parts[1], file.sql))
    }
    let lines = migrations.sorted { $0.version < $1.version }.map {
        "        (version: \($0.version), name: \(swiftLiteral($0.name)), sql: \(swiftLiteral($0.sql))),"
    }
    return """
        // Compiled from migrations/

        /// The schema's history as it lies in migrations/, oldest first.
        enum EmbeddedMigrations {
            static let all: [(version: Int, name: String, sql: String)] = [
        \(lines.joined(separator: "\n"))
            ]
        }

        """
}

private func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
