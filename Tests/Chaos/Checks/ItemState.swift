import Postgres

/// An item as it is stored, with what led there.
struct ItemState: Sendable {
    var id: Int64
    var request: Int64
    var kind: String
    var title: String
    var season: Int?
    var number: Int?
    var platform: String?
    var status: String
    var reason: String
    /// Its last event, and by whom that was: an account's name, or nil of Usher itself.
    var event: String?
    var person: String?
    /// The release that it is on or was on last.
    var release: String?
    var infohash: String?
    var isPlaced: Bool
    /// How its request was searched last, and when it is searched next.
    var search: String
    /// Torrents that are not accepted for its request any more.
    var blocked: [String]
    /// Names of releases that failed for its request before anybody knew their torrent, and why.
    var refused: [String: String]

    static func all(of house: House) async throws -> [ItemState] {
        try await house.database.query(
            """
            SELECT items.id, items.request_id, titles.kind, titles.name AS title, items.season, items.number, platform,
                   items.status, COALESCE(items.reason, '') AS reason, events.event, users.name AS person,
                   releases.name AS release, downloads.infohash, downloads.placed_at IS NOT NULL AS placed,
                   format('searched %s times, next %s, last: %s', search_attempts, COALESCE(next_search_at::text, 'never'),
                       (SELECT answers FROM searches WHERE request_id = requests.id ORDER BY id DESC LIMIT 1)) AS search,
                   ARRAY(SELECT infohash FROM blocked_releases WHERE request_id = items.request_id) AS blocked,
                   ARRAY(SELECT releases.name FROM blocked_offers JOIN releases USING (request_id, indexer_name, guid)
                         WHERE request_id = items.request_id ORDER BY 1) AS refused,
                   ARRAY(SELECT blocked_offers.reason FROM blocked_offers
                         JOIN releases USING (request_id, indexer_name, guid)
                         WHERE request_id = items.request_id ORDER BY releases.name) AS reasons
            FROM items JOIN requests ON requests.id = items.request_id JOIN titles ON titles.id = requests.title_id
            LEFT JOIN events ON events.id = items.last_event_id LEFT JOIN users ON users.id = events.user_id
            LEFT JOIN downloads ON downloads.id = (
                SELECT download_id FROM events WHERE item_id = items.id AND event = 'selected' ORDER BY id DESC LIMIT 1)
            LEFT JOIN releases ON releases.id = downloads.release_id
            ORDER BY items.id
            """
        ).map { row in
            ItemState(
                id: try row.get("id"), request: try row.get("request_id"), kind: try row.get("kind"),
                title: try row.get("title"), season: try row.get("season"), number: try row.get("number"),
                platform: try row.get("platform"), status: try row.get("status"), reason: try row.get("reason"),
                event: try row.get("event"), person: try row.get("person"), release: try row.get("release"),
                infohash: try row.get("infohash"), isPlaced: try row.get("placed"), search: try row.get("search"),
                blocked: try row.get("blocked"),
                refused: Dictionary(
                    zip(try row.get("refused") as [String], try row.get("reasons") as [String]),
                    uniquingKeysWith: { $1 })
            )
        }
    }
}
