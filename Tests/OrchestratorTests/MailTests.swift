import Foundation
import HTTPClient
import Postgres
import Storage
import TestSupport
import Testing

@testable import Orchestrator

@Suite("Notices by mail", .timeLimit(.minutes(10)))
struct MailTests {
    private func settings(_ mail: TestMail, user: String? = nil) -> MailSettings {
        MailSettings(
            host: "127.0.0.1", port: mail.port, security: mail.certificate == nil ? .none : .startTLS, user: user,
            password: user.map { _ in "planted-secret" }, certificate: mail.certificate,
            sender: "usher@house.example", senderName: "Usher, zu Hause ä")
    }

    /// Anna has a mailbox, which is known to be hers, and the house a server.
    private func furnish(_ world: World, _ settings: MailSettings) async throws {
        try await world.pool.withConnection { connection in
            try await settings.save(on: connection)
            _ = try await Ways.add(
                WaySettings(kind: .email, name: "Mail", address: "anna@house.example", notices: [.cancelled]),
                of: world.anna.userID, on: connection)
        }
    }

    private func cancelled(_ world: World, _ name: String) async throws {
        try await world.orchestrator.cancel(try await world.askMovie(name), by: world.olga)
    }

    @Test("A notice arrives once, readable in plain text and in HTML, whatever the title has in it")
    func arrives() async throws {
        let mail = try await TestMail.start(.startTLS, user: "usher:planted-secret")
        defer { mail.stop() }
        try await World.live(indexed: false) { world in
            try await furnish(world, settings(mail, user: "usher"))
            let house = "https://usher.example"
            try await world.pool.execute("UPDATE settings SET public_address = \(house)")
            let title = "Łódź <b>& \"Söhne\" \u{1F3AC} " + String(repeating: "sehr langer Titel ", count: 8)
            try await cancelled(world, title)
            let message = try await mail.next()
            #expect(message.from == "usher@house.example" && message.to == ["anna@house.example"])
            #expect(message.isEncrypted && message.user == "usher" && message.defects.isEmpty && message.longest <= 78)
            let subject = try #require(message.fields["subject"])
            #expect(subject.hasPrefix("Łódź <b>& \"Söhne\" \u{1F3AC} sehr langer Titel sehr"))
            #expect(message.fields["from"]?.contains("zu Hause ä") == true)
            #expect(
                message.fields["auto-submitted"] == "auto-generated"
                    && message.fields["date"]?.hasSuffix("+0000") == true)
            #expect(message.fields["message-id"]?.hasSuffix("@house.example>") == true)
            #expect(message.plain.contains("It was cancelled by Olga.") && message.plain.contains("\(house)/requests/"))
            #expect(message.html.contains("Łódź &lt;b&gt;&amp; &quot;Söhne&quot;") && !message.html.contains("<b>"))
            try await world.until("it is noted") {
                try await world.pool.query("SELECT 1 FROM deliveries WHERE sent_at IS NOT NULL").count == 1
            }
        }
    }

    @Test("What falls into quiet hours goes out at their end, each once, whichever process sends it")
    func quiet() async throws {
        let mail = try await TestMail.start()
        defer { mail.stop() }
        let far = try StandInServer { _ in .text("{}") }
        defer { far.stop() }
        try await World.live(indexed: false) { world in
            try await furnish(world, settings(mail))
            try await world.pool.withConnection { connection in
                try await Ways.allowPrivate(true, on: connection)
                _ = try await Ways.add(
                    WaySettings(kind: .discord, name: "Far", address: far.url, notices: [.cancelled]),
                    of: world.ben.userID, on: connection)
                try await connection.execute(
                    """
                    UPDATE users SET quiet_from = (now() AT TIME ZONE 'UTC')::time - interval '1 hour',
                        quiet_to = (now() AT TIME ZONE 'UTC')::time + interval '1 hour'
                    WHERE id = \(world.anna.userID)
                    """)
            }
            let titles = ["Alpha", "Beta", "Gamma", "Delta"]
            for title in titles { try await cancelled(world, title) }
            // Ben's comes after them, and goes out at once.
            try await world.orchestrator.cancel(try await world.askMovie("Omega", by: world.ben), by: world.olga)
            await far.requests(atLeast: 1)
            let waiting = try await world.pool.query(
                "SELECT attempts FROM deliveries WHERE sent_at IS NULL AND attempts = 0")
            #expect(waiting.count == titles.count)
            try await world.pool.withConnection { try await QuietHours.save(nil, of: world.anna.userID, on: $0) }
            let neighbour = try world.neighbour()
            let work = Task { await neighbour.run() }
            try await world.orchestrator.houseChanged(searchAgain: false)
            var messages: [TestMail.Message] = []
            for _ in titles { messages.append(try await mail.next()) }
            let outcome: Result<Void, any Error>
            do {
                try await world.until("they are noted") {
                    try await world.pool.query("SELECT 1 FROM deliveries WHERE sent_at IS NOT NULL AND attempts = 1")
                        .count
                        == titles.count + 1
                }
                outcome = .success(())
            } catch { outcome = .failure(error) }
            work.cancel()
            await work.value
            try outcome.get()
            #expect(Set(messages.compactMap { $0.fields["message-id"] }).count == titles.count)
            for title in titles {
                #expect(messages.filter { $0.fields["subject"]?.hasPrefix("\(title) (2019)") == true }.count == 1)
            }
        }
    }

    @Test("Not now: it is sent again as the same message. Never: it is given up, with what was said")
    func refusals() async throws {
        let mail = try await TestMail.start()
        defer { mail.stop() }
        try await World.live(indexed: false) { world in
            try await furnish(world, settings(mail))
            try await mail.answer("451 4.3.0 Not now")
            try await cancelled(world, "Alpha")
            let first = try await mail.next()
            try await world.until("it waits") {
                try await world.pool.query("SELECT 1 FROM deliveries WHERE last_error LIKE '%451: 4.3.0 Not now%'")
                    .count == 1
            }
            try await mail.answer("554 5.7.1 Never")
            try await world.pool.execute("UPDATE deliveries SET due_at = now()")
            try await world.orchestrator.houseChanged(searchAgain: false)
            let second = try await mail.next()
            #expect(second.fields["message-id"] == first.fields["message-id"] && second.raw == first.raw)
            try await world.until("it is given up") {
                try await world.pool.withConnection { try await Deliveries.failed(limit: 9, on: $0) }.map(\.error)
                    == ["It answered 554: 5.7.1 Never"]
            }
            try await mail.answer(nil)
            let failed = try await world.pool.withConnection { try await Deliveries.failed(limit: 9, on: $0) }
            let isAgain = try await world.pool.withConnection { try await Deliveries.sendAgain(failed[0].id, on: $0) }
            #expect(isAgain)
            try await world.orchestrator.houseChanged(searchAgain: false)
            #expect(try await mail.next().fields["message-id"] == first.fields["message-id"])
            try await world.until("it is there") {
                try await world.pool.query("SELECT 1 FROM deliveries WHERE sent_at IS NOT NULL").count == 1
            }
        }
    }

    @Test("No line break gets into the header, wherever it comes from") func injection() throws {
        let address = try #require(MailAddress("a@b.example"))
        let message = MailMessage(
            from: address, sender: "x\r\nBcc: c@d.example", to: address, id: "1", date: Date(timeIntervalSince1970: 0),
            subject: "y\nX-Evil: 1\u{85}\u{2028}z", paragraphs: ["\r\n.\r\nQUIT"], link: nil, settings: nil)
        let text = String(decoding: message.encoded(), as: UTF8.self)
        let names = text.components(separatedBy: "\r\n\r\n")[0].components(separatedBy: "\r\n")
            .filter { !$0.hasPrefix(" ") }.map { String($0.prefix { $0 != ":" }) }
        #expect(
            names == [
                "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Auto-Submitted",
            ])
        #expect(text.contains("Date: Thu, 01 Jan 1970 00:00:00 +0000"))
        #expect(
            text.unicodeScalars.allSatisfy(\.isASCII) && !text.replacing("\r\n", with: "").contains { $0.isNewline })
        #expect(MailMessage.phrase("Plain words 7", after: 9) == "Plain words 7")
        let long = MailMessage.phrase(String(repeating: "\u{1F3AC}é", count: 60), after: 9)
        #expect(long.components(separatedBy: "\r\n ").allSatisfy { $0.utf8.count <= 75 })
    }
}
