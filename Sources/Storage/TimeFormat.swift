public import Postgres

/// By which clock somebody reads, and how dates are written for them.
public struct TimeFormat: Sendable, Equatable {
    /// The name of a time zone in the IANA database: "Europe/Berlin".
    public var zone: String
    /// How dates are written: a language (BCP 47, "en-GB"), or "iso" (ISO 8601).
    public var dates: String

    /// Names both.
    public init(zone: String = "UTC", dates: String = "en-GB") {
        self.zone = zone
        self.dates = dates
    }

    /// The zones that the database knows: "UTC", and those of places, by name.
    public static func zones(on connection: PostgresConnection) async throws -> [String] {
        try await connection.query(
            """
            SELECT name FROM pg_timezone_names WHERE name ~
                '^(UTC$|(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)/)'
            ORDER BY name <> 'UTC', name
            """
        ).map { try $0.get("name") }
    }
}
