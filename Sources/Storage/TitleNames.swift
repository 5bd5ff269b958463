public import Postgres

/// The table `title_names`: what titles are called besides their name, in other countries and languages.
public enum TitleNames {
    /// Of one title from one source.
    public static let limit = 30
    /// The source of the names that people of the house have added.
    private static let house = "house"

    /// Replaces what a source has said before.
    static func save(
        _ names: [String], of title: Int64, from source: String, on connection: PostgresConnection
    ) async throws {
        let usable = Array(names.filter(isUsable).prefix(limit))
        try await connection.execute(
            """
            WITH given AS (SELECT name, min(place) AS place FROM unnest(\(usable)::text[]) WITH ORDINALITY AS given (name, place)
                           WHERE name <> (SELECT name FROM titles WHERE id = \(title)) GROUP BY name),
                 gone AS (DELETE FROM title_names WHERE title_id = \(title) AND source = \(source)
                          AND name NOT IN (SELECT name FROM given))
            INSERT INTO title_names (title_id, name, source, place) SELECT \(title), name, \(source), place FROM given
            ON CONFLICT (title_id, name) DO UPDATE SET place = EXCLUDED.place WHERE title_names.source = EXCLUDED.source
            """)
    }

    /// The other names of a title: first those that people have added, then those of its source, in its order.
    public static func list(of title: Int64, on connection: PostgresConnection) async throws -> [String] {
        try await connection.query(
            """
            SELECT name FROM title_names WHERE title_id = \(title) ORDER BY source <> \(house), source, place, name
            """
        ).map { try $0.get("name") }
    }

    /// Those of them that people have added.
    public static func added(to title: Int64, on connection: PostgresConnection) async throws -> [String] {
        try await connection.query(
            "SELECT name FROM title_names WHERE title_id = \(title) AND source = \(house) ORDER BY place, name"
        ).map { try $0.get("name") }
    }

    /// Replaces the names that people have added, and keeps the title under their keys too.
    public static func set(added names: [String], to title: Title, on connection: PostgresConnection) async throws {
        try await save(names, of: title.id, from: house, on: connection)
        try await TitleKeys.save(title.id, name: title.name, year: title.year, on: connection)
    }

    /// A name that can be shown and asked for. One of a single letter would be the name of half of everything.
    public static func isUsable(_ name: String) -> Bool {
        let scalars = name.unicodeScalars
        return 2...200 ~= scalars.count && name.contains { $0.isLetter || $0.isNumber }
            && scalars.allSatisfy { $0.properties.generalCategory != .control && !$0.properties.isBidiControl }
    }
}
