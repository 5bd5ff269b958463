import HTTP
import HTTPServer
import HTTPTypes
import Postgres

/// The files of `Public`, as they are in this binary.
enum PublicFiles {
    static let all = StaticFiles(
        Assets.all.map { StaticFile(path: $0.path, contentType: $0.contentType, bytes: $0.bytes) })
}

extension Site {
    func publicFile(_ visit: Visit) throws -> Response {
        guard let response = files.response(for: visit.request) else { throw NotFound() }
        return response
    }

    /// For whoever watches over the process: whether it can serve pages.
    func health(_ visit: Visit) async throws -> Response {
        _ = try await pool.query("SELECT 1")
        return .text("ok\n")
    }
}
