import Reactor
import TestSupport

/// Where the people of the house are told elsewhere: a webhook for each of them.
final class Webhooks: Sendable {
    /// How it answers.
    enum Mode: CaseIterable { case well, refusing, silent, closing }

    private let server: StandInServer
    private let state: Locked<State>

    private struct State {
        var mode = Mode.well
        var taken: [String: Int] = [:]
    }

    init() throws {
        let state = Locked(State())
        self.state = state
        server = try StandInServer { request in
            state.withLock { state in
                switch state.mode {
                case .well:
                    state.taken[request.target, default: 0] += 1
                    return .text("")
                case .refusing: return .text("not now", status: 500)
                case .silent: return .silence
                case .closing: return .close
                }
            }
        }
    }

    func behave(_ mode: Mode) { state.withLock { $0.mode = mode } }

    /// Where this person is told.
    func address(of person: String) -> String { server.url + Self.path(of: person) }

    /// How many messages for this person were answered with success.
    func taken(for person: String) -> Int { state.withLock { $0.taken[Self.path(of: person)] ?? 0 } }

    private static func path(of person: String) -> String { "/\(person)" }

    func stop() { server.stop() }
}
