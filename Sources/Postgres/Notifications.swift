import Logging
import Reactor

/// What a listener hears.
public enum PostgresNotification: Sendable, Equatable {
    /// From now on notifications come; those before may have been missed. Now is the time to look at the tables.
    case reconnected
    /// Somebody called `pg_notify(channel, payload)`.
    case notify(channel: String, payload: String)
}

extension PostgresPool {
    /// The notifications on these channels, over a connection of its own, which is established again and again until
    /// the stream is dropped. Notifications are hints: they are lost while there is no connection, and when nobody
    /// takes them; `.reconnected` follows both.
    public func notifications(_ channels: [String]) -> AsyncStream<PostgresNotification> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: PostgresNotification.self, bufferingPolicy: .bufferingNewest(1024))
        let listener = Listener(
            channels: channels, configuration: configuration, servers: servers, health: health, loop: nextLoop,
            logger: logger, continuation: continuation)
        let task = Task(executorPreference: listener.loop) { await listener.run() }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }
}

private struct Listener: Sendable {
    let channels: [String]
    let configuration: PostgresConfiguration
    let servers: Servers
    let health: PoolHealth
    let loop: EventLoop
    let logger: Logger
    let continuation: AsyncStream<PostgresNotification>.Continuation

    /// Until the task is cancelled.
    func run() async {
        var failures = 0
        while !Task.isCancelled {
            do {
                let connection = try await connect()
                defer { connection.close() }
                for channel in channels { try await connection.runScript("LISTEN \(quoted(channel))") }
                failures = 0
                // Whoever looks at the tables now misses nothing: what is committed from here on is heard of.
                yield(.reconnected)
                try await receive(from: connection)
            } catch {
                guard !Task.isCancelled else { break }
                logger.debug("Not listening to PostgreSQL for now", metadata: ["reason": "\(error)"])
                failures += 1
                await pause(after: failures)
            }
        }
        continuation.finish()
    }

    /// Fails only if the database cannot be used at all, which is said where that is said.
    private func connect() async throws -> PostgresConnection {
        do {
            let connector = Connector(configuration: configuration, servers: servers, loop: loop)
            let connection = try await connector.connect(for: .readWrite)
            health.noteSuccess()
            return connection
        } catch let error as PostgresError {
            health.noteFailure(error)
            throw error
        }
    }

    private func receive(from connection: PostgresConnection) async throws {
        while true {
            do {
                let deadline = ContinuousClock.now + configuration.heartbeat
                for (channel, payload) in try await connection.receiveNotifications(until: deadline) {
                    yield(.notify(channel: channel, payload: payload))
                }
            } catch is TimedOut {
                // Silence may be a line that is dead without a word. A statement finds out.
                try await connection.runScript("SELECT 1")
                // Or it is a primary of the past, to which nobody says anything any more.
                if let objection = servers.objection(to: connection.server) {
                    throw PostgresError(.unavailable("the server \(objection)"))
                }
            }
        }
    }

    private func yield(_ notification: PostgresNotification) {
        if case .dropped = continuation.yield(notification) { continuation.yield(.reconnected) }
    }

    /// Up to five seconds, and a little more or less each time, lest all processes come back at once.
    private func pause(after failures: Int) async {
        let milliseconds = min(5000, 50 << min(failures, 10))
        // Ends early only when cancelled, which the caller looks at.
        try? await Task.sleep(for: .milliseconds(Int.random(in: milliseconds / 2...milliseconds)))
    }

    private func quoted(_ identifier: String) -> String {
        "\"" + identifier.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
