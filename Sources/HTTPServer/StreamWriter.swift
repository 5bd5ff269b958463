import HTTP
import Reactor

/// A streamed body on its way to the client. Pieces come from any thread, and stay whole and in their order.
///
/// Between two pieces nothing runs and nothing is kept but this: there may be ten thousand open pages to which nothing
/// happens. What a client does not take is kept up to a limit; beyond it, or when it takes too long, the connection is
/// broken off, so that the client sees that something is missing.
final class StreamWriter: BodyWriter, @unchecked Sendable {  // used on the loop only: write and end go there first
    private let transport: Transport
    private let loop: EventLoop
    private let isChunked: Bool
    private let timeout: Duration
    private var unsent: [UInt8] = []
    private var isSending = false
    private var isEnded = false
    /// All of it is with the system.
    private(set) var isComplete = false

    static let mostUnsent = 1 << 20

    init(_ transport: Transport, on loop: EventLoop, isChunked: Bool, timeout: Duration) {
        self.transport = transport
        self.loop = loop
        self.isChunked = isChunked
        self.timeout = timeout
    }

    func write(_ bytes: [UInt8]) {
        loop.execute { self.add(bytes) }
    }

    func end() {
        loop.execute { self.finish() }
    }

    /// Nobody waits for the rest.
    func breakOff() {
        isEnded = true
        unsent = []
        transport.abort()
    }

    private func add(_ bytes: [UInt8]) {
        guard !isEnded else { return }
        if isChunked { ResponseEncoder.appendChunk(bytes, to: &unsent) } else { unsent += bytes }
        if unsent.count > Self.mostUnsent { breakOff() } else { send() }
    }

    private func finish() {
        guard !isEnded else { return }
        isEnded = true
        if isChunked { ResponseEncoder.appendLastChunk(to: &unsent) }
        send()
    }

    private func send() {
        guard !isSending else { return }
        isSending = true
        loop.spawn {
            while !self.unsent.isEmpty {
                let bytes = self.unsent
                self.unsent = []
                do {
                    try await self.transport.write(bytes, within: self.timeout)
                } catch {
                    return self.breakOff()
                }
            }
            self.isSending = false
            guard self.isEnded else { return }
            self.isComplete = true
            self.transport.stopReading()
        }
    }
}
