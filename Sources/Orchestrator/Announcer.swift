import Logging
import Postgres
import Reactor

/// News for pages and workers.
public enum Change: Sendable, Equatable {
    /// Something about this request was committed.
    case request(Int64)
    /// Indexers, settings or accounts were changed.
    case house
    /// News may have been lost: look again.
    case resync
}

/// Tells everybody what was committed: in this process at once, in others by one NOTIFY an interval.
///
/// The NOTIFY is sent outside of the transactions that it tells of, since it holds a lock of the whole database through
/// the commit. It is a hint; whoever needs certainty also looks from time to time.
final class Announcer: Sendable {
    private static let channel = "usher"
    /// PostgreSQL takes payloads below 8,000 bytes; an id takes 20 at most.
    private static let idsPerPayload = 300

    private let pool: PostgresPool
    private let origin: String
    private let logger: Logger
    private let state = Locked(State())
    private let wake = Wake()

    private struct State {
        var subscribers: [Int: AsyncStream<Change>.Continuation] = [:]
        var lastSubscriber = 0
        var unsent: Set<Int64> = []
        var isHouseUnsent = false
    }

    init(pool: PostgresPool, origin: String, logger: Logger) {
        self.pool = pool
        self.origin = origin
        self.logger = logger
    }

    /// Tells of a commit.
    func tell(_ change: Change) {
        state.withLock { state in
            switch change {
            case .request(let id): state.unsent.insert(id)
            case .house: state.isHouseUnsent = true
            case .resync: break
            }
        }
        publish(change)
        wake.signal()
    }

    /// All changes from now on.
    func subscribe() -> AsyncStream<Change> {
        let (stream, continuation) = AsyncStream.makeStream(of: Change.self, bufferingPolicy: .bufferingNewest(256))
        let id = state.withLock { state in
            state.lastSubscriber += 1
            state.subscribers[state.lastSubscriber] = continuation
            return state.lastSubscriber
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { $0.subscribers[id] = nil }
        }
        return stream
    }

    /// Sends and listens until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.send() }
            group.addTask { await self.listen() }
        }
    }

    private func publish(_ change: Change) {
        // Yielded outside of the lock: a subscriber that ends meanwhile takes itself off the list.
        let subscribers = state.withLock { Array($0.subscribers.values) }
        for subscriber in subscribers { subscriber.yield(change) }
    }

    private func send() async {
        while !Task.isCancelled {
            await wake.wait(atMost: .seconds(60))
            // What is told within a moment goes out together.
            do { try await Task.sleep(for: .milliseconds(20)) } catch { return }
            let (ids, house) = state.withLock { state in
                defer { (state.unsent, state.isHouseUnsent) = ([], false) }
                return (Array(state.unsent), state.isHouseUnsent)
            }
            do {
                for start in stride(from: 0, to: ids.count, by: Self.idsPerPayload) {
                    let some = ids[start..<min(start + Self.idsPerPayload, ids.count)]
                    try await notify(some.map(String.init).joined(separator: ","))
                }
                if house { try await notify("house") }
            } catch {
                // Others find out by looking: every worker and page does so at its interval.
                logger.debug("Could not notify", metadata: ["reason": "\(error)"])
            }
        }
    }

    private func notify(_ text: String) async throws {
        _ = try await pool.query("SELECT pg_notify(\(Self.channel), \(origin + ":" + text))")
    }

    private func listen() async {
        for await notification in pool.notifications([Self.channel]) {
            switch notification {
            case .reconnected: publish(.resync)
            case .notify(_, let payload):
                let parts = payload.split(separator: ":", maxSplits: 1)
                guard parts.count == 2, parts[0] != origin else { continue }
                if parts[1] == "house" { publish(.house) }
                for id in parts[1].split(separator: ",").compactMap({ Int64($0) }) { publish(.request(id)) }
            }
        }
    }
}
