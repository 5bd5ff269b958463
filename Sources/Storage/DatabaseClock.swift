public import FoundationEssentials
public import Postgres

/// The clock that decides what is due and what is out.
///
/// Processes may run on several machines, and the clock of one of them may jump; the database has one for all, and what
/// is compared with times in its tables is compared by it.
public enum DatabaseClock {
    /// The time at this moment, not at the beginning of the transaction.
    public static func now(on connection: PostgresConnection) async throws -> Date {
        try await connection.query("SELECT clock_timestamp() AS now")[0].get("now")
    }
}
