import HTTP
import HTTPServer
import HTTPTypes
import Metadata
import Orchestrator
import Storage

extension Site {
    /// A GIF of one transparent pixel.
    private static let nothing =
        Array("GIF89a".utf8) + [1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff]
        + [0x21, 0xf9, 4, 1, 0, 0, 0, 0] + [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 1, 0x44, 0, 0x3b]

    /// A picture that a source has named, by way of this machine: nobody's browser asks the source.
    func picture(_ visit: Visit, _ me: Me) async throws -> Response {
        let key = visit.parameters["key"] ?? ""
        var picture = try await orchestrator.picture(key)
        if let limit = me.user.ageLimit, picture != nil,
            try await !read({ try await Pictures.isSeen(key, under: limit, on: $0) })
        {
            picture = nil
        }
        guard let picture else {
            // Nothing to see: the sign of its kind, which is under it, stands in.
            var response = Response(body: .bytes(Self.nothing))
            response.fields[.contentType] = PictureType.gif.rawValue
            response.fields[.cacheControl] = "private, max-age=600"
            return response
        }
        var response = Response(body: .bytes(picture.bytes))
        response.fields[.contentType] = picture.type.rawValue
        // The key stands for an address, and what is there stays.
        response.fields[.cacheControl] = "private, max-age=2592000, immutable"
        return response
    }
}
