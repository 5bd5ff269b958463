import Foundation
import Lifecycle
import Logging
import Postgres
import Storage
import TestSupport
import Testing

/// What is answered from what is committed already must be on the standby too: after a crash it can be read before that.
@Suite("Answers and the standby", .timeLimit(.minutes(10)))
struct StandbyTests {
    @Test func aFormThatIsSentAgainIsAnsweredWhenItsRequestIsOnTheStandby() async throws {
        let pair = try await TestPair.start(synchronous: true)
        var configuration = try PostgresConfiguration(url: pair.url(database: "postgres"))
        configuration.queryDeadline = .seconds(3)
        let pool = PostgresPool(configuration, group: TestDatabase.group, logger: Logger(label: "test"))
        _ = try await Schema.migrator.run(on: pool)
        let key = String(repeating: "k", count: 32)
        try await pool.transaction { connection in
            let user = try await Users.add(name: "Anna", passwordHash: "-", role: .member, on: connection)
            let title = try await Titles.save(
                TitleFacts(kind: .movie, identity: "x", name: "x", year: 2020), on: connection)
            let (request, _) = try await Requests.make(
                for: title, scope: .whole, futureFrom: nil, by: user, on: connection)
            _ = try await Items.add(to: request, at: nil, platform: nil, on: connection)
            try await FormKeys.remember(key, request: request, by: user, on: connection)
        }
        func answer() async throws -> Int64? {
            try await pool.transaction { try await FormKeys.request(for: key, on: $0) }
        }
        #expect(try await answer() != nil)
        try await pair.second.kill()
        let error = await #expect(throws: PostgresError.self) { try await answer() }
        #expect(error?.isOutcomeUnknown == true)
        await pool.shutdown()
    }
}
