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

/// Files in memory, served by their exact path and no other.
public struct StaticFiles: Sendable {
    private let files: [String: (file: StaticFile, tag: String)]

    /// Serves these.
    public init(_ files: [StaticFile]) {
        self.files = Dictionary(
            files.map { ($0.path, ($0, "\"\(Array(Digest.sha256($0.bytes).prefix(16)).hex)\"")) }
        ) { first, _ in first }
    }

    /// The file at the path of the request; 304 if the client has it (RFC 9110 §13.1.2); `nil` if there is none.
    public func response(for request: Request) -> Response? {
        guard let (file, tag) = files[request.path] else { return nil }
        var response = Response(fields: [
            .eTag: tag,
            .cacheControl: file.isImmutable ? "public, max-age=31536000, immutable" : "no-cache",
        ])
        if Self.matches(request.fields[.ifNoneMatch], tag) {
            response.status = .notModified
        } else {
            response.fields[.contentType] = file.contentType
            response.body = .bytes(file.bytes)
        }
        return response
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
