import Reactor

/// What the connections of a pool have learnt of the servers that the URL names.
///
/// A promotion begins a new timeline (PostgreSQL manual, 26.3.5). So of two servers of one cluster that both take writes,
/// the one on the lower timeline is a primary that was given up and has come back, and what is written there is lost.
/// Once a higher timeline was seen, no lower one is accepted, and connections to it that are still open are not used
/// again. Two standbys that were both promoted are on the same timeline and cannot be told apart; and what only another
/// process has seen, or this one before it was started again, is not known.
final class Servers: Sendable {
    /// What tells one server from another, as it says itself.
    struct Identity: Equatable, Sendable {
        /// The same in a primary and its standbys, and in no other cluster.
        var system: String
        /// Which history it continues; `nil` for a standby, which continues another's.
        var timeline: Int64?

        /// Whether it went on where the other was lost.
        func tookOver(from other: Identity) -> Bool {
            guard system == other.system, let timeline, let others = other.timeline else { return false }
            return timeline > others
        }
    }

    private struct State {
        var newest: Identity?
        /// The host that is tried first.
        var first = 0
        var trouble: ContinuousClock.Instant?
    }

    private let state = Locked(State())

    /// Whether no primary was seen yet. Then all are to be looked at, because each could be an old one.
    var areUnknown: Bool { state.withLock { $0.newest == nil } }

    /// The numbers of so many hosts, the one first that was the primary last: one that is away would cost each new
    /// connection its time.
    func order(of count: Int) -> [Int] {
        let first = state.withLock { $0.first }
        return (0..<count).map { ($0 + first) % count }
    }

    /// Notes that this host is the primary from now on.
    func note(_ identity: Identity, host: Int) {
        state.withLock { state in
            if state.newest.map({ identity.tookOver(from: $0) }) ?? true { state.newest = identity }
            state.first = host
        }
    }

    /// Notes that this host, of so many, is not to be reached: the next is tried first from now on.
    func noteFailure(ofHost host: Int, of count: Int) {
        state.withLock { if $0.first == host { $0.first = (host + 1) % count } }
    }

    /// Notes that a connection has failed. Others to the same server may be as dead without a word.
    func noteTrouble() {
        state.withLock { $0.trouble = .now }
    }

    /// Whether there has been trouble since then.
    func hadTrouble(since instant: ContinuousClock.Instant) -> Bool {
        state.withLock { $0.trouble.map { $0 > instant } ?? false }
    }

    /// Why a server is not one to work with.
    func objection(to identity: Identity) -> String? {
        guard let newest = state.withLock({ $0.newest }) else { return nil }
        guard identity.system == newest.system else { return "is another cluster than the one worked with so far" }
        guard newest.tookOver(from: identity), let timeline = identity.timeline else { return nil }
        return "is a primary of the past: another took over from its timeline \(timeline)"
    }
}
