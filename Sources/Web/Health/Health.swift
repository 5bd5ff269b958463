import HTTP
import HTTPServer
import HTTPTypes
import Logging
import Orchestrator
import Postgres
import Storage

/// For machines that watch over this one.
extension Site {
    /// Whether the process answers; restarting it would help if it does not.
    func health(_ request: HTTP.Request) -> Response { Self.alive }

    private static let alive = Response.text("ok\n")

    /// Whether it can do its work. Why not is in the log: visitors need not know.
    func readiness(_ request: HTTP.Request) async -> Response {
        let readiness = await orchestrator.health()
        var text = ""
        for (part, problem) in [
            ("database", readiness.database), ("aria2", readiness.aria2), ("disk", readiness.disk),
        ] {
            text += "\(part) \(problem == nil ? "ok" : "failed")\n"
            if let problem { logger.warning("Not ready", metadata: ["part": "\(part)", "reason": "\(problem)"]) }
        }
        return .text(text, status: readiness.isReady ? .ok : .serviceUnavailable)
    }

    /// Figures for Prometheus, for those addresses only that may have them.
    func metrics(_ request: HTTP.Request) async throws -> Response {
        guard observers.contains(where: { $0.contains(request.peer) }) else { throw NotFound() }
        let readiness = await orchestrator.health()
        var text = requestMetrics.text()
        let connections = await pool.usage()
        var gauges = await serverGauges()
        gauges += [
            Gauge("live_streams", openPages.count),
            Gauge("database_connections", connections.open), Gauge("database_connections_idle", connections.idle),
            Gauge("database_waiters", connections.waiting),
            Gauge("database_up", readiness.database == nil ? 1 : 0), Gauge("aria2_up", readiness.aria2 == nil ? 1 : 0),
            Gauge("disk_ok", readiness.disk == nil ? 1 : 0),
        ]
        if readiness.database == nil {
            let backlog = try await read { try await Backlog.count(on: $0) }
            gauges += [Gauge("searches_due", backlog.searches), Gauge("effects_due", backlog.effects)]
        }
        for gauge in gauges { text += gauge.text }
        var response = Response.text(text)
        response.fields[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
        return response
    }
}

/// A figure of this moment, as Prometheus reads it (exposition format 0.0.4).
public struct Gauge: Sendable {
    private let name: String
    private let value: String

    /// A whole number.
    public init(_ name: String, _ value: Int) {
        (self.name, self.value) = (name, String(value))
    }

    /// A time, in seconds.
    public init(_ name: String, _ value: Duration) {
        (self.name, self.value) = (name, String(value / .seconds(1)))
    }

    var text: String { "# TYPE usher_\(name) gauge\nusher_\(name) \(value)\n" }
}
