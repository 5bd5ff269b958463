import Cryptography
public import HTTP
import HTTPTypes

/// A file to serve as it is.
public struct StaticFile: Sendable {
    /// Its path on the server: `/static/usher.4f1a….css`.
    public let path: String
    /// Its content type.
    public let contentType: String
    /// Its bytes.
    public let bytes: [UInt8]
    /// Whether the name changes with the content, so that nobody ever needs to ask again.
    public let isImmutable: Bool

    /// A file of these parts.
    public init(path: String, contentType: String, bytes: [UInt8], isImmutable: Bool = true) {
        self.path = path
        self.contentType = contentType
        self.bytes = bytes
        self.isImmutable = isImmutable
    }
}

/// Files in memory, served by their exact path and no other, compressed once where that is worth it.
public struct StaticFiles: Sendable {
    private let files: [String: Entry]

    private struct Entry {
        var file: StaticFile
        var tag: String
        var compressed: [UInt8]?
    }

    /// Serves these.
    public init(_ files: [StaticFile]) {
        self.files = Dictionary(
            files.map {
                let tag = Array(Digest.sha256($0.bytes).prefix(16)).hex
                return ($0.path, Entry(file: $0, tag: tag, compressed: gzipped($0.bytes)))
            }
        ) { first, _ in first }
    }

    /// The file at the path of the request; 304 if the client has it (RFC 9110 §13.1.2); `nil` if there is none.
    public func response(for request: Request) -> Response? {
        guard let entry = files[request.path] else { return nil }
        let file = entry.file
        let compressed = Self.acceptsGzip(request.fields) ? entry.compressed : nil
        // Other bytes, another tag (RFC 9110 §8.8.3.3).
        let tag = "\"\(entry.tag)\(compressed == nil ? "" : "-gzip")\""
        var response = Response(fields: [
            .eTag: tag,
            .cacheControl: file.isImmutable ? "public, max-age=31536000, immutable" : "no-cache",
        ])
        if entry.compressed != nil { response.fields[.vary] = "Accept-Encoding" }
        if Self.matches(request.fields[.ifNoneMatch], tag) {
            response.status = .notModified
        } else {
            response.fields[.contentType] = file.contentType
            if compressed != nil { response.fields[.contentEncoding] = "gzip" }
            response.body = .bytes(compressed ?? file.bytes)
        }
        return response
    }

    /// `gzip` or `*`, and not with a weight of 0 (RFC 9110 §12.5.3).
    private static func acceptsGzip(_ fields: HTTPFields) -> Bool {
        let codings = fields[values: .acceptEncoding].flatMap { $0.split(separator: ",") }.map { coding in
            coding.lowercased().filter { $0 != " " && $0 != "\t" }.split(separator: ";")
        }
        let named = codings.first { $0.first == "gzip" } ?? codings.first { $0.first == "*" }
        guard let named else { return false }
        return !named.dropFirst().contains { $0.wholeMatch(of: /q=0(\.0*)?/) != nil }
    }

    /// The comparison is weak: `W/` does not count.
    private static func matches(_ field: String?, _ tag: String) -> Bool {
        guard let field else { return false }
        return field.split(separator: ",").contains { candidate in
            let candidate = candidate.drop { $0 == " " }.prefix { $0 != " " }
            return candidate == "*" || candidate == tag || candidate == "W/" + tag
        }
    }
}
