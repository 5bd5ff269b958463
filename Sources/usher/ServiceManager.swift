import Foundation
import Glibc

/// What systemd and its like ask of a service, without their library (sd_notify(3), sd_listen_fds(3)).
struct ServiceManager: Sendable {
    private let environment: [String: String]

    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.environment = environment
    }

    /// Sockets that listen for this process already. A service that is restarted keeps them, and whoever connects
    /// meanwhile waits in their queue.
    var sockets: [CInt] {
        guard environment["LISTEN_PID"] == String(getpid()), let count = environment["LISTEN_FDS"].flatMap(CInt.init),
            count > 0
        else { return [] }
        return (0..<count).map { 3 + $0 }
    }

    /// How often it wants to hear that the process lives; half the time after which it would end it.
    var watchdogInterval: Duration? {
        if let pid = environment["WATCHDOG_PID"], pid != String(getpid()) { return nil }
        return environment["WATCHDOG_USEC"].flatMap(Int64.init).map { .microseconds($0 / 2) }
    }

    /// Tells it `READY=1`, `STOPPING=1` or `WATCHDOG=1`, if anybody listens.
    func tell(_ state: String) {
        guard let path = environment["NOTIFY_SOCKET"], path.utf8.count < 108 else { return }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { room in
            room.copyBytes(from: path.utf8)
            if path.hasPrefix("@") { room[0] = 0 }  // a name in the abstract namespace
        }
        let length = socklen_t(MemoryLayout.offset(of: \sockaddr_un.sun_path)! + path.utf8.count)
        let descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                // Whoever does not listen has nothing to hear.
                _ = sendto(descriptor, state, state.utf8.count, CInt(MSG_NOSIGNAL), $0, length)
            }
        }
    }
}
