import HTTP
import Reactor

/// Writes a streamed body. Several tasks may write; each piece stays whole.
final class StreamWriter: BodyWriter, @unchecked Sendable {  // used on the loop only: write goes there first
    private let transport: Transport
    private let loop: EventLoop
    private let isChunked: Bool
    private let timeout: Duration
    private var isBusy = false
    private var waiting: [UnsafeContinuation<Void, Never>] = []
    /// A piece was cut off: nothing can come after it.
    private var isBroken = false

    init(_ transport: Transport, on loop: EventLoop, isChunked: Bool, timeout: Duration) {
        self.transport = transport
        self.loop = loop
        self.isChunked = isChunked
        self.timeout = timeout
    }

    func write(_ bytes: [UInt8]) async throws {
        var encoded = bytes
        if isChunked {
            encoded = []
            ResponseEncoder.appendChunk(bytes, to: &encoded)
        }
        try await send(encoded)
    }

    /// Writes the end of the body.
    func finish() async throws {
        var encoded: [UInt8] = []
        if isChunked { ResponseEncoder.appendLastChunk(to: &encoded) }
        try await send(encoded)
    }

    private func send(_ bytes: [UInt8]) async throws {
        try await loop.run {
            await self.acquire()
            defer { self.release() }
            guard !self.isBroken else { throw ConnectionLost() }
            do {
                try await self.transport.write(bytes, until: .now + self.timeout)
            } catch {
                self.isBroken = true
                throw error
            }
        }
    }

    private func acquire() async {
        if isBusy {
            await withUnsafeContinuation { waiting.append($0) }
        } else {
            isBusy = true
        }
    }

    /// The next one takes over without the writer ever being free in between.
    private func release() {
        if waiting.isEmpty {
            isBusy = false
        } else {
            waiting.removeFirst().resume()
        }
    }
}
