import HTTP
import HTTPServer
import HTTPTypes

/// The files of `Public`, as they are in this binary.
enum PublicFiles {
    static let all = StaticFiles(
        Assets.all.map { StaticFile(path: $0.path, contentType: $0.contentType, bytes: $0.bytes) })
}

extension Site {
    func publicFile(_ request: HTTP.Request) throws -> Response {
        guard let response = files.response(for: request) else { throw NotFound() }
        return response
    }
}
