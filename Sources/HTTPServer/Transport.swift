import Glibc
import Reactor

/// A connection's bytes, with waiting and deadlines. Used on its loop, by one reader and one writer at a time.
final class Transport: @unchecked Sendable {
    /// What has arrived and is not used yet. Nothing that works on it comes back here, which is not checked at each access.
    @exclusivity(unchecked) var input = InputBuffer()
    private let channel: any Channel
    private let loop: EventLoop
    private let readiness: Readiness
    private var descriptor: Descriptor?
    private var isReading = false
    private var isWriting = false
    /// The last read took all there was: to wait first saves a call.
    @exclusivity(unchecked) private(set) var isDrained = false
    /// Whoever waits in `fill` has something to do, without anything more to be read.
    private(set) var isHandedOver = false

    /// `channel` works on the descriptor.
    init(_ descriptor: consuming Descriptor, _ channel: any Channel, on loop: EventLoop) throws(SystemError) {
        self.channel = channel
        self.loop = loop
        readiness = try Readiness(descriptor.raw, on: loop, heedsCancellation: false)
        self.descriptor = consume descriptor
    }

    /// Waits for the first byte, and says whether it is that of a request without TLS: a method begins with a letter, and
    /// no record of TLS does (RFC 8446 §5.1).
    func beginsPlainly(until deadline: ContinuousClock.Instant) async throws -> Bool {
        try await readiness.readable(until: deadline)
        return firstUnread.map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 & ~0x20 } ?? false
    }

    func handshake(until deadline: ContinuousClock.Instant) async throws {
        while true {
            switch try channel.handshake() {
            case .done: return
            case .end: throw ConnectionLost()
            case .wantsRead: try await readiness.readable(until: deadline)
            case .wantsWrite: try await readiness.writable(until: deadline)
            }
        }
    }

    /// Reads something into `input`. `false`: the peer has finished.
    func fill(until deadline: ContinuousClock.Instant?) async throws -> Bool {
        guard !isReading else { throw ConnectionLost() }
        isReading = true
        defer { isReading = false }
        if isDrained { try await readiness.readable(until: deadline) }
        while true {
            if isHandedOver {
                isHandedOver = false
                return true
            }
            switch try readOnce() {
            case .done: return true
            case .end: return false
            case .wantsRead: try await readiness.readable(until: deadline)
            case .wantsWrite:
                // TLS owes the peer an answer. If somebody else is stuck in writing already, the peer demands answers
                // and does not take them.
                guard !isWriting else { throw ConnectionLost() }
                isWriting = true
                defer { isWriting = false }
                try await readiness.writable(until: deadline)
            }
        }
    }

    private func readOnce() throws -> Attempt {
        guard descriptor != nil else { throw ConnectionLost() }
        let buffer = loop.scratch
        isDrained = false  // also of what cannot be read: whoever comes next meets it at once
        let attempt = try channel.read(into: buffer)
        if case .done(let count) = attempt {
            input.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            isDrained = count < buffer.count && !channel.holdsBytes
        }
        return attempt
    }

    // MARK: Without waiting

    /// Calls `body` when something arrives for whoever waits in `fill`, who goes on waiting if it says `true`.
    func onArrival(_ body: @escaping () -> Bool) {
        readiness.onReadable = body
    }

    /// Reads into `input` what is there.
    func fillAtOnce() throws -> Attempt { try readOnce() }

    /// Writes what `make` makes as far as the system takes it now, and returns the rest. What goes wrong in writing goes
    /// wrong again with the rest.
    func writeAtOnce(atMost size: Int, _ make: (inout OutputSpan<UInt8>) -> Void) -> [UInt8] {
        guard size <= loop.scratch.count else {
            let bytes = Array(capacity: size, initializingWith: make)
            let count = bytes.withUnsafeBytes { writeAtOnce($0) }
            return Array(bytes[count...])
        }
        let scratch = loop.scratch.bindMemory(to: UInt8.self)
        var output = OutputSpan(buffer: scratch, initializedCount: 0)
        make(&output)
        let bytes = UnsafeRawBufferPointer(rebasing: loop.scratch[..<output.finalize(for: scratch)])
        let count = writeAtOnce(bytes)
        return count == bytes.count ? [] : Array(bytes[count...])
    }

    private func writeAtOnce(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard !isWriting, descriptor != nil, case .done(let count) = try? channel.write(bytes) else { return 0 }
        return count
    }

    /// Whoever waits in `fill` returns as if something had been read.
    func handOver() {
        isHandedOver = true
    }

    /// Whoever waits in `fill` may do so until then.
    func postponeFilling(until deadline: ContinuousClock.Instant) {
        readiness.postponeReading(until: deadline)
    }

    // MARK: The end

    /// Whoever waits for bytes gets a `CancellationError`.
    func stopReading() {
        readiness.stopReading()
    }

    /// Writes all of it. The time runs from when the system first takes no more.
    func write(_ bytes: [UInt8], within timeout: Duration) async throws {
        guard !isWriting else { throw ConnectionLost() }
        isWriting = true
        defer { isWriting = false }
        var written = 0
        lazy var deadline: ContinuousClock.Instant = .now + timeout
        while written < bytes.count {
            guard descriptor != nil else { throw ConnectionLost() }
            let attempt = try bytes.withUnsafeBytes { bytes in
                try channel.write(UnsafeRawBufferPointer(rebasing: bytes[written...]))
            }
            switch attempt {
            case .done(let count): written += count
            case .end: throw ConnectionLost()
            case .wantsWrite: try await readiness.writable(until: deadline)
            case .wantsRead:
                guard !isReading else { throw ConnectionLost() }
                isReading = true
                defer { isReading = false }
                try await readiness.readable(until: deadline)
            }
        }
    }

    /// Answers without TLS somebody who has begun without.
    func answerPlainly(_ text: String, linger: Duration) async {
        guard let descriptor = descriptor?.raw else { return }
        do {
            let bytes = Array(text.utf8)
            // Nothing was sent before: it fits, or the peer is gone.
            try systemCall("send") { send(descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL)) }
            try systemCall("shutdown") { shutdown(descriptor, CInt(SHUT_WR)) }
        } catch {
            return
        }
        await drain(descriptor, until: .now + linger)
    }

    /// Finishes our side, and drops what still comes until the peer finishes too, or the deadline.
    func linger(until deadline: ContinuousClock.Instant) async {
        guard let descriptor = descriptor?.raw else { return }
        readiness.onReadable = nil
        finish()
        await drain(descriptor, until: deadline)
    }

    /// Says that nothing more will come.
    func finish() {
        if descriptor != nil { channel.finish() }
    }

    private func drain(_ descriptor: CInt, until deadline: ContinuousClock.Instant) async {
        do {
            while ContinuousClock.now < deadline {
                try await readiness.readable(until: deadline)
                // Not through TLS: nobody wants to know what it says.
                let count = recv(descriptor, loop.scratch.baseAddress, loop.scratch.count, 0)
                if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { return }
                await Task.yield()
            }
        } catch {
            // Out of time, or the server stops: either way the connection is closed now.
        }
    }

    /// Whether something has arrived that nobody has read.
    var hasArrived: Bool { firstUnread != nil }

    /// The next byte of the socket, which stays there.
    private var firstUnread: UInt8? {
        guard let descriptor = descriptor?.raw else { return nil }
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, CInt(MSG_PEEK)) > 0 ? byte : nil
    }

    /// Closes so that the peer notices that something is missing (RST).
    func abort() {
        if let descriptor = descriptor?.raw {
            var option = Glibc.linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout.size(ofValue: option)))
        }
        drop()
    }

    /// Closes, and says so before (RFC 8446 §6.1: close_notify); whoever waits gets an error.
    func close() {
        finish()
        drop()
    }

    private func drop() {
        readiness.close()
        descriptor = nil
    }
}

/// The peer is gone, or behaves so that it had better be.
struct ConnectionLost: Error {}
