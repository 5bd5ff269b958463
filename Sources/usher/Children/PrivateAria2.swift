import Aria2
import Foundation
import Logging

/// An aria2 of Usher's own: on loopback, with a secret made anew at each start, and no session file, since the database
/// knows what it should be doing.
struct PrivateAria2: Sendable {
    let url: String
    let secret: String
    let child: Child

    init(dataDirectory: String, secret: String, logger: Logger) throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/aria2c") else {
            throw UsherError("aria2 is not installed (apt-get install aria2); or set USHER_ARIA2_URL.")
        }
        let folder = dataDirectory + "/aria2"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let port = try Self.freePort()
        let configuration = Aria2Configuration.text(
            secret: secret, rpcPort: port, listenPort: try Self.freePort(), directory: folder)
        let file = folder + "/aria2.conf"
        let written = FileManager.default.createFile(
            atPath: file, contents: Data(configuration.utf8), attributes: [.posixPermissions: 0o600])
        guard written else { throw UsherError("\(file) cannot be written.") }
        self.secret = secret
        url = "http://127.0.0.1:\(port)/jsonrpc"
        child = Child(
            Child.Program(
                name: "aria2", path: "/usr/bin/aria2c",
                arguments: ["--conf-path=\(file)", "--stop-with-process=\(getpid())"], user: nil,
                workingDirectory: folder, stopSignal: .terminate, log: folder + "/aria2.log"),
            logger: logger)
    }

    /// A port that nobody listens on at this moment.
    private static func freePort() throws -> Int {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0 else { throw UsherError("no socket: \(String(cString: strerror(errno)))") }
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard bound else { throw UsherError("no free port: \(String(cString: strerror(errno)))") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
