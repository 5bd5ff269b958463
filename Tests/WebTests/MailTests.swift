import Orchestrator
import Postgres
import Storage
import TestSupport
import Testing

@testable import Web

@Suite("E-mail", .timeLimit(.minutes(10)))
struct MailTests {
    private func form(_ mail: TestMail) -> [(String, String)] {
        [
            ("host", "127.0.0.1"), ("port", "\(mail.port)"),
            ("security", mail.certificate == nil ? "none" : "starttls"),
            ("sender", "usher@house.example"), ("name", "Usher"), ("certificate", mail.certificate ?? ""),
        ]
    }

    private func furnish(_ house: House, _ mail: TestMail) async throws {
        let settings = MailSettings(
            host: "127.0.0.1", port: mail.port, security: .none, sender: "usher@house.example", senderName: "Usher")
        try await house.pool.withConnection { try await settings.save(on: $0) }
    }

    private static let mailbox = [("kind", "email"), ("name", "Mail"), ("address", "anna@house.example")]

    /// The eight digits of a message.
    private func code(_ message: TestMail.Message) -> String {
        String(message.plain.split { !$0.isNumber }.first { $0.count == 8 } ?? "")
    }

    @Test func theServerIsTestedSavedAndRemoved() async throws {
        let mail = try await TestMail.start(.startTLS, user: "usher:planted-secret")
        defer { mail.stop() }
        let house = try await House.inhabited()
        let olga = try await house.browser(of: "Olga")
        #expect(try await olga.get("/account/notices").html.contains("href=\"/admin/mail\""))
        #expect(try await olga.get("/admin/mail").value(of: "port") == "465")
        let account = [("user", "usher"), ("password", "planted-secret")]
        let tested = try await olga.post("/admin/mail/tests", form(mail) + account + [("to", "olga@house.example")])
        #expect(tested.status == 200 && tested.text.contains("It answered 250: 2.0.0 Ok: queued"))
        #expect(try await mail.next().to == ["olga@house.example"])
        let wrong = try await olga.post(
            "/admin/mail/tests", form(mail) + [("user", "usher"), ("password", "x"), ("to", "olga@house.example")])
        #expect(wrong.status == 422 && wrong.text.contains("It answered 535"))
        #expect(try await house.count("mail_server") == 0)
        #expect(try await olga.post("/admin/mail", form(mail) + account).status == 303)
        let page = try await olga.get("/admin/mail")
        #expect(!page.html.contains("planted-secret") && page.value(of: "user") == "usher")
        // The stored password is used there, and nowhere else.
        let again = try await olga.post(
            "/admin/mail/tests", form(mail) + [("user", "usher"), ("to", "olga@house.example")])
        #expect(again.status == 200)
        for change in [("host", "localhost"), ("user", "root")] {
            let moved = form(mail).filter { $0.0 != change.0 } + (change.0 == "user" ? [] : [("user", "usher")])
            #expect(try await olga.post("/admin/mail", moved + [change]).error(at: "password") != nil)
        }
        #expect(try await olga.post("/admin/mail/deletion").status == 303)
        #expect(try await house.count("mail_server") == 0)
    }

    @Test func mistakesAreSaidAtTheirPlace() async throws {
        let house = try await House.inhabited()
        let olga = try await house.browser(of: "Olga")
        _ = try await olga.get("/admin/mail")
        let page = try await olga.post(
            "/admin/mail/tests",
            [
                ("host", "mail.example/x"), ("port", "70000"), ("security", "none"), ("sender", "usher"), ("name", ""),
                ("password", "x"), ("certificate", "x"), ("to", "olga"),
            ])
        #expect(page.status == 422)
        for field in ["host", "port", "security", "sender", "name", "user", "certificate", "to"] {
            #expect(page.error(at: field) != nil, "\(field)")
        }
    }

    @Test func aMailboxIsUsedOnceItsOwnerHasTypedTheCode() async throws {
        let mail = try await TestMail.start()
        defer { mail.stop() }
        let house = try await House.inhabited()
        let anna = try await house.browser(of: "Anna")
        #expect(try await !anna.get("/account/notices").html.contains("kind=email"))
        #expect(try await anna.get("/account/notices/new?kind=email").status == 404)
        try await furnish(house, mail)
        #expect(try await anna.get("/account/notices").html.contains("kind=email"))
        #expect(try await anna.get("/account/notices/new?kind=email").status == 200)
        let refused = try await anna.post("/account/notices", [("kind", "email"), ("name", "M"), ("address", "anna")])
        #expect(refused.status == 422 && refused.error(at: "address") != nil)

        let sent = try await anna.post("/account/notices", Self.mailbox)
        let id: Int64 = try await house.pool.query("SELECT id FROM ways")[0].get("id")
        #expect(sent.location == "/account/notices/\(id)")
        let code = code(try await mail.next())
        #expect(code.count == 8)
        let page = try await anna.get("/account/notices/\(id)")
        #expect(page.text.contains("A code was sent to anna@house.example") && !page.html.contains(code))
        // Nothing goes there yet: no notice, and no test.
        try await house.orchestrator.cancel(try await house.movie(by: "Anna"), by: try await house.person("Olga"))
        _ = try await house.pool.withConnection { try await Notices.tell(atMost: 100, on: $0) }
        #expect(try await house.count("deliveries") == 0)
        let test = try await anna.post("/account/notices/tests", [("way", "\(id)"), ("name", "Mail")])
        #expect(test.status == 404)

        let wrong = try await anna.post("/account/notices/\(id)/confirmation", [("code", "00000000x")])
        #expect(wrong.status == 422 && wrong.error(at: "code") != nil)
        let ben = try await house.browser(of: "Ben")
        _ = try await ben.get("/account/notices")
        #expect(try await ben.post("/account/notices/\(id)/confirmation", [("code", code)]).status == 404)
        let typed = "\(code.prefix(4)) \(code.suffix(4))"
        #expect(try await anna.post("/account/notices/\(id)/confirmation", [("code", typed)]).status == 303)
        #expect(try await anna.post("/account/notices/tests", [("way", "\(id)"), ("name", "Mail")]).status == 200)
        #expect(try await mail.next().to == ["anna@house.example"])
        // Its address stays: another would be somebody else's.
        let moved = [("name", "Mail"), ("address", "ben@house.example")]
        #expect(try await anna.post("/account/notices/\(id)", moved).status == 303)
        #expect(try await house.pool.query("SELECT address FROM ways")[0].get("address") == "anna@house.example")
    }

    @Test func codesAreNeitherGuessedNorANuisance() async throws {
        let mail = try await TestMail.start()
        defer { mail.stop() }
        let house = try await House.inhabited()
        try await furnish(house, mail)
        let anna = try await house.browser(of: "Anna")
        _ = try await anna.get("/account/notices")
        _ = try await anna.post("/account/notices", Self.mailbox)
        let id: Int64 = try await house.pool.query("SELECT id FROM ways")[0].get("id")
        let path = "/account/notices/\(id)"
        let right = code(try await mail.next())
        for _ in 0..<5 { _ = try await anna.post("\(path)/confirmation", [("code", "123")]) }
        #expect(try await anna.post("\(path)/confirmation", [("code", right)]).status == 422)
        for _ in 1..<MailCodes.hourly {
            #expect(try await anna.post("\(path)/codes").location == path)
            _ = try await mail.next()
        }
        _ = try await anna.post("\(path)/codes")
        #expect(try await anna.get(path).text.contains("Enough codes were sent for now"))
        // Removing the way and adding it again is no way around it.
        _ = try await anna.post("\(path)/deletion")
        _ = try await anna.post("/account/notices", Self.mailbox)
        #expect(try await house.count("mail_codes") == MailCodes.hourly)
    }

    @Test func whatTheServerSaysToACodeIsShown() async throws {
        let mail = try await TestMail.start()
        defer { mail.stop() }
        try await mail.answer("554 5.7.1 Never")
        let house = try await House.inhabited()
        try await furnish(house, mail)
        let anna = try await house.browser(of: "Anna")
        _ = try await anna.get("/account/notices")
        let sent = try await anna.post("/account/notices", Self.mailbox)
        let page = try await anna.get(try #require(sent.location))
        #expect(page.text.contains("could not be sent to anna@house.example. It answered 554: 5.7.1 Never"))
    }
}
