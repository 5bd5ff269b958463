import HTTP
import HTTPServer
import Storage

/// The address of the stream that keeps a page up to date.
enum LiveAddress {
    /// For these downloads, and for changes of one request or of any.
    static func path(downloads: [Int64], request: Int64? = nil) -> String {
        var pairs: [(String, String)] = []
        if !downloads.isEmpty { pairs.append(("downloads", downloads.map(String.init).joined(separator: ","))) }
        if let request { pairs.append(("requests", String(request))) }
        return pairs.isEmpty ? "/live" : "/live?" + pairs.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }
}

extension Site {
    /// Sends `progress` for each of the downloads as it moves, and `changed` when one of the requests did: its
    /// number, or nothing when it may be any.
    func live(_ visit: Visit, _ me: Me) async throws -> Response {
        let downloads = Self.numbers(visit.request.query["downloads"], atMost: 100)
        let requests = Set(Self.numbers(visit.request.query["requests"], atMost: 100))
        return .eventStream { [self, session = me.session] stream in
            stream.send(retry: .seconds(3))
            return openPages.add(
                OpenPage(stream: stream, session: session, requests: requests, downloads: downloads), to: self)
        }
    }

    private static func numbers(_ list: String?, atMost limit: Int) -> [Int64] {
        (list ?? "").split(separator: ",").prefix(limit).compactMap { Int64($0) }
    }
}
