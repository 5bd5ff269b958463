public import FoundationEssentials
public import Postgres

/// How it stands with a piece of periodic work.
public struct JobRow: Sendable {
    /// Its name.
    public var name: String
    /// When it last began.
    public var beganAt: Date?
    /// When that run ended; `nil`: it has not.
    public var endedAt: Date?
    /// What the last run that ended came to, in words.
    public var outcome: String?
    /// Whether that was a failure.
    public var hasFailed: Bool
    /// When it runs next.
    public var nextAt: Date?
    /// Since when somebody wants it to run now.
    public var askedAt: Date?
}

/// The table `jobs`: what the house does from time to time, whichever process does it.
public enum Jobs {
    /// All that ever ran or was asked for.
    public static func list(on connection: PostgresConnection) async throws -> [JobRow] {
        try await connection.query(
            "SELECT name, began_at, ended_at, outcome, failed, next_at, asked_at FROM jobs"
        ).map { row in
            JobRow(
                name: try row.get("name"), beganAt: try row.get("began_at"), endedAt: try row.get("ended_at"),
                outcome: try row.get("outcome"), hasFailed: try row.get("failed"), nextAt: try row.get("next_at"),
                askedAt: try row.get("asked_at"))
        }
    }

    /// Has the job run as soon as a process comes by.
    public static func ask(_ name: String, on connection: PostgresConnection) async throws {
        try await connection.execute(
            """
            INSERT INTO jobs (name, asked_at) VALUES (\(name), clock_timestamp())
            ON CONFLICT (name) DO UPDATE SET asked_at = EXCLUDED.asked_at
            """)
    }

    /// Whether somebody wants it to run now.
    public static func isAsked(_ name: String, on connection: PostgresConnection) async throws -> Bool {
        try await !connection.query("SELECT FROM jobs WHERE name = \(name) AND asked_at IS NOT NULL").isEmpty
    }

    /// Whether its time has come, or somebody wants it to run now.
    public static func isDue(_ name: String, on connection: PostgresConnection) async throws -> Bool {
        try await connection.query(
            "SELECT FROM jobs WHERE name = \(name) AND asked_at IS NULL AND next_at > now()"
        ).isEmpty
    }

    /// It begins; whoever asked for it has what they wanted.
    public static func begin(_ name: String, on connection: PostgresConnection) async throws {
        try await connection.execute(
            """
            INSERT INTO jobs (name, began_at) VALUES (\(name), clock_timestamp())
            ON CONFLICT (name) DO UPDATE SET began_at = EXCLUDED.began_at, ended_at = NULL, asked_at = NULL
            """)
    }

    /// It has ended, and runs again in so many seconds.
    public static func end(
        _ name: String, outcome: String, hasFailed: Bool, nextIn seconds: Int, on connection: PostgresConnection
    ) async throws {
        try await connection.execute(
            """
            UPDATE jobs SET ended_at = clock_timestamp(), outcome = \(outcome), failed = \(hasFailed),
                next_at = clock_timestamp() + make_interval(secs => \(seconds)::int)
            WHERE name = \(name)
            """)
    }
}
