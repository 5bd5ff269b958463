import Postgres
import TestSupport
import Testing

@Suite struct SmokeTests {
    @Test func works() async throws {
        let database = try await TestDatabase.make()
        let rows = try await database.pool.query("SELECT \(7) + \(8) AS sum, \("ü")::text AS name")
        #expect(try rows[0].get("sum", as: Int.self) == 15)
        #expect(try rows[0].get("name", as: String.self) == "ü")
        #expect(
            try await Int(database.pool.query("SELECT count(*) AS n FROM schema_migrations")[0].get("n", as: Int.self))
                > 0)
    }
}
