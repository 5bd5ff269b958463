import HTTP
import HTTPTypes
import Reactor

extension Transport {
    /// Reads the body that follows a head, of no more than `limit` bytes (413); all of it within `time` (408).
    func readBody(
        of head: RequestHead, within time: Duration, atMost limit: Int, _ limits: HTTPLimits
    ) async throws -> [UInt8] {
        let deadline: ContinuousClock.Instant = .now + time
        // RFC 9110 §10.1.1: before the body is read, unless it is on its way already.
        if head.expectsContinue, input.count == 0 {
            if case .length(let length) = head.framing, length > limit {
                throw RequestError(.contentTooLarge, "size of the body")
            }
            try await write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), within: time)
        }
        switch head.framing {
        case .none: return []
        case .length(let length):
            guard length <= limit else { throw RequestError(.contentTooLarge, "size of the body") }
            while input.count < length { try await fillBody(until: deadline) }
            return input.take(length)
        case .chunked:
            var decoder = ChunkedDecoder(bodyLimit: limit, limits: limits)
            var body: [UInt8] = []
            while true {
                try input.decode(with: &decoder, into: &body)
                if decoder.isComplete { return body }
                try await fillBody(until: deadline)
            }
        }
    }

    private func fillBody(until deadline: ContinuousClock.Instant) async throws {
        do {
            guard try await fill(until: deadline) else { throw ConnectionLost() }
        } catch is TimedOut {
            throw RequestError(.requestTimeout, "time for the body")
        }
    }
}
