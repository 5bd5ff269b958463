import CLinux
import Glibc
import Logging
import Reactor

/// Accepts connections at one address. Used on its loop.
///
/// When there are no descriptors left, accepting fails and yet epoll goes on to report the listener: a server that is
/// not prepared for it spins. Here one descriptor is kept in reserve, so that the connection can be accepted and closed,
/// and accepting rests for a moment.
final class Listener: @unchecked Sendable {
    private let loop: EventLoop
    private let logger: Logger
    private let admit: (consuming Descriptor, String) -> Bool
    private var descriptor: Descriptor?
    private var reserve: Descriptor?
    private var registration: Registration?
    private var pause: LoopTimer?
    private var isFull = false
    /// Said in the log once, and not ten times a second.
    private var isExhausted = false

    private static let batch = 64
    private static let rest: Duration = .milliseconds(100)

    /// `admit` takes a connection over, and says whether there is room for another.
    init(
        _ descriptor: consuming Descriptor, on loop: EventLoop, logger: Logger,
        admit: @escaping (consuming Descriptor, String) -> Bool
    ) throws(SystemError) {
        self.loop = loop
        self.logger = logger
        self.admit = admit
        let raw = descriptor.raw
        self.descriptor = consume descriptor
        reserve = openReserve()
        registration = try loop.register(raw, for: .readable) { [weak self] _ in self?.accept() }
    }

    /// There is room again.
    func resume() {
        isFull = false
        listen()
    }

    /// Accepts what has already connected, and no more.
    func close() {
        if pause == nil, !isFull { accept() }
        registration?.cancel()
        registration = nil
        pause?.cancel()
        descriptor = nil
        reserve = nil
    }

    private func accept() {
        guard let listener = descriptor?.raw else { return }
        for _ in 0..<Self.batch {
            do throws(SystemError) {
                var connection: CInt = -1
                let peer = try SocketAddress.filled { (address, length) throws(SystemError) in
                    connection = try systemCall("accept4") { clinux_accept(listener, address, length) }
                }
                isExhausted = false
                guard admit(Descriptor(owning: connection), peer.host) else {
                    isFull = true
                    return update([])
                }
            } catch {
                switch error.number {
                case EAGAIN: return
                case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                    if !isExhausted { logger.warning("accepting rests", metadata: ["error": "\(error)"]) }
                    isExhausted = true
                    useReserve(for: listener)
                    return takeRest()
                case EBADF, EINVAL, ENOTSOCK, EOPNOTSUPP, EFAULT:
                    logger.error("accepting fails", metadata: ["error": "\(error)"])
                    return takeRest()
                default: continue  // the connection has ended before it was accepted (accept(2), "Error handling")
                }
            }
        }
    }

    /// Tells one client at once, rather than letting it wait in the queue.
    private func useReserve(for listener: CInt) {
        guard reserve != nil else { return }
        reserve = nil
        let connection = clinux_accept(listener, nil, nil)
        if connection >= 0 { Glibc.close(connection) }
        reserve = openReserve()
    }

    private func takeRest() {
        update([])
        pause = loop.schedule(at: .now + Self.rest) { [weak self] in
            guard let self else { return }
            pause = nil
            if reserve == nil { reserve = openReserve() }
            listen()
        }
    }

    private func listen() {
        if pause == nil, !isFull { update(.readable) }
    }

    private func update(_ events: IOEvents) {
        do {
            try registration?.update(events)
        } catch {
            logger.error("epoll refuses the listener", metadata: ["error": "\(error)"])
        }
    }
}

private func openReserve() -> Descriptor? {
    let raw = open("/dev/null", O_RDONLY | O_CLOEXEC)
    return raw < 0 ? nil : Descriptor(owning: raw)
}
