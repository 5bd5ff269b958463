import Foundation
import Glibc
import Reactor
import TestSupport

/// Asks for a page at a fixed pace, on many connections, a thread each. A question that is late because the answer before
/// it was is counted from when it was due: who waits does not care why.
struct Pacing: Sendable {
    let port: Int
    let path: String
    let cookie: String
    var connections = 32

    /// How long each question took, in seconds, at so many a second.
    func latencies(rate: Double, for duration: Duration) async throws -> [Double] {
        let pool = BlockingPool(threads: connections, name: "pacing")
        let begin = secondsSince1970() + 0.1
        let end = begin + duration / .seconds(1)
        return try await withThrowingTaskGroup { group in
            for number in 0..<connections {
                group.addTask {
                    try await pool.run {
                        let descriptor = try connectLoopback(port: port)
                        defer { close(descriptor) }
                        var due = begin + Double(number) / rate
                        var latencies: [Double] = []
                        while due < end {
                            let pause = due - secondsSince1970()
                            if pause > 0 { Thread.sleep(forTimeInterval: pause) }
                            try ask(on: descriptor)
                            latencies.append(secondsSince1970() - due)
                            due += Double(connections) / rate
                        }
                        return latencies
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    private func ask(on descriptor: CInt) throws {
        let head = Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nCookie: \(cookie)\r\n\r\n".utf8)
        try systemCall("write") { write(descriptor, head, head.count) }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 32 << 10)
        var length: Int?
        while length.map({ answer.count < $0 }) ?? true {
            let count = try systemCall("read") { read(descriptor, &buffer, buffer.count) }
            guard count > 0 else { throw TestSupportError("The connection has ended") }
            answer += buffer[..<count]
            guard length == nil, let end = answer.firstRange(of: Array("\r\n\r\n".utf8)) else { continue }
            let fields = String(decoding: answer[..<end.lowerBound], as: UTF8.self)
            guard fields.hasPrefix("HTTP/1.1 200 "),
                let match = fields.firstMatch(of: #/Content-Length: (?<size>\d+)/#), let size = Int(match.size)
            else { throw TestSupportError("The answer is \(fields)") }
            length = end.upperBound + size
        }
    }
}
