import Foundation
import Postgres
import Releases
import Storage
import TestSupport
import Torznab

@testable import Orchestrator

/// What is done with the answers of indexers: one search's many, and the newest releases for all that waits.
struct Finding: Benchmark {
    let name = "finding"
    let notes = "Medians of 15 rounds; half of the results are of the title that is wanted."
    private static let waiting = 100_000

    func run() async throws -> [Outcome] {
        let database = try await TestDatabase.household(requests: Self.waiting)
        let pool = database.pool
        let id = try await pool.withConnection {
            try await Indexers.add(IndexerSettings(name: "Bench", url: "http://127.0.0.1:9/api"), on: $0)
        }
        let indexer = try await pool.withConnection { try await Indexers.find(id, on: $0) }
        guard let indexer else { throw TestSupportError("The indexer is not there") }
        try await addKeys(to: pool)
        try await database.tidy()
        let house = try await House(database)

        let plan = try await pool.transaction(.readOnly) {
            try await SearchPlan.load(for: TestDatabase.firstRequest, on: $0)
        }
        let results = [IndexerOutcome(indexer: indexer, offers: offers(1000, ofMany: false), milliseconds: 0)]
        var accepted = 0
        let judging = try await rounds { accepted = Judging(results, plan: plan).accepted }
        guard accepted > 0 else { throw TestSupportError("Nothing was acceptable") }

        let newest = [IndexerOutcome(indexer: indexer, offers: offers(100, ofMany: true), milliseconds: 0)]
        let releases = NewestReleases(orchestrator: house.orchestrator)
        var matched = 0
        let matching = try await rounds { matched = try await releases.waiting(for: newest).count }
        guard matched > 0 else { throw TestSupportError("Nothing was matched") }
        await house.pool.shutdown()
        return [
            .time("1,000 results of a search read, judged (\(accepted) accepted) and ranked", judging, under: 0.02),
            .time(
                "100 newest releases against \(figure(Double(Self.waiting))) waiting requests (\(matched) matched)",
                matching, under: 0.05),
        ]
    }

    /// What `TitleKeys` keeps of each title, all at once.
    private func addKeys(to pool: PostgresPool) async throws {
        let keys = (1...Self.waiting).flatMap { number in
            TitleLookup.keys(of: "Title \(number)", year: 2000 + number % 25)
                .map { (key: $0, title: TestDatabase.firstTitle + Int64(number) - 1) }
        }
        try await pool.withConnection { connection in
            _ = try await connection.execute(
                """
                INSERT INTO title_keys (key, title_id)
                SELECT * FROM unnest(\(keys.map(\.key))::text[], \(keys.map(\.title))::bigint[])
                """, within: .seconds(300))
        }
    }

    private func rounds(_ body: () async throws -> Void) async throws -> Double {
        var times: [Double] = []
        for _ in 0..<15 { times.append(try await seconds(body)) }
        return median(times)
    }

    /// Names of films: every second one of the title that is wanted, or of one of the many that wait.
    private func offers(_ count: Int, ofMany: Bool) -> [Torznab.Item] {
        (1...count).map { number in
            let title = ofMany ? number * 977 : 1
            let film =
                number.isMultiple(of: 2) ? "Something.Else.\(number).2011" : "Title.\(title).\(2000 + title % 25)"
            let quality = ["1080p.BluRay.x264", "720p.WEB-DL.DDP5.1.H.264", "2160p.WEB.h265"][number % 3]
            return Torznab.Item(
                title: "\(film).\(quality)-GROUP\(number)", guid: "\(number)", link: "http://127.0.0.1:9/\(number)",
                size: Int64(number) * 10_000_000, seeders: number)
        }
    }
}
