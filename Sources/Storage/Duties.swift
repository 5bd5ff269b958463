public import Postgres

/// The table `duties`: work that one process does for all of them, for as long as its lease lasts.
///
/// A lease and no advisory lock: that would keep a connection of the pool from everybody else.
public enum Duties {
    /// Takes the duty or keeps it for another `seconds`; `false` while another worker has it.
    public static func take(
        _ name: String, by worker: String, for seconds: Int, on connection: PostgresConnection
    ) async throws -> Bool {
        try await connection.execute(
            """
            INSERT INTO duties (name, worker, until)
            VALUES (\(name), \(worker), clock_timestamp() + make_interval(secs => \(seconds)))
            ON CONFLICT (name) DO UPDATE SET worker = EXCLUDED.worker, until = EXCLUDED.until
            WHERE duties.worker = EXCLUDED.worker OR duties.until < clock_timestamp()
            """) == 1
    }

    /// Gives the duty up, if it still is this worker's.
    public static func leave(_ name: String, by worker: String, on connection: PostgresConnection) async throws {
        try await connection.execute("DELETE FROM duties WHERE name = \(name) AND worker = \(worker)")
    }
}
