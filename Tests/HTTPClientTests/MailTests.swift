import TestSupport
import Testing

@testable import HTTPClient

@Suite("Mail", .timeLimit(.minutes(10)))
struct MailTests {
    private let from = MailAddress("usher@house.example")!
    private let to = MailAddress("anna@house.example")!

    private func server(_ mail: TestMail, _ security: MailServer.Security, user: String? = nil) -> MailServer {
        MailServer(
            host: "127.0.0.1", port: mail.port, security: security, user: user, password: user.map { _ in "secret" },
            certificate: mail.certificate)
    }

    private func send(_ text: String = "Subject: x\r\n\r\nHello\r\n", over server: MailServer) async throws -> MailReply
    {
        try await MailClient().send(Array(text.utf8), from: from, to: to, over: server)
    }

    private func failure(over server: MailServer) async throws -> HTTPClientError {
        do {
            let reply = try await send(over: server)
            throw TestSupportError("It answered \(reply)")
        } catch let error as HTTPClientError {
            return error
        }
    }

    @Test(
        "It arrives as it was, over each kind of connection, also with lines of dots",
        arguments: [
            (TestMail.Security.tls, MailServer.Security.tls), (.startTLS, .startTLS), (.none, .none),
        ])
    func arrives(_ theirs: TestMail.Security, _ ours: MailServer.Security) async throws {
        let mail = try await TestMail.start(theirs)
        defer { mail.stop() }
        let text = "Subject: x\r\n\r\n.\r\n..two\r\n.end\r\n"
        let reply = try await send(text, over: server(mail, ours))
        #expect(reply == MailReply(code: 250, text: "2.0.0 Ok: queued"))
        let message = try await mail.next()
        #expect(message.raw == text && message.to == [to.text] && message.from == from.text)
        #expect(message.isEncrypted == (theirs == .startTLS) || theirs == .tls)
    }

    @Test("Who signs in is known; who does not, or with another password, hears what the server says")
    func signingIn() async throws {
        let mail = try await TestMail.start(.startTLS, user: "usher:secret")
        defer { mail.stop() }
        #expect(try await send(over: server(mail, .startTLS, user: "usher")).code == 250)
        #expect(try await mail.next().user == "usher")
        #expect(try await send(over: server(mail, .startTLS, user: "other")).code == 535)
        #expect(try await send(over: server(mail, .startTLS)).code == 530)
    }

    @Test("A server that does not let go has the message all the same") func clinging() async throws {
        let mail = try await TestMail.start(isClinging: true)
        defer { mail.stop() }
        let message = Array("Subject: x\r\n\r\nHello\r\n".utf8)
        let reply = try await MailClient(totalTimeout: .seconds(5))
            .send(message, from: from, to: to, over: server(mail, .none))
        #expect(reply.code == 250)
    }

    @Test("Not now, and never, are answers", arguments: [(451, "4.3.0 Not now"), (554, "5.7.1 Never")])
    func refusals(_ code: Int, _ words: String) async throws {
        let mail = try await TestMail.start()
        defer { mail.stop() }
        try await mail.answer("\(code) \(words)")
        #expect(try await send(over: server(mail, .none)) == MailReply(code: code, text: words))
    }

    @Test("Nothing is said without the encryption that was asked for, nor to a server that nobody vouches for")
    func encryption() async throws {
        let plain = try await TestMail.start()
        defer { plain.stop() }
        #expect(
            try await failure(over: server(plain, .startTLS))
                == .tls(reason: "the server does not offer STARTTLS here"))
        let unknown = try await TestMail.start(.tls)
        defer { unknown.stop() }
        var stranger = server(unknown, .tls)
        stranger.certificate = nil
        guard case .tls = try await failure(over: stranger) else {
            Issue.record("it was believed")
            return
        }
        let far = MailServer(host: "192.0.2.1", port: 25, security: .none)
        #expect(try await failure(over: far) == .addressRefused(address: "192.0.2.1") && !far.isHere)
    }

    @Test("What is not there, or no mail server, is said in words") func trouble() async throws {
        let web = try StandInServer { _ in .close }
        defer { web.stop() }
        let gone = MailServer(host: "127.0.0.1", port: 1, security: .none)
        guard case .connectFailed = try await failure(over: gone) else { throw TestSupportError("it is there") }
        let silent = MailServer(host: "127.0.0.1", port: web.port, security: .none)
        await #expect(throws: HTTPClientError.timedOut(after: .milliseconds(300))) {
            try await MailClient(totalTimeout: .milliseconds(300)).send([], from: from, to: to, over: silent)
        }
        let task = Task { try await MailClient().send([], from: from, to: to, over: silent) }
        while web.connections < 2 { await Task.yield() }
        task.cancel()
        await #expect(throws: HTTPClientError.cancelled) { try await task.value }
        for host in ["a b", "a/b", "", "a:1", "a@b", "a?b"] {
            #expect(MailServer(host: host, port: 25, security: .tls).origin == nil, "\(host)")
        }
    }

    @Test(
        "Addresses",
        arguments: [
            ("anna@example.org", true), ("a.b+c@x-y.example", true), ("anna@localhost", true), ("anna", false),
            ("a@b@c", false), ("@b", false), ("a@", false), ("a..b@c", false), ("a b@c", false),
            ("a@b>\r\nRCPT TO:<c@d", false),
            ("a@-b.c", false), ("ä@b.c", false), ("a\r\n@b", false), ("\"a\"@b", false),
        ])
    func addresses(_ text: String, isOne: Bool) {
        #expect((MailAddress(text) != nil) == isOne)
    }
}
