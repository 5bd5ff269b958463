import FoundationEssentials
import HTML
import HTTPServer
import Orchestrator
import Reactor
import Storage

/// A page that somebody has open, and what it wants to hear of.
struct OpenPage: Sendable {
    let stream: EventStream
    /// It must not outlive the session of whoever looks.
    let session: Int64
    /// Changes of these; of all if there are none.
    let requests: Set<Int64>
    let downloads: [Int64]
    /// What it was sent of each download last.
    var sent: [Int64: [UInt8]] = [:]
}

/// All pages that are open in this process. One task tells them all, for as long as there are any: it hears of changes
/// once, and asks once a second for the progress of all downloads that anybody looks at.
final class OpenPages: Sendable {
    private let state = Locked(State())

    private struct State {
        var pages: [Int: OpenPage] = [:]
        var last = 0
        var telling: Task<Void, Never>?
        /// The database's clock, as it was last heard, and when that was.
        var clock: (moment: Int64, at: ContinuousClock.Instant)?

        /// What a page that comes back will say it has heard last: the moment by the database's clock.
        var eventID: String? {
            clock.map { String($0.moment + Int64((ContinuousClock.now - $0.at) / .milliseconds(1))) }
        }
    }

    /// From now on the page is told what it wants to hear; what comes back takes it off again.
    func add(_ page: OpenPage, to site: Site) -> @Sendable () -> Void {
        let number = state.withLock { state in
            state.last += 1
            state.pages[state.last] = page
            if state.telling == nil {
                // Heard from here on, and told when the task gets to it.
                let changes = site.orchestrator.changes()
                state.telling = Task { await self.tell(changes, site) }
            }
            return state.last
        }
        return { self.remove(number) }
    }

    /// Notes what the database's clock says now, in milliseconds since 1970.
    func set(clock moment: Int64) {
        state.withLock { $0.clock = (moment, .now) }
    }

    /// How many pages are told.
    var count: Int { state.withLock { $0.pages.count } }

    private func remove(_ number: Int) {
        let ended = state.withLock { state -> Task<Void, Never>? in
            state.pages[number] = nil
            return state.pages.isEmpty ? state.telling.take() : nil
        }
        ended?.cancel()
    }

    private func tell(_ changes: AsyncStream<Change>, _ site: Site) async {
        await withTaskGroup { tasks in
            tasks.addTask { for await change in changes { self.tell(change) } }
            tasks.addTask {
                await Self.every(.seconds(1)) { await self.tellProgress(site) }
            }
            tasks.addTask {
                await Self.every(.seconds(60)) { await self.endWithSessions(site) }
            }
        }
    }

    private static func every(_ interval: Duration, _ body: () async -> Void) async {
        do {
            while true {
                try await Task.sleep(for: interval)
                await body()
            }
        } catch {
            // Nobody is there any more.
        }
    }

    private func tell(_ change: Change) {
        let (pages, id) = state.withLock { ($0.pages.values.filter { $0.wants(change) }, $0.eventID) }
        let data = if case .request(let id) = change { String(id) } else { "" }
        for page in pages { page.stream.send(event: "changed", id: id, data: data) }
    }

    private func tellProgress(_ site: Site) async {
        let downloads = state.withLock { Set($0.pages.values.flatMap(\.downloads)) }
        guard !downloads.isEmpty else { return }
        let shown = await site.progress(of: Array(downloads)).mapValues { $0.rendered(base: site.basePath) }
        let news = state.withLock { state in
            var news: [(EventStream, Int64)] = []
            for number in state.pages.keys {
                for id in state.pages[number]?.downloads ?? [] {
                    guard let html = shown[id], state.pages[number]?.sent.updateValue(html, forKey: id) != html,
                        let stream = state.pages[number]?.stream
                    else { continue }
                    news.append((stream, id))
                }
            }
            return news
        }
        var events: [Int64: String] = [:]
        for id in Set(news.map(\.1)) { events[id] = shown[id].flatMap { ProgressEvent(id, $0).json } }
        for (stream, id) in news { if let data = events[id] { stream.send(event: "progress", data: data) } }
    }

    private func endWithSessions(_ site: Site) async {
        let sessions = state.withLock { Set($0.pages.values.map(\.session)) }
        let alive: Set<Int64>
        do {
            alive = try await site.read { try await Sessions.alive(among: Array(sessions), on: $0) }
        } catch {
            return  // Without the database nobody can tell; it is asked again.
        }
        let ended = sessions.subtracting(alive)
        for page in state.withLock({ $0.pages.values.filter { ended.contains($0.session) } }) { page.stream.end() }
    }
}

extension OpenPage {
    fileprivate func wants(_ change: Change) -> Bool {
        switch change {
        case .request(let id): requests.isEmpty || requests.contains(id)
        case .house: requests.isEmpty
        case .resync: true
        }
    }
}

private struct ProgressEvent: Encodable {
    var id: String
    var html: String

    init(_ download: Int64, _ html: [UInt8]) {
        id = DownloadProgress.elementID(download)
        self.html = String(decoding: html, as: UTF8.self)
    }

    var json: String? {
        // Text can always be written as JSON.
        (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) }
    }
}
