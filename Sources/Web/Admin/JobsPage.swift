import FoundationEssentials
import HTTP
import HTTPServer
import Orchestrator
import Storage

extension Site {
    func jobsPage(_ visit: Visit, _ me: Me) async throws -> Response {
        let rows = try await read { try await Jobs.list(on: $0) }
        let known = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0) })
        return visit.page(
            JobsPage(
                page: visit.frame("Jobs", for: me, live: LiveAddress.path(downloads: [])),
                rows: Job.allCases.map { JobLine($0, known[$0.rawValue], csrf: visit.csrf, times: visit.times) }))
    }

    func runJob(_ visit: Visit, _ me: Me) async throws -> Response {
        guard let job = visit.parameters["job"].flatMap(Job.init) else { throw NotFound() }
        try await orchestrator.runNow(job)
        try await write {
            try await Audit.add(.operation, "had “\(job.title)” run at once", by: me.id, on: $0)
        }
        return visit.redirect(to: "/admin/jobs", saying: .jobAsked)
    }
}

extension Job {
    var title: String {
        switch self {
        case .clockwork: "The passing of time"
        case .newest: "Newest releases"
        case .episodes: "Episodes"
        case .backup: "Backup"
        case .pruning: "Tidying"
        }
    }

    fileprivate var what: String {
        switch self {
        case .clockwork: "What is overdue expires, what failed is searched again, episodes air."
        case .newest: "What indexers have just got is offered to all that waits."
        case .episodes: "Followed shows are compared with their source, those that have ended once a week."
        case .backup: "The database is saved, by the process that has the folder of backups."
        case .pruning: "Finished work that is too old for a look back goes."
        }
    }
}

extension JobLine {
    fileprivate init(_ job: Job, _ row: JobRow?, csrf: String, times: Times) {
        let isRunning = row?.beganAt != nil && row?.endedAt == nil
        var lasted = "–"
        if let began = row?.beganAt, let ended = row?.endedAt {
            lasted = Self.words(seconds: ended.timeIntervalSince(began))
        }
        let next =
            if isRunning { "Running" } else if row?.askedAt != nil { "Now: asked for" } else if let at = row?.nextAt {
                times.relative(max(at, times.now))
            } else { "When it is due" }
        self.init(
            name: job.title, what: job.what, last: row?.beganAt.map { times.relative($0) } ?? "Not yet",
            lasted: lasted, outcome: row?.outcome ?? "–", hasFailed: row?.hasFailed ?? false, next: next,
            run: ActionForm(action: "/admin/jobs/\(job.rawValue)/runs", label: "Run now", csrf: csrf))
    }

    /// "0.2 s", "3 minutes".
    private static func words(seconds: TimeInterval) -> String {
        guard seconds < 90 else { return Times.count(Int((seconds / 60).rounded()), "minute") }
        let tenths = Int((seconds * 10).rounded())
        return tenths < 100 ? "\(tenths / 10).\(tenths % 10) s" : "\(tenths / 10) s"
    }
}
