import Backup
import Postgres
import Storage
import TestSupport
import Testing

@testable import Web

@Suite("Backups")
struct BackupsTests {
    @Test("The page says what there is, and keeps what it is told") func page() async throws {
        let house = try await House.inhabited()
        let olga = try await house.browser(of: "Olga")
        let page = try await olga.get("/admin/backups")
        #expect(page.status == 200)
        #expect(page.text.contains("There is none yet"))
        #expect(page.value(of: "kept") == "14")

        let refused = try await olga.post("/admin/backups/habits", [("daily", "yes"), ("kept", "0")])
        #expect(refused.status == 422)
        #expect(refused.error(at: "kept") != nil)
        #expect(try await olga.post("/admin/backups/habits", [("daily", "yes"), ("kept", "3")]).status == 303)
        let settings = try await house.pool.withConnection { try await Settings.load(on: $0) }
        #expect(settings.dailyBackup == true && settings.backupsKept == 3)
    }

    @Test("One that is asked for is being made from then on") func asked() async throws {
        let house = try await House.inhabited()
        let olga = try await house.browser(of: "Olga")
        _ = try await olga.get("/admin/backups")
        #expect(try await olga.post("/admin/backups").location == "/admin/backups")
        #expect(try await olga.get("/admin/backups").text.contains("A backup is being made"))
    }
}
