import Postgres
import Releases
import Testing

@testable import Storage

@Suite("What somebody changed of the settings")
struct SettingsChangeTests {
    @Test func isSaidInWords() async throws {
        let fixture = try await Fixture.make()
        try await fixture.pool.transaction { connection in
            var settings = try await Settings.load(on: connection)
            settings.stallMinutes = 60
            settings.dailyBackup = false
            settings.defaultQualities = [.p2160]
            settings.sources = ["tvmaze", "steam"]
            settings.words.refused = ["3D"]
            settings.afterFailure = .best
            try await settings.save(by: fixture.user, on: connection)
            // Nothing changed, nothing noted.
            try await settings.save(by: fixture.user, on: connection)
        }
        let noted: [String] = try await fixture.pool.query("SELECT sentence FROM audit").map { try $0.get("sentence") }
        let sentence = try #require(noted.first)
        #expect(noted.count == 1)
        for change in [
            "stall minutes: 360 → 60", "daily backup: unset → no", "default qualities: none → 2160p",
            "sources: tvmaze, wikidata → steam, tvmaze", "refused 3D", "after failure: unset → best",
        ] { #expect(sentence.contains(change), "\(change): \(sentence)") }
    }
}
