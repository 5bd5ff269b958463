import HTTP
import HTTPServer
import HTTPTypes
import Orchestrator
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
    /// number, or nothing when it may be any. Before that `ready`, once nothing can be missed any more.
    func live(_ visit: Visit, _ me: Me) async throws -> Response {
        let downloads = Self.numbers(visit.request.query["downloads"], atMost: 100)
        let requests = Set(Self.numbers(visit.request.query["requests"], atMost: 100))
        let last = visit.request.fields[.lastEventID].flatMap { Int64($0) }
        return .eventStream { [self, session = me.session, user = me.person.userID] stream in
            stream.send(retry: .seconds(3))
            let end = openPages.add(
                OpenPage(stream: stream, session: session, requests: requests, downloads: downloads), to: self)
            // Nobody keeps the task: it ends soon, what it tells a stream that is over is dropped, and a task that somebody
            // keeps is more memory than the page it was for.
            Task { await catchUp(stream, since: last, of: Array(requests), user) }
            return end
        }
    }

    /// A stream that goes on is told what the database knows to have changed meanwhile, and then `ready` with the words
    /// "caught up". Otherwise `ready` says nothing, and the page has to look for itself: it is new, it wants to hear of
    /// the whole house, of which not everything that changes is written down with its time, or the database is away.
    private func catchUp(_ stream: EventStream, since last: Int64?, of requests: [Int64], _ user: Int64) async {
        let goesOn = last != nil && !requests.isEmpty
        do {
            let news = try await read {
                try await News.load(since: last ?? 0, of: goesOn ? requests : [], for: user, on: $0)
            }
            openPages.set(clock: news.moment)
            if goesOn {
                for request in news.changed { stream.send(event: "changed", data: "\(request)") }
                stream.send(event: "ready", id: "\(news.moment)", data: "caught up")
            } else {
                stream.send(event: "ready", id: "\(news.moment)", data: "")
            }
        } catch {
            stream.send(event: "ready", data: "")
        }
    }

    private static func numbers(_ list: String?, atMost limit: Int) -> [Int64] {
        (list ?? "").split(separator: ",").prefix(limit).compactMap { Int64($0) }
    }
}

extension HTTPField.Name {
    fileprivate static let lastEventID = HTTPField.Name("Last-Event-ID")!
}
