import Glibc

@testable import Reactor

/// Two connected sockets in non-blocking mode, closed with this value.
final class Sockets: Sendable {
    let near: CInt
    let far: CInt

    init() throws {
        var ends: [CInt] = [0, 0]
        try systemCall("socketpair") {
            socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
        }
        (near, far) = (ends[0], ends[1])
    }

    deinit {
        close(near)
        close(far)
    }

    /// Makes the near end readable.
    func send(_ count: Int = 1) throws {
        let bytes = [UInt8](repeating: 120, count: count)
        try systemCall("write") { write(far, bytes, count) }
    }

    /// Reads at most so many bytes at the near end; how many came.
    func receive(_ count: Int) -> Int {
        var bytes = [UInt8](repeating: 0, count: count)
        return max(0, read(near, &bytes, count))
    }

    /// Writes to the near end until it takes no more.
    func fill() {
        let bytes = [UInt8](repeating: 120, count: 65536)
        while write(near, bytes, bytes.count) > 0 {}
    }

    /// Reads all there is at the far end.
    func drain() {
        var bytes = [UInt8](repeating: 0, count: 65536)
        while read(far, &bytes, bytes.count) > 0 {}
    }

    func closeFar() {
        shutdown(far, CInt(SHUT_RDWR))
    }
}
