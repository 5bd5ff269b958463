import Postgres

/// Whether people were told: on the page once of everything, and elsewhere at least once of each notice.
struct Notices {
    let house: House

    /// What is not told or not on its way yet.
    static let unrest: SQL = """
        SELECT count(*) || ' happenings are not told' AS what FROM untold HAVING count(*) > 0
        UNION ALL
        SELECT 'delivery ' || id || ' is not sent: ' || COALESCE(last_error, '') FROM deliveries
        WHERE sent_at IS NULL AND failed_at IS NULL
        """

    func contradictions() async throws -> [String] {
        try await onThePage() + elsewhere()
    }

    private func onThePage() async throws -> [String] {
        try await house.database.query(
            """
            WITH told AS (
                SELECT request_id, user_id, count(*) AS times FROM notices WHERE kind = 'completed'
                GROUP BY request_id, user_id),
            -- Who left and joined again was perhaps told of what came before.
            done AS (
                SELECT events.request_id, people.user_id, count(*) AS times
                FROM events JOIN request_people AS people ON people.request_id = events.request_id
                WHERE event = 'downloadCompleted' GROUP BY events.request_id, people.user_id
                HAVING bool_or(joined_at <= at))
            SELECT users.name || ' was told ' || COALESCE(told.times, 0) || ' times that something of request '
                || done.request_id || ' is here, and it came ' || done.times || ' times' AS what
            FROM done JOIN users ON users.id = done.user_id
            LEFT JOIN told ON told.request_id = done.request_id AND told.user_id = done.user_id
            WHERE COALESCE(told.times, 0) NOT BETWEEN 1 AND done.times
            UNION ALL
            SELECT 'notice ' || notices.id || ' does not go the way ' || ways.id
            FROM notices JOIN ways ON ways.user_id = notices.user_id AND notices.kind = ANY (ways.notices)
            WHERE NOT EXISTS (SELECT FROM deliveries WHERE notice_id = notices.id AND way_id = ways.id)
            """
        ).map { try $0.get("what") }
    }

    private func elsewhere() async throws -> [String] {
        var wrong: [String] = []
        for row in try await house.database.query(
            """
            SELECT users.name, count(sent_at) AS sent, count(failed_at) FILTER (WHERE attempts < 8) AS failed
            FROM deliveries JOIN ways ON ways.id = way_id JOIN users ON users.id = ways.user_id GROUP BY users.name
            """)
        {
            let (name, sent) = (try row.get("name") as String, try row.get("sent") as Int)
            let taken = house.webhooks.taken(for: name)
            if taken < sent { wrong.append("\(name)'s webhook took \(taken) messages, and \(sent) are marked as sent") }
            let failed: Int = try row.get("failed")
            if failed > 0 { wrong.append("\(failed) messages to \(name) were given up too early") }
        }
        return wrong
    }
}
