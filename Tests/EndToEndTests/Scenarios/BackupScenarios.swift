import Foundation
import Postgres
import TestSupport
import Testing

extension EndToEndTests {
    /// A house goes back to an earlier moment, and everything around it follows.
    @Suite("Backup and restore") struct BackupAndRestore {
        @Test("What was complete since is complete again, and what was begun since is gone") func thereAndBack()
            async throws
        {
            let world = try await World.start()
            defer { world.close() }
            let anna = Browser(world)
            _ = try await anna.setUpHouse(name: "Anna", token: world.usher.setupToken)
            try await anna.addIndexer(world.indexer)
            let (kept, keptTorrent) = try await underWay("Kept Promise", of: anna, in: world)

            let backup = try await world.usher.run(["backup"])
            #expect(backup.status == 0, "\(backup.output)")
            let file = try #require(backup.output.split(separator: " ").first.map(String.init))
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o600)

            try await world.swarm.limitUpload(to: "0")
            try await anna.wait(on: kept, status: "COMPLETED")
            try await anna.wait(on: kept, for: "the files") { $0.text.contains("Movies/Kept Promise (2019)") }
            let (lost, lostTorrent) = try await underWay("Lost Weekend", of: anna, in: world)
            #expect(world.hasIncoming(lostTorrent))

            let early = try await world.usher.run(["restore", file])
            #expect(early.status != 0)
            #expect(early.output.contains("Another usher works in"))

            #expect(try await world.usher.stop() == 0)
            // From here on nothing can be fetched.
            world.swarm.stop()
            try await refusesWhatIsNoBackup(file, in: world)
            let restore = try await world.usher.run(["restore", file])
            #expect(restore.status == 0, "\(restore.output)")
            #expect(restore.output.contains("is kept in \(world.usher.dataDirectory)/backups/usher-"))
            #expect(!world.hasIncoming(lostTorrent))
            let left = try files(in: world)
            #expect(left.count >= 2 && left.allSatisfy { $0.hasSuffix(".dump") }, "\(left)")

            try await world.usher.start()
            #expect(try await anna.get("/").address.hasPrefix("/sign-in"), "sessions are not restored")
            _ = try await anna.signIn(name: "Anna")
            #expect(try await anna.get(lost).status == 404)
            let page = try await anna.wait(on: kept, status: "COMPLETED")
            #expect(page.history.count { $0.lowercased().contains("complete") } == 1)
            try await anna.wait(on: kept, for: "the files") { $0.text.contains("Movies/Kept Promise (2019)") }
            #expect(world.files(in: "Movies/Kept Promise (2019)") == keptTorrent.contents)
            let doctor = try await world.usher.run(["doctor", "--invariants"])
            #expect(doctor.status == 0, "\(doctor.output)")
        }

        @Test("A database of one's own: not while anybody is there, and not from a newer program") func ownDatabase()
            async throws
        {
            let database = try await TestDatabase.makeEmpty()
            let usher = try UsherProcess(environment: ["USHER_DATABASE_URL": database.url])
            defer { usher.close() }
            func backup() async throws -> String {
                let made = try await usher.run(["backup"])
                #expect(made.status == 0, "\(made.output)")
                return try #require(made.output.split(separator: " ").first.map(String.init))
            }
            func isMarked() async throws -> Bool {
                try await database.pool.query("SELECT retry_attempts = 7 AS marked FROM settings")[0].get("marked")
            }
            try await usher.start()
            try await database.pool.query("UPDATE settings SET retry_attempts = 7")
            let good = try await backup()
            try await database.pool.query("INSERT INTO schema_migrations VALUES (999, 'standby', 'x')")
            let newer = try await backup()
            try await database.pool.query("DELETE FROM schema_migrations WHERE version = 999")
            try await database.pool.query("UPDATE settings SET retry_attempts = 8")
            #expect(try await usher.stop() == 0)

            let early = try await usher.run(["restore", "--discard", good])
            #expect(early.status != 0)
            #expect(early.output.contains("others work on the database"), "\(early.output)")
            let refused = try await usher.run(["restore", "--discard", newer])
            #expect(refused.status != 0)
            #expect(refused.output.contains("The backup has migration 999 (standby)"), "\(refused.output)")
            #expect(try await !isMarked())

            let url = database.url
            await database.pool.shutdown()
            let restored = try await usher.run(["restore", good])
            #expect(restored.status == 0, "\(restored.output)")
            let after = try TestDatabase(url: url)
            let marked: Bool = try await after.pool.query(
                "SELECT retry_attempts = 7 AS marked FROM settings")[0].get("marked")
            #expect(marked)
            await after.pool.shutdown()
            try await usher.start()
            #expect(try await usher.stop() == 0)
        }

        /// A file that is cut off, one that is something else, and one that a newer program made.
        private func refusesWhatIsNoBackup(_ file: String, in world: World) async throws {
            let folder = world.usher.directory
            let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
            for (name, content) in [("cut", bytes.prefix(bytes.count * 3 / 4)), ("words", Data("words".utf8))] {
                try content.write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
                let refused = try await world.usher.run(["restore", "--discard", "\(folder)/\(name)"])
                #expect(refused.status != 0)
                #expect(refused.output.contains("is no backup of Usher, or it is damaged"), "\(refused.output)")
            }
        }

        private func files(in world: World) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: world.usher.dataDirectory + "/backups")
                .filter { $0 != "lock" }
        }

        private func underWay(
            _ title: String, of person: Browser, in world: World
        ) async throws -> (String, SharedTorrent) {
            let name = "\(title.replacing(" ", with: ".")).2019.1080p.WEB-DL.x264-TEST"
            let torrent = try await world.shareMovie(name, size: 4_000_000)
            let request = try await person.askForMovie(title, year: 2019)
            try await person.wait(on: request, status: "FOUND")
            try await world.swarm.limitUpload(to: "150K")
            try await person.choose(name, on: request)
            try await person.waitForProgress(on: request)
            return (request, torrent)
        }
    }
}
