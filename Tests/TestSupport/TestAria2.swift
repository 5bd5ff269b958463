public import Aria2
import Foundation
import Glibc
public import HTTPClient
import HTTPTypes
import Reactor

/// A real aria2 with the configuration that Usher gives to its own, in a temporary directory; gone with this process.
public final class TestAria2: Sendable {
    /// Its directory, which is deleted in the end. Downloads may go below it.
    public let directory: String
    /// Of its RPC.
    public let url: String
    /// Of its RPC.
    public let secret: String
    /// It, as Usher sees it.
    public let client: Aria2Client
    private let http: HTTPClient
    private let shell: WatchedShell

    /// Starts one, and returns when it answers.
    ///
    /// - Parameter options: override the configuration, such as `max-overall-upload-limit=100K`. Peers are found by
    ///   trackers only.
    public static func start(http: HTTPClient, options: [String] = []) async throws -> TestAria2 {
        let aria2 = try TestAria2(http: http, options: options)
        try await aria2.isReady()
        return aria2
    }

    private init(http: HTTPClient, options: [String]) throws {
        directory = "/tmp/usher-test-aria2-\(getpid())-\(UInt64.random(in: 0..<1_000_000_000))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let (rpcPort, listenPort) = try Self.freePorts()
        url = "http://127.0.0.1:\(rpcPort)/jsonrpc"
        secret = String(UInt64.random(in: .min ... .max), radix: 16)
        self.http = http
        client = Aria2Client(url: url, secret: secret, http: http)
        let configuration = Aria2Configuration.text(
            secret: secret, rpcPort: rpcPort, listenPort: listenPort, directory: "\(directory)/_unused")
        try configuration.write(toFile: "\(directory)/aria2.conf", atomically: true, encoding: .utf8)
        let own = ["enable-dht=false", "enable-peer-exchange=false", "console-log-level=error"]
        shell = try WatchedShell(script: Self.script, arguments: [directory] + (own + options).map { "--\($0)" })
    }

    /// Kills it without a warning (SIGKILL). It can be started again.
    public func kill() async throws {
        try await command("kill")
    }

    /// Starts it again after it was killed: it has forgotten everything.
    public func restart() async throws {
        try await command("start")
        try await isReady()
    }

    /// Freezes it (SIGSTOP): connections are still made, and nobody answers.
    public func freeze() async throws {
        try await command("freeze")
    }

    /// Ends ``freeze()``.
    public func thaw() async throws {
        try await command("thaw")
    }

    /// Changes one of its options, such as `max-overall-upload-limit` to `0`, at once.
    public func change(_ option: String, to value: String) async throws {
        try await call("aria2.changeGlobalOption", [option: value])
    }

    /// Changes an option of one torrent, such as `max-upload-limit`, at once.
    public func change(_ option: String, of infohash: String, to value: String) async throws {
        try await call("aria2.changeOption", of: infohash, [option: value])
    }

    /// Calls a method of its RPC for what it does, if named, to one torrent.
    public func call(
        _ method: String, of infohash: String? = nil, _ parameters: [String: String]? = nil
    ) async throws {
        var arguments: [Any] = ["token:\(secret)"]
        if let infohash { arguments.append(Aria2Client.gid(of: infohash)) }
        if let parameters { arguments.append(parameters) }
        let call: [String: Any] = ["jsonrpc": "2.0", "id": "1", "method": method, "params": arguments]
        guard let origin = WebURL(url)?.origin else { throw TestSupportError("aria2 has no address") }
        let body = [UInt8](try JSONSerialization.data(withJSONObject: call))
        let response = try await http.send(
            ClientRequest(url: url, method: .post, body: body, addresses: .exactly(origin)))
        guard response.status == 200 else { throw TestSupportError("aria2 refused \(method)") }
    }

    /// Ends it, and deletes its directory.
    public func stop() {
        shell.close()
    }

    /// Asks for the torrent again and again until its phase is as wanted; `nil` is the phase of what is not there.
    /// Returns all phases that were seen, without repetitions in a row.
    @discardableResult
    public func wait(
        for infohash: String, within limit: Duration = .seconds(30), until isMet: (Phase?) -> Bool
    ) async throws -> [Phase?] {
        var seen: [Phase?] = []
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            let phase = try await client.snapshot().transfers[infohash]?.phase
            if seen.isEmpty || seen.last != .some(phase) { seen.append(phase) }
            if isMet(phase) { return seen }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw TestSupportError("It did not come to that within \(limit); seen were \(seen)")
    }

    private func command(_ command: String) async throws {
        try shell.send(command)
        guard try await shell.nextLine() == command else {
            throw TestSupportError("aria2 cannot be told to \(command)")
        }
    }

    private func isReady() async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while true {
            do {
                _ = try await client.version()  // that it answers is enough
                return
            } catch let error where ContinuousClock.now > deadline {
                let log = try? String(contentsOfFile: "\(directory)/log", encoding: .utf8)  // there may be none
                throw TestSupportError(
                    "The tests need aria2 (apt-get install aria2). It does not start: \(error) \(log ?? "")")
            } catch {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    /// Two ports that are free at this moment. Both are held until both are known. They are below those that Linux
    /// gives away by itself (ip(7), `ip_local_port_range`), one of which would be taken again before aria2 has it.
    private static func freePorts() throws -> (Int, Int) {
        func bind() throws -> (CInt, Int) {
            var tries = 0
            while true {
                let port = UInt16.random(in: 10_000..<32_768)
                do {
                    return (try bind(port), Int(port))
                } catch {
                    tries += 1
                    if tries == 100 { throw error }
                }
            }
        }
        func bind(_ port: UInt16) throws -> CInt {
            let descriptor = try systemCall("socket") {
                // Not for children of this process, which would keep the port taken.
                socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            }
            var place = sockaddr_in()
            place.sin_family = sa_family_t(AF_INET)
            place.sin_port = port.bigEndian
            do {
                try withUnsafePointer(to: &place) { place in
                    try place.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
                        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
                        try systemCall("bind") { Glibc.bind(descriptor, place, size) }
                    }
                }
            } catch {
                close(descriptor)
                throw error
            }
            return descriptor
        }
        let (first, second) = (try bind(), try bind())
        close(first.0)
        close(second.0)
        return (first.1, second.1)
    }

    private static let script = #"""
        directory=$1
        shift
        start() {
            aria2c --conf-path="$directory/aria2.conf" --stop-with-process=$$ "$@" >>"$directory/log" 2>&1 </dev/null &
            child=$!
        }
        start "$@"
        while read -r command; do
            case $command in
                kill) kill -9 "$child"; wait "$child" 2>/dev/null ;;
                start) start "$@" ;;
                freeze) kill -STOP "$child" ;;
                thaw) kill -CONT "$child" ;;
            esac
            echo "$command"
        done
        kill -9 "$child"
        wait "$child" 2>/dev/null
        rm -rf "$directory"
        """#
}
