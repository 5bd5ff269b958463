public import Postgres
import Releases

/// The table `title_keys`: titles as the names of releases are looked up among them.
public enum TitleKeys {
    /// Keeps a title under the keys of all its names.
    static func save(
        _ title: Int64, name: String, year: Int?, on connection: PostgresConnection
    ) async throws {
        let names = [name] + (try await TitleNames.list(of: title, on: connection))
        let keys = names.reduce(into: Set<String>()) { $0.formUnion(TitleLookup.keys(of: $1, year: year)) }.sorted()
        try await connection.execute(
            """
            WITH gone AS (DELETE FROM title_keys WHERE title_id = \(title) AND key <> ALL (\(keys)::text[])),
                 done AS (UPDATE titles SET keys_version = \(TitleLookup.version)::int WHERE id = \(title))
            INSERT INTO title_keys (key, title_id) SELECT key, \(title) FROM unnest(\(keys)::text[]) AS key
            ON CONFLICT DO NOTHING
            """)
    }

    /// Keys some titles again that an older version of Usher keyed; `false` when there are none left.
    public static func renew(on connection: PostgresConnection) async throws -> Bool {
        let rows = try await connection.query(
            """
            SELECT id, name, year FROM titles WHERE keys_version < \(TitleLookup.version)::int
            ORDER BY id LIMIT 500 FOR UPDATE SKIP LOCKED
            """)
        for row in rows {
            try await save(row.get("id"), name: row.get("name"), year: row.get("year"), on: connection)
        }
        return rows.count == 500
    }

    /// The requests that wait for something a release with one of these keys may hold: for each key its requests.
    public static func waiting(
        for keys: Set<String>, on connection: PostgresConnection
    ) async throws -> [String: Set<Int64>] {
        let rows = try await connection.query(
            """
            SELECT title_keys.key, requests.id FROM title_keys JOIN requests USING (title_id)
            WHERE title_keys.key = ANY (\(keys.sorted())::text[]) AND requests.approval IS NULL AND EXISTS (
                SELECT FROM items WHERE items.request_id = requests.id AND items.status IN ('PENDING', 'FOUND'))
            """)
        var requests: [String: Set<Int64>] = [:]
        for row in rows { requests[try row.get("key"), default: []].insert(try row.get("id")) }
        return requests
    }
}
