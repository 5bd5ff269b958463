import Testing

@testable import Postgres

@Suite struct SQLTests {
    @Test func interpolatedValuesAreParameters() {
        let name = "'; DROP TABLE users; --"
        let sql: SQL = "SELECT \(1), \(name) FROM t"
        #expect(sql.text == "SELECT $1, $2 FROM t")
        #expect(sql.binds == [1.postgresBind, name.postgresBind])
    }

    @Test func fragmentsKeepTheirParameters() {
        var sql: SQL = "SELECT * FROM t WHERE a = \(1)"
        sql += " AND b = \("x")"
        let order: SQL = "ORDER BY \(raw: "c")"
        sql += " AND \("c" as SQL) = \(2) \(order) LIMIT \(3)"
        #expect(sql.text == "SELECT * FROM t WHERE a = $1 AND b = $2 AND c = $3 ORDER BY c LIMIT $4")
        #expect(sql.binds == [1.postgresBind, "x".postgresBind, 2.postgresBind, 3.postgresBind])
    }

    @Test func rawValuesAndOptionals() {
        let status: Status? = nil
        let sql: SQL = "\(Status.found) \(status) \([Status.found, .failed]) \(Int?.none)"
        #expect(sql.text == "$1 $2 $3 $4")
        #expect(
            sql.binds == [
                "FOUND".postgresBind, String.postgresNull, ["FOUND", "FAILED"].postgresBind, Int.postgresNull,
            ])
    }

    @Test func withoutParameters() {
        let sql: SQL = "SELECT '$1'"
        #expect(sql.text == "SELECT '$1'")
        #expect(("a" + "b" as SQL).text == "ab")
    }
}

enum Status: String, Sendable, CaseIterable { case found = "FOUND", failed = "FAILED" }
