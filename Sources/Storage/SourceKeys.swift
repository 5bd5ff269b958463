public import Postgres

/// The table `source_keys`: what administrators were given by the sources of titles that answer to nobody else.
public enum SourceKeys {
    /// What one source gave.
    public struct Key: Sendable, Equatable {
        /// Who asks, where the source gives out names.
        public var client: String?
        /// What shows it. Never shown.
        public var secret: String

        /// A key.
        public init(client: String? = nil, secret: String) {
            self.client = client
            self.secret = secret
        }
    }

    /// All that there are, by source.
    public static func load(on connection: PostgresConnection) async throws -> [String: Key] {
        try await connection.query("SELECT source, client, secret FROM source_keys").reduce(into: [:]) { keys, row in
            keys[try row.get("source")] = Key(client: try row.get("client"), secret: try row.get("secret"))
        }
    }

    /// Makes this the key of a source.
    public static func save(_ key: Key, of source: String, on connection: PostgresConnection) async throws {
        try await connection.execute(
            """
            INSERT INTO source_keys (source, client, secret) VALUES (\(source), \(key.client), \(key.secret))
            ON CONFLICT (source) DO UPDATE SET client = EXCLUDED.client, secret = EXCLUDED.secret
            """)
    }

    /// From now on the source has no key, and is not asked.
    public static func remove(of source: String, on connection: PostgresConnection) async throws {
        try await connection.execute("DELETE FROM source_keys WHERE source = \(source)")
    }
}
