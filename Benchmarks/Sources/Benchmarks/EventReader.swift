import Foundation
import Glibc
import Reactor
import TestSupport

/// A browser that has a page open: reads a server-sent event stream on a thread of its own, and knows when what came.
final class EventReader: Sendable {
    private let descriptor: CInt
    private let state = Locked<(arrivals: [Double], isOpen: Bool)>(([], false))

    /// Opens `/live` at a port of loopback, signed in with a cookie.
    init(port: Int, path: String, cookie: String) throws {
        descriptor = try connectLoopback(port: port)
        let head = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nCookie: \(cookie)\r\n\r\n"
        let bytes = Array(head.utf8)
        try systemCall("write") { write(descriptor, bytes, bytes.count) }
        Thread.detachNewThread { [self] in listen() }
    }

    /// When each event came, in seconds since 1970.
    var arrivals: [Double] { state.withLock { $0.arrivals } }

    /// Whether the stream has begun.
    var isOpen: Bool { state.withLock { $0.isOpen } }

    /// Ends the stream.
    func close() {
        shutdown(descriptor, CInt(SHUT_RDWR))
    }

    private func listen() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            let now = secondsSince1970()
            guard count > 0 else { break }
            let text = String(decoding: buffer[..<count], as: UTF8.self)
            state.withLock { state in
                if text.contains("retry:") { state.isOpen = true }
                for _ in text.matches(of: /event: ?changed/) { state.arrivals.append(now) }
            }
        }
        Glibc.close(descriptor)
    }
}

/// A connection to a port of loopback.
func connectLoopback(port: Int) throws -> CInt {
    let descriptor = try systemCall("socket") { socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    _ = try withUnsafePointer(to: address) { address in
        try address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            try systemCall("connect") { connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
    return descriptor
}

/// By the clock that PostgreSQL uses.
func secondsSince1970() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
