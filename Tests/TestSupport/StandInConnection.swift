import Foundation
import Glibc

/// A request that a stand-in received.
public struct StandInRequest: Sendable {
    /// "GET".
    public let method: String
    /// Path and query as they came.
    public let target: String
    /// Header fields, names in lower case.
    public let fields: [String: String]
    /// The body, by Content-Length.
    public let body: [UInt8]

    /// The path, percent-decoded.
    public var path: String {
        let raw = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)[0]
        return String(raw).removingPercentEncoding ?? String(raw)
    }

    /// The query's parameters, decoded; the last of each name.
    public var query: [String: String] {
        guard let start = target.firstIndex(of: "?") else { return [:] }
        var result: [String: String] = [:]
        for pair in target[target.index(after: start)...].split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { $0.replacingOccurrences(of: "+", with: " ").removingPercentEncoding ?? String($0) }
            result[parts[0]] = parts.count > 1 ? parts[1] : ""
        }
        return result
    }
}

/// One connection to a stand-in, on a thread of its own.
final class StandInConnection {
    private let socket: CInt
    private var buffer: [UInt8] = []

    init(_ socket: CInt) {
        self.socket = socket
    }

    /// The next request; nil at the end, or if it is none.
    func read() -> StandInRequest? {
        let end = Array("\r\n\r\n".utf8)
        var headEnd = buffer.firstRange(of: end)
        while headEnd == nil {
            guard receive(), buffer[0] != 0x16 else { return nil }  // a TLS hello is not answered
            headEnd = buffer.firstRange(of: end)
        }
        guard let headEnd else { return nil }
        var lines = String(decoding: buffer[..<headEnd.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        buffer.removeSubrange(..<headEnd.upperBound)
        let start = lines.removeFirst().split(separator: " ")
        guard start.count == 3 else { return nil }
        var fields: [String: String] = [:]
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            fields[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        let length = fields["content-length"].flatMap { Int($0) } ?? 0
        while buffer.count < length {
            guard receive() else { return nil }
        }
        let body = Array(buffer.prefix(length))
        buffer.removeFirst(length)
        return StandInRequest(method: String(start[0]), target: String(start[1]), fields: fields, body: body)
    }

    /// Whether the connection may be used again.
    func write(_ answer: StandInServer.Answer, to request: StandInRequest) -> Bool {
        switch answer {
        case .reply(let status, let fields, let body):
            var head = "HTTP/1.1 \(status) Whatever\r\nContent-Length: \(body.count)\r\n"
            for (name, value) in fields { head += "\(name): \(value)\r\n" }
            let content = request.method == "HEAD" ? [] : body
            return send(Array((head + "\r\n").utf8) + content) && request.fields["connection"] != "close"
        case .exactly(let bytes):
            finish(send(bytes))
        case .slowly(let bytes, let pause):
            for byte in bytes {
                var (seconds, attoseconds) = pause.components
                seconds += attoseconds / 1_000_000_000_000_000_000
                attoseconds %= 1_000_000_000_000_000_000
                var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
                nanosleep(&time, nil)
                guard send([byte]) else { break }
            }
        case .endlessly(let first, let rest):
            guard send(first) else { break }
            while send(rest) {}
        case .silence:
            while receive() {}
        case .close: break
        }
        return false
    }

    /// Says that no more will come, and waits for the other side: closing while it still writes would be a reset, and
    /// might take back what was sent.
    private func finish(_ wasSent: Bool) {
        guard wasSent else { return }
        shutdown(socket, CInt(SHUT_WR))
        while receive() {}
    }

    private func receive() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = recv(socket, &bytes, bytes.count, 0)
        guard count > 0 else { return false }
        buffer += bytes.prefix(count)
        return true
    }

    private func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { rest in
                Glibc.send(socket, rest.baseAddress, rest.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}
