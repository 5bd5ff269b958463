import HTTP
import HTTPServer
import HTTPTypes
import Metadata
import Orchestrator

extension Site {
    /// A picture that a source has named, by way of this machine: nobody's browser asks the source.
    func picture(_ visit: Visit, _ me: Me) async throws -> Response {
        guard let key = visit.parameters["key"], let picture = try await orchestrator.picture(key) else {
            // Nobody reads this: it is where a poster would have been.
            return Response(status: .notFound)
        }
        var response = Response(body: .bytes(picture.bytes))
        response.fields[.contentType] = picture.type.rawValue
        // The key stands for an address, and what is there stays.
        response.fields[.cacheControl] = "private, max-age=31536000, immutable"
        return response
    }
}
