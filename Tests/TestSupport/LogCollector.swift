public import Logging
import Reactor

/// Keeps what is logged from `notice` upwards, for a test that counts it.
public final class LogCollector: Sendable {
    private let collected = Locked<[String]>([])

    /// Collects nothing yet.
    public init() {}

    /// What was logged so far: level, message, and the rest.
    public var lines: [String] { collected.withLock { $0 } }

    /// A logger whose lines come here.
    public func logger() -> Logger {
        Logger(label: "collected") { _ in Handler(collector: self) }
    }

    private struct Handler: LogHandler {
        let collector: LogCollector
        var metadata = Logger.Metadata()
        var logLevel = Logger.Level.notice

        subscript(metadataKey key: String) -> Logger.MetadataValue? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            collector.collected.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
        }
    }
}
