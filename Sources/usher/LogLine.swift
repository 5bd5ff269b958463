import Foundation
import Logging

/// Writes one line an event to standard error: time, level, message, what belongs to it.
///
/// What comes from outside may hold line ends and escape sequences; in the log they are written out.
struct LogLine: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    let label: String

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line = "\(Date().formatted(.iso8601)) \(event.level.rawValue) \(event.message)"
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) { line += " \(key)=\"\(value)\"" }
        FileHandle.standardError.write(Data((Self.plain(line) + "\n").utf8))
    }

    static func plain(_ text: String) -> String {
        var plain = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": plain += "\\n"
            case "\r": plain += "\\r"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f: plain += "\\x\(String(scalar.value, radix: 16))"
            default: plain.unicodeScalars.append(scalar)
            }
        }
        return plain
    }
}
