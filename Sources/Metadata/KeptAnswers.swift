import HTTPClient
import HTTPTypes
import Reactor

/// The last answers of a source that came with a validator, so that it need not send again what has not changed
/// (RFC 9110 §13.1).
final class KeptAnswers: Sendable {
    private struct Kept {
        let validator: (name: HTTPField.Name, value: String)
        let body: [UInt8]
        var lastUse: Int
    }

    private struct State {
        var answers: [String: Kept] = [:]
        var bytes = 0
        var uses = 0
    }

    /// Larger ones are not kept.
    private static let largest = 1 << 20
    private let capacity: Int
    private let state = Locked(State())

    /// - Parameter capacity: bytes of bodies that are kept at most; what was not used for longest goes first.
    init(capacity: Int = 4 << 20) {
        self.capacity = capacity
    }

    /// The request as it asks for anything but what is known already.
    func conditional(_ request: ClientRequest) -> ClientRequest {
        guard request.method == .get, let kept = state.withLock({ $0.answers[request.url] }) else { return request }
        var request = request
        request.fields[kept.validator.name] = kept.validator.value
        return request
    }

    /// What was kept of an address that has not changed.
    func body(of url: String) -> [UInt8]? {
        state.withLock { state in
            state.uses += 1
            state.answers[url]?.lastUse = state.uses
            return state.answers[url]?.body
        }
    }

    /// Keeps an answer, if it can be asked for later whether it still holds.
    func keep(_ response: ClientResponse, of request: ClientRequest) {
        guard request.method == .get, response.body.count <= min(Self.largest, capacity) else { return }
        let validator: (HTTPField.Name, String)? =
            response.fields[.eTag].map { (.ifNoneMatch, $0) }
            ?? response.fields[.lastModified].map { (.ifModifiedSince, $0) }
        state.withLock { state in
            if let old = state.answers.removeValue(forKey: request.url) { state.bytes -= old.body.count }
            guard let validator else { return }
            state.uses += 1
            state.answers[request.url] = Kept(validator: validator, body: response.body, lastUse: state.uses)
            state.bytes += response.body.count
            while state.bytes > capacity, let oldest = state.answers.min(by: { $0.value.lastUse < $1.value.lastUse }) {
                state.answers[oldest.key] = nil
                state.bytes -= oldest.value.body.count
            }
        }
    }
}
