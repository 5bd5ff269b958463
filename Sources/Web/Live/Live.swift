import FoundationEssentials
import HTML
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
    /// Sends `progress` for each of the downloads as it moves, and `changed` when one of the requests did.
    func live(_ visit: Visit, _ me: Me) async throws -> Response {
        let downloads = Self.numbers(visit.request.query["downloads"], atMost: 100)
        let requests = Set(Self.numbers(visit.request.query["requests"], atMost: 100))
        let changes = orchestrator.changes()
        return .eventStream { [self] stream in
            try await stream.send(retry: .seconds(3))
            try await withThrowingTaskGroup { tasks in
                tasks.addTask { try await self.sendChanges(changes, of: requests, to: stream) }
                if !downloads.isEmpty { tasks.addTask { try await self.sendProgress(of: downloads, to: stream) } }
                tasks.addTask { try await self.endWith(me) }
                try await tasks.next()
                tasks.cancelAll()
            }
        }
    }

    private func sendChanges(
        _ changes: AsyncStream<Change>, of requests: Set<Int64>, to stream: EventStream
    ) async throws {
        for await change in changes {
            switch change {
            case .request(let id) where !requests.isEmpty && !requests.contains(id): continue
            case .house where !requests.isEmpty: continue
            case .request, .house, .resync: try await stream.send(event: "changed", data: "")
            }
        }
    }

    private func sendProgress(of downloads: [Int64], to stream: EventStream) async throws {
        var sent: [Int64: [UInt8]] = [:]
        while true {
            for (id, progress) in await progress(of: downloads) {
                let html = progress.rendered(base: basePath)
                guard sent.updateValue(html, forKey: id) != html else { continue }
                let event = ProgressEvent(
                    id: DownloadProgress.elementID(id), html: String(decoding: html, as: UTF8.self))
                let data = try JSONEncoder().encode(event)
                try await stream.send(event: "progress", data: String(decoding: data, as: UTF8.self))
            }
            try await Task.sleep(for: .seconds(1))
        }
    }

    /// Returns when the session has ended: a stream must not outlive it.
    private func endWith(_ me: Me) async throws {
        while true {
            try await Task.sleep(for: .seconds(60))
            let isAlive: Bool
            do {
                isAlive = try await read { try await Sessions.isAlive(me.session, on: $0) }
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                continue  // Without the database nobody can tell; it is asked again.
            }
            if !isAlive { return }
        }
    }

    private static func numbers(_ list: String?, atMost limit: Int) -> [Int64] {
        (list ?? "").split(separator: ",").prefix(limit).compactMap { Int64($0) }
    }
}

private struct ProgressEvent: Encodable {
    var id: String
    var html: String
}
