import CLinux
import Glibc
import HTTP
import Logging
import Reactor

/// The connections of one loop. Used on it.
final class LoopConnections: @unchecked Sendable {
    let loop: EventLoop
    private var connections: [ObjectIdentifier: Connection] = [:]
    private var dateSecond = 0
    private var dateText = ""
    private var lastID = UInt64.random(in: 0...(.max))

    init(_ loop: EventLoop) {
        self.loop = loop
    }

    /// Calls `body` on the loop.
    func onLoop(_ body: @escaping @Sendable (LoopConnections) -> Void) {
        loop.execute { body(self) }
    }

    func start(
        _ descriptor: consuming Descriptor, from peer: String, _ kind: Server.Listening.Kind, isTooMany: Bool,
        tls: TLSContext?, server: Server
    ) {
        let raw = descriptor.raw
        // Without it every answer may wait 40 ms for a delayed ACK.
        setOption(raw, TCP_NODELAY, 1)
        // A peer that has vanished acknowledges nothing. Event streams are too quiet to fill its buffer, and the system
        // by itself would go on trying for a quarter of an hour.
        let patience = server.configuration.timeouts.write.components.seconds
        setOption(raw, TCP_USER_TIMEOUT, CInt(clamping: patience * 1000))
        let connection: Connection
        do {
            let channel: any Channel
            if case .tls = kind, let tls { channel = try tls.session(over: raw) } else { channel = PlainChannel(raw) }
            let transport = try Transport(descriptor, channel, on: loop)
            connection = Connection(
                transport, peer: peer, kind, isTooMany: isTooMany, server: server, home: self)
        } catch {
            server.logger.warning("connection not served", metadata: ["error": "\(error)"])
            return server.connectionEnded(from: peer)
        }
        let key = ObjectIdentifier(connection)
        connections[key] = connection
        connection.start {
            self.connections[key] = nil
            server.connectionEnded(from: peer)
        }
    }

    /// Fails only for a connection that is gone already.
    private func setOption(_ descriptor: CInt, _ option: CInt, _ value: CInt) {
        var value = value
        setsockopt(descriptor, CInt(IPPROTO_TCP), option, &value, socklen_t(MemoryLayout<CInt>.size))
    }

    /// Closes between two requests, `evenNew` also before the first.
    func closeIdle(evenNew: Bool = false) {
        for connection in connections.values { connection.closeIfIdle(evenNew: evenNew) }
    }

    func endStreams() {
        for connection in connections.values { connection.endStream() }
    }

    func cancel() {
        for connection in connections.values { connection.cancel() }
    }

    /// Names the next request. Steps of the golden ratio run through all numbers, and neighbours look nothing alike.
    func newID() -> RequestID {
        lastID &+= 0x9e37_79b9_7f4a_7c15
        return RequestID(lastID)
    }

    /// The value of a `Date` field, made once a second.
    var date: String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &now)
        if now.tv_sec != dateSecond || dateText.isEmpty {
            dateSecond = now.tv_sec
            dateText = HTTPDate.format(secondsSince1970: dateSecond)
        }
        return dateText
    }
}
