import Foundation
import Postgres
import TestSupport
import Testing

@Suite("usher doctor --invariants", .timeLimit(.minutes(10))) struct DoctorTests {
    /// Runs the built program; answers its exit status and what it printed.
    private func doctor(_ database: TestDatabase) async throws -> (status: Int32, text: String) {
        let directory = "/tmp/usher-doctor-\(UUID().uuidString)"
        defer { unlink(directory) }
        let process = Process()
        process.executableURL = URL(filePath: try UsherProcess.binary())
        process.arguments = ["doctor", "--invariants"]
        process.environment = ["HOME": "/tmp", "USHER_DATA_DIR": directory, "USHER_DATABASE_URL": database.url]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        let status = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        return (status, String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self))
    }

    @Test("All is well, and then somebody with the owner's rights has forged something") func findsWhatIsForged()
        async throws
    {
        let database = try await TestDatabase.make()
        try await database.pool.execute(
            "INSERT INTO titles (kind, identity, name, source) VALUES ('movie', 'x', 'X', 'hand')")
        try await database.pool.execute("INSERT INTO requests (title_id, scope) SELECT id, 'whole' FROM titles")
        try await database.pool.execute("INSERT INTO items (request_id) SELECT id FROM requests")
        let before = try await doctor(database)
        #expect(before.status == 0, "\(before.text)")
        #expect(!before.text.contains("BAD"))

        try await database.pool.execute("ALTER TABLE items DISABLE TRIGGER items_guard")
        try await database.pool.execute("UPDATE items SET status = 'CANCELLED'")
        let after = try await doctor(database)
        #expect(after.status == 1)
        for line in [
            "the trigger items_guard is off", "item 1 is CANCELLED, its last event says PENDING",
            "request 1 is PENDING, its items say CANCELLED",
        ] {
            #expect(after.text.contains(line), "\(after.text)")
        }
    }
}
