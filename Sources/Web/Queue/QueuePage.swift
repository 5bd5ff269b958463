import FoundationEssentials
import HTTP
import HTTPServer
import Logging
import Orchestrator
import Storage

extension Site {
    private static let queueRows = 50

    func queuePage(_ visit: Visit, _ me: Me) async throws -> Response {
        let found = try await read { connection in
            (
                pause: try await SearchQueue.pause(on: connection),
                running: try await QueueRows.running(limit: Self.queueRows, on: connection),
                waiting: try await QueueRows.waiting(limit: Self.queueRows + 1, on: connection)
            )
        }
        let waiting = found.waiting.prefix(Self.queueRows)
        return visit.page(
            QueuePage(
                page: visit.frame("Queue", for: me, live: LiveAddress.path(downloads: []), refreshSeconds: 60),
                pause: ActionForm(
                    action: "/admin/queue/" + (found.pause == nil ? "pause" : "resumption"),
                    label: found.pause == nil ? "Pause the queue" : "Resume the queue", csrf: visit.csrf,
                    style: found.pause == nil ? "" : "primary"),
                paused: found.pause.map { Notice(kind: "warning", text: $0.sentence(visit.times)) },
                running: found.running.map { QueuedRequest($0, visit, isRunning: true) },
                waiting: waiting.map { QueuedRequest($0, visit, isRunning: false) },
                more: found.waiting.count > waiting.count ? "The first \(Self.queueRows)." : nil))
    }

    func pauseQueue(_ visit: Visit, _ me: Me) async throws -> Response {
        try await write { connection in
            try await SearchQueue.pause(by: me.id, on: connection)
            try await Audit.add(.operation, "paused the queue", by: me.id, on: connection)
        }
        try await orchestrator.houseChanged(searchAgain: false)
        logger.notice("The queue was paused", metadata: ["by": "\(me.id)"])
        return visit.redirect(to: "/admin/queue", saying: .queuePaused)
    }

    func resumeQueue(_ visit: Visit, _ me: Me) async throws -> Response {
        try await write { connection in
            try await SearchQueue.resume(on: connection)
            try await Audit.add(.operation, "resumed the queue", by: me.id, on: connection)
        }
        try await orchestrator.houseChanged(searchAgain: false)
        logger.notice("The queue was resumed", metadata: ["by": "\(me.id)"])
        return visit.redirect(to: "/admin/queue", saying: .queueResumed)
    }

    /// Searches for one request now, and leads back to the queue.
    func searchFromQueue(_ visit: Visit, _ me: Me) async throws -> Response {
        try await orchestrator.search(try visit.parameters.integer("id"), by: me.person)
        return visit.redirect(to: "/admin/queue", saying: .searchesNext)
    }
}

extension SearchQueue.Pause {
    fileprivate func sentence(_ times: Times) -> String {
        "The queue was paused \(times.relative(at))\(by.map { " by \($0)" } ?? ""): only what somebody asks for by hand is "
            + "searched for, and what is not searched for in time expires as ever."
    }
}

extension QueuedRequest {
    fileprivate init(_ row: QueueRow, _ visit: Visit, isRunning: Bool) {
        let path = "/requests/\(row.request)"
        var why = row.lastSearch?.asSentence ?? "Not searched for yet."
        if let asker = row.askedBy { why = "Asked for by \(asker). \(why)" }
        self.init(
            href: path, title: row.title,
            kind: [row.kind.word, row.year.map(String.init)].compactMap(\.self).joined(separator: ", "),
            badge: StatusBadge(row.status), by: row.person ?? "",
            when: !isRunning && row.at <= visit.now ? "now" : visit.times.relative(row.at),
            iso: Times.iso(row.at), why: why, searches: "\(path)/searches",
            now: isRunning
                ? nil
                : ActionForm(action: "/admin/queue/\(row.request)/searches", label: "Search now", csrf: visit.csrf))
    }
}
