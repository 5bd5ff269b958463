import Postgres
import Storage
import TestSupport
import Testing

/// What Usher may do in a database is no more than to own it (OWASP ASVS 5.0.0, 13.2.2).
@Suite("A role without any privileges", .timeLimit(.minutes(10)))
struct PlainRoleTests {
    @Test func owningTheDatabaseIsEnough() async throws {
        let cluster = try await TestCluster.start()
        let administrator = try TestDatabase(url: cluster.url(database: "postgres"))
        try await administrator.pool.execute("CREATE ROLE plain LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE")
        try await administrator.pool.execute("CREATE DATABASE house OWNER plain")
        let url = cluster.url(database: "house").replacing("user=usher", with: "user=plain")
        let house = try TestDatabase(url: url)
        try await Schema.migrator.run(on: house.pool)
        try await house.pool.transaction { connection in
            let user = try await Users.add(name: "Anna", passwordHash: "-", role: .member, on: connection)
            try await Sessions.add(tokenHash: [1], user: user, address: "::1", agent: "", on: connection)
            #expect(try await Sessions.find(tokenHash: [1], on: connection)?.user.name == "Anna")
        }
        for invariant in Invariant.all {
            #expect(try await house.pool.withConnection { try await invariant.check(on: $0) } == [])
        }
        #expect(try await house.pool.query("SELECT current_setting('is_superuser') AS it")[0].get("it") == "off")
    }
}
