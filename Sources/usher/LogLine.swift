import Foundation
import Logging

/// Writes one line an event to standard error: time, level, message, what belongs to it.
///
/// What comes from outside may hold line ends and escape sequences; in the log they are written out (OWASP ASVS 5.0.0,
/// 16.4.1).
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
        for (key, value) in all.sorted(by: { $0.key < $1.key }) { line += " \(key)=\"\(Self.quotable("\(value)"))\"" }
        FileHandle.standardError.write(Data((Self.plain(line) + "\n").utf8))
    }

    static func plain(_ text: String) -> String {
        var plain = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": plain += "\\n"
            case "\r": plain += "\\r"
            case _ where scalar.properties.generalCategory == .control: plain += "\\x\(String(scalar.value, radix: 16))"
            // What turns the direction of the text after it makes a line read as another (Unicode UAX #9, section 2).
            case _ where scalar.properties.isBidiControl: plain += "\\u{\(String(scalar.value, radix: 16))}"
            default: plain.unicodeScalars.append(scalar)
            }
        }
        return plain
    }

    /// A value that cannot end its quotation marks and go on as another.
    static func quotable(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }
}
