import FoundationEssentials
import TestSupport
import Testing

@testable import Postgres

@Suite struct ValueTests {
    let pool: PostgresPool
    private let database: TestDatabase

    init() async throws {
        database = try await TestDatabase.makeEmpty()
        pool = database.pool
    }

    /// What comes back when the value is bound in place of `type`.
    func roundTrip<Value: PostgresEncodable & PostgresDecodable & Sendable>(
        _ value: Value, _ type: String
    ) async throws -> Value {
        try await pool.query("SELECT \(value)::\(raw: type) AS value")[0].get("value")
    }

    @Test func integers() async throws {
        for value in [0, 1, -1, .max, .min] { #expect(try await roundTrip(value, "bigint") == value) }
        for value: Int64 in [0, .max, .min] { #expect(try await roundTrip(value, "bigint") == value) }
        for value: Int32 in [0, .max, .min] { #expect(try await roundTrip(value, "integer") == value) }
        #expect(try await roundTrip(42, "integer") == 42)
        #expect(try await roundTrip(42, "smallint") == 42)
        #expect(try await roundTrip(42, "numeric") == 42)
        let error = await #expect(throws: PostgresError.self) { try await roundTrip(Int.max, "integer") }
        #expect(error?.sqlState == "22003")
    }

    @Test func doubles() async throws {
        for value in [0.0, -0.1, .pi, 1e300, .leastNonzeroMagnitude, .infinity, -.infinity] {
            #expect(try await roundTrip(value, "double precision") == value)
        }
        #expect(try await roundTrip(Double.nan, "double precision").isNaN)
    }

    @Test func booleans() async throws {
        #expect(try await roundTrip(true, "boolean") == true)
        #expect(try await roundTrip(false, "boolean") == false)
    }

    @Test(arguments: ["", "plain", "Amélie – 日本語 🍿👩‍👩‍👧", "'; DROP TABLE x; --", "a\\b\"c\n\t\u{1}", "e\u{301}"])
    func strings(_ value: String) async throws {
        #expect(try await Array(roundTrip(value, "text").utf8) == Array(value.utf8))
    }

    @Test func longString() async throws {
        let value = String(repeating: "x🍿", count: 1_000_000)
        #expect(try await roundTrip(value, "text") == value)
    }

    @Test func characterZeroIsRefused() async throws {
        let error = await #expect(throws: PostgresError.self) { try await roundTrip("a\u{0}b", "text") }
        #expect(error?.isUnavailable == false)
        #expect(error?.description.contains("U+0000") == true)
        #expect(try await roundTrip("still there", "text") == "still there")
    }

    @Test func bytes() async throws {
        let all = (0...255).map { UInt8($0) }
        #expect(try await roundTrip(all, "bytea") == all)
        #expect(try await roundTrip([UInt8](), "bytea") == [])
    }

    @Test func times() async throws {
        for seconds in [0, 1_779_000_000.25, -5_000_000_000, 253_402_300_800.5, 951_782_400.000001] {
            let value = Date(timeIntervalSince1970: seconds)
            #expect(abs(try await roundTrip(value, "timestamptz").timeIntervalSince(value)) < 0.000_005)
            let server = try await pool.query("SELECT extract(epoch FROM \(value))::float8 AS seconds")
            #expect(abs(try server[0].get("seconds", as: Double.self) - seconds) < 0.000_005)
        }
    }

    @Test func timesInOtherForms() async throws {
        func read(_ expression: String) async throws -> Date {
            try await pool.query("SELECT \(raw: expression) AS value")[0].get("value")
        }
        #expect(try await read("'2026-05-12'::date") == Date(timeIntervalSince1970: 1_778_544_000))
        #expect(try await read("'infinity'::timestamptz") == .distantFuture)
        #expect(try await read("'-infinity'::timestamptz") == .distantPast)
        await #expect(throws: PostgresError.self) { try await read("'0044-03-15 BC'::timestamptz") }
        await #expect(throws: PostgresError.self) { try await read("'yesterday'::text") }
        let rows = try await pool.transaction { connection in
            try await connection.execute("SET LOCAL timezone = 'Asia/Kolkata'")
            return try await connection.query("SELECT '2026-05-12 00:00:00+00'::timestamptz AS value")
        }
        #expect(try rows[0].get("value") == Date(timeIntervalSince1970: 1_778_544_000))
    }

    @Test func arrays() async throws {
        let strings = ["", "NULL", "null", "a,b", "{x}", "\"q\"", "back\\slash", " pad ", "ü🍿", "line\nbreak"]
        #expect(try await roundTrip(strings, "text[]") == strings)
        #expect(try await roundTrip([String](), "text[]") == [])
        #expect(try await roundTrip([1, -2, .max], "bigint[]") == [1, -2, .max])
        #expect(try await roundTrip([Int](), "bigint[]") == [])
        #expect(try await roundTrip([Int32](arrayLiteral: 1, 2), "integer[]") == [1, 2])
        #expect(try await roundTrip([Int64](arrayLiteral: 1, 2), "bigint[]") == [1, 2])
        #expect(try await pool.query("SELECT 1 AS one WHERE 7 = ANY(\([6, 7]))").count == 1)
        #expect(try await pool.query("SELECT 1 AS one WHERE 'b' = ANY(\(["a", "b"]))").count == 1)
    }

    @Test func arraysThatDoNotFitAreRefused() async throws {
        func read(_ literal: String) async throws -> [Int] {
            try await pool.query("SELECT \(raw: literal) AS value")[0].get("value")
        }
        await #expect(throws: PostgresError.self) { try await read("ARRAY[1, NULL]") }
        await #expect(throws: PostgresError.self) { try await read("ARRAY[[1, 2], [3, 4]]") }
        await #expect(throws: PostgresError.self) { try await read("ARRAY['x']") }
        await #expect(throws: PostgresError.self) { try await read("'{'") }
        #expect(try await read("'{}'::int[]") == [])
    }

    struct Point: Codable, Equatable, Sendable {
        var x: Int
        var label: String?
    }

    @Test func json() async throws {
        let value = JSON([Point(x: 1, label: "ü/\"'"), Point(x: 2)])
        #expect(try await roundTrip(value, "jsonb") == value)
        let rows = try await pool.query("SELECT \(value) -> 0 ->> 'label' AS label")
        #expect(try rows[0].get("label", as: String.self) == "ü/\"'")
        await #expect(throws: PostgresError.self) { try await roundTrip(JSON(Double.infinity), "jsonb") }
        await #expect(throws: PostgresError.self) {
            try await pool.query("SELECT '[]'::jsonb AS value")[0].get("value", as: JSON<Point>.self)
        }
    }

    @Test func nulls() async throws {
        #expect(try await roundTrip(Int?.none, "bigint") == nil)
        #expect(try await roundTrip(Int32?.none, "integer") == nil)
        #expect(try await roundTrip(Bool?.none, "boolean") == nil)
        #expect(try await roundTrip(Double?.none, "double precision") == nil)
        #expect(try await roundTrip(String?.none, "text") == nil)
        #expect(try await roundTrip([UInt8]?.none, "bytea") == nil)
        #expect(try await roundTrip([String]?.none, "text[]") == nil)
        #expect(try await roundTrip([Int]?.none, "bigint[]") == nil)
        #expect(try await roundTrip(Date?.none, "timestamptz") == nil)
        #expect(try await roundTrip(JSON<Point>?.none, "jsonb") == nil)
        #expect(try await roundTrip(Int?.some(7), "bigint") == 7)
        let error = await #expect(throws: PostgresError.self) {
            try await pool.query("SELECT NULL AS gone")[0].get("gone", as: Int.self)
        }
        #expect(error?.description.contains("\"gone\"") == true)
    }

    @Test func rawValues() async throws {
        let rows = try await pool.query(
            "SELECT \(Status.found)::text AS a, \(Status?.none)::text AS b, \([Status.failed, .found])::text[] AS c")
        #expect(try rows[0].get("a", as: Status.self) == .found)
        #expect(try rows[0].get("b", as: Status?.self) == nil)
        #expect(try rows[0].get("c", as: [Status].self) == [.failed, .found])
        let inferred: Status = try rows[0].get("a")
        #expect(inferred == .found)
        await #expect(throws: PostgresError.self) {
            try await pool.query("SELECT 'LOST' AS a")[0].get("a", as: Status.self)
        }
    }

    @Test func textOfAnyType() async throws {
        let rows = try await pool.query("SELECT 1.50::numeric AS a, interval '90 min' AS b, 'x'::name AS c")
        #expect(try rows[0].get("a", as: String.self) == "1.50")
        #expect(try rows[0].get("a", as: Double.self) == 1.5)
        #expect(try rows[0].get("b", as: String.self) == "01:30:00")
        #expect(try rows[0].get("c", as: String.self) == "x")
    }
}
