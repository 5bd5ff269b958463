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
        var plain: Variant
        var compressed: Variant?
    }

    /// A file in one coding, with the answers that there are: made once.
    private struct Variant {
        var tag: String
        var whole: Response
        var notModified: Response
    }

    /// Serves these.
    public init(_ files: [StaticFile]) {
        self.files = Dictionary(
            files.map {
                let compressed = gzipped($0.bytes)
                return (
                    $0.path,
                    Entry(
                        plain: Self.variant(of: $0, $0.bytes, coding: nil, varies: compressed != nil),
                        compressed: compressed.map { [file = $0] in
                            Self.variant(of: file, $0, coding: "gzip", varies: true)
                        })
                )
            }
        ) { first, _ in first }
    }

    private static func variant(
        of file: StaticFile, _ bytes: [UInt8], coding: String?, varies: Bool
    ) -> Variant {
        // Other bytes, another tag (RFC 9110 §8.8.3.3).
        let tag = "\"\(Array(Digest.sha256(file.bytes).prefix(16)).hex)\(coding.map { "-" + $0 } ?? "")\""
        var fields: HTTPFields = [
            .eTag: tag, .cacheControl: file.isImmutable ? "public, max-age=31536000, immutable" : "no-cache",
        ]
        if varies { fields[.vary] = "Accept-Encoding" }
        // With the fields that the whole would have had (RFC 9110 §15.4.5).
        let notModified = Response(status: .notModified, fields: fields)
        fields[.contentType] = file.contentType
        if let coding { fields[.contentEncoding] = coding }
        return Variant(tag: tag, whole: Response(fields: fields, body: .bytes(bytes)), notModified: notModified)
    }

    /// The file at the path of the request; 412 if only another would do, 304 if the client has it (in this order, RFC 9110
    /// §13.2.2); `nil` if there is none.
    public func response(for request: Request) -> Response? {
        guard let entry = files[request.path] else { return nil }
        var variant = entry.plain
        if let compressed = entry.compressed, Self.acceptsGzip(request.fields) { variant = compressed }
        if request.isOnlyForOthers(than: variant.tag) { return .text("It has changed.\n", status: .preconditionFailed) }
        return request.has(tag: variant.tag) ? variant.notModified : variant.whole
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
}
