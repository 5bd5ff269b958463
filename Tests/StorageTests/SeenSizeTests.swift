import Lifecycle
import Postgres
import Storage
import Testing

@Suite("Sizes that were seen")
struct SeenSizeTests {
    private static func save(_ releases: [ReleaseRow], for request: Int64, in fixture: Fixture) async throws {
        try await fixture.pool.transaction { connection in
            let search = try await Searches.add(
                request: request, askedBy: nil, startedAt: try await DatabaseClock.now(on: connection),
                SearchOutcome(seen: releases.count, accepted: 0, sentence: "seen", answers: []), on: connection)
            try await ReleaseRows.save(releases, request: request, search: search, on: connection)
        }
    }

    private static func release(
        _ name: String, _ size: Int64?, _ coverage: Coverage = .whole, reason: String? = nil
    ) -> ReleaseRow {
        var release = Fixture.release(name, coverage: coverage)
        release.size = size
        release.reasons = reason.map { [StoredReason(code: $0, sentence: "Because.", isPermanent: true)] } ?? []
        return release
    }

    @Test func whatAReleaseHoldsIsCounted() async throws {
        let fixture = try await Fixture.make()
        let request = try await fixture.request(.show, scope: .ongoing)
        try await fixture.pool.execute(
            """
            INSERT INTO episodes (title_id, source_id, season, number)
            SELECT title_id, n::text, 1 + n / 4, n % 4 FROM requests, generate_series(0, 7) AS n WHERE id = \(request)
            """)
        let two: Set = [EpisodeNumber(season: 1, number: 1), EpisodeNumber(season: 1, number: 2)]
        try await Self.save(
            [
                Self.release("pack", 4_000, .seasons([2])), Self.release("packs", 8_000, .seasons([1, 2])),
                Self.release("double", 1_000, .episodes(two)), Self.release("nothing of it", 9, .episodes([])),
                Self.release("a season that nobody knows", 9, .seasons([7])),
                Self.release("of no size", nil, .seasons([1])),
            ], for: request, in: fixture)
        let seen = try await fixture.pool.withConnection { try await SeenSizes.list(of: request, on: $0) }
        #expect(
            seen.sorted { $0.bytes < $1.bytes } == [
                SeenSize(name: "double", bytes: 1_000, parts: 2), SeenSize(name: "pack", bytes: 4_000, parts: 4),
                SeenSize(name: "packs", bytes: 8_000, parts: 8),
            ])
    }

    @Test func whatIsSomethingElseDoesNotCount() async throws {
        let fixture = try await Fixture.make()
        let (one, other) = (try await fixture.request(), try await fixture.request())
        let game = try await fixture.request(.game)
        try await Self.save(
            [
                Self.release("good", 1), Self.release("few", 2, reason: "few-seeders"),
                Self.release("other", 3, reason: "wrong-title"), Self.release("absurd", 4, reason: "too-big"),
            ], for: one, in: fixture)
        try await Self.save([Self.release("elsewhere", 5, reason: "wrong-quality")], for: other, in: fixture)
        try await Self.save([Self.release("game", 6)], for: game, in: fixture)
        let (own, all) = try await fixture.pool.withConnection { connection in
            (
                try await SeenSizes.list(of: one, on: connection).map(\.bytes).sorted(),
                try await SeenSizes.list(of: .movie, on: connection).map(\.bytes).sorted()
            )
        }
        #expect(own == [1, 2])
        #expect(all == [1, 2, 5])
    }
}
