import HTTPTypes
import Reactor
import TestSupport
import Testing

@testable import HTTPClient

@Suite("Where requests may lead", .timeLimit(.minutes(10)))
struct AddressTests {
    @Test(arguments: ["1.1.1.1", "93.184.215.14", "100.128.0.1", "172.32.0.1", "2606:4700::1111", "64:ff9b::0101:0101"])
    func global(text: String) throws {
        #expect(try #require(IPAddress(text)).kind == .global)
    }

    @Test(
        arguments: [
            "127.0.0.1", "127.8.9.10", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
            "192.0.2.1", "::1", "fd12:3456::1", "fc00::1", "::ffff:192.168.1.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1",
            "2002:7f00:1::", "2002:c0a8:101::1", "2001:db8::1", "2001:0:1::1", "64:ff9b:1::1",
        ])
    func local(text: String) throws {
        #expect(try #require(IPAddress(text)).kind == .local)
    }

    @Test(
        arguments: [
            "0.0.0.0", "0.1.2.3", "169.254.169.254", "224.0.0.1", "239.1.2.3", "255.255.255.255", "240.0.0.1",
            "100.100.100.200", "192.0.0.192", "::", "fe80::1", "ff02::1", "fd00:ec2::254", "::ffff:169.254.169.254",
            "::ffff:0.0.0.0", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::",
        ])
    func forbidden(text: String) throws {
        #expect(try #require(IPAddress(text)).kind == .forbidden)
    }

    @Test(
        arguments: [
            "http://127.0.0.1", "http://localhost", "http://2130706433", "http://0x7f.1", "http://127.1",
            "http://[::ffff:127.0.0.1]", "http://0177.0.0.1",
        ])
    func privateAddressesByAnyName(base: String) async throws {
        try await withServer(answer: { _ in .text("secret") }) { client, server in
            let request = ClientRequest(url: "\(base):\(server.port)/", addresses: .publicOnly)
            let error = await client.failure(of: request)
            if case .addressRefused = error {} else { Issue.record("\(base) ended with \(String(describing: error))") }
            #expect(server.connections == 0)
        }
    }

    @Test func configuredOriginOnly() async throws {
        try await withServer(answer: { _ in .text("") }) { client, server in
            let other = try StandInServer { _ in .text("") }
            defer { other.stop() }
            for policy in [AddressPolicy.exactly(other.origin), .publicOr(other.origin), .publicOnly] {
                var request = server.request()
                request.addresses = policy
                #expect(await client.failure(of: request) == .addressRefused(address: "127.0.0.1"))
            }
            #expect(server.connections == 0)
            for policy in [AddressPolicy.exactly(server.origin), .publicOr(server.origin)] {
                var request = server.request()
                request.addresses = policy
                #expect(await client.failure(of: request) == nil)
            }
        }
    }

    @Test func metadataServiceWhateverIsConfigured() async throws {
        try await withServer(answer: { _ in .text("") }) { client, _ in
            for host in ["169.254.169.254", "0.0.0.0"] {
                let request = ClientRequest(
                    url: "http://\(host)/", addresses: .exactly(Origin(host: host, port: 80)))
                #expect(await client.failure(of: request) == .addressRefused(address: host))
            }
        }
    }

    @Test func openConnectionOfAnotherPolicyIsNotUsed() async throws {
        try await withServer(answer: { _ in .text("") }) { client, server in
            #expect(await client.failure(of: server.request()) == nil)
            var request = server.request()
            request.addresses = .publicOnly
            #expect(await client.failure(of: request) == .addressRefused(address: "127.0.0.1"))
            #expect(server.requests.count == 1)
        }
    }

    @Test func urlsAreReadAsTheyAreConnectedTo() throws {
        let url = try #require(WebURL("HTTP://User:Pass@Tracker.Example/a b?q=ü&x=1#part"))
        #expect(url.origin == Origin(host: "tracker.example", port: 80))
        #expect(url.path == "/a%20b")
        #expect(url.resolving("/c")?.path == "/c")
        #expect(url.resolving("//other.example:81/c")?.origin == Origin(host: "other.example", port: 81))
        #expect(url.resolving("magnet:?xt=urn:btih:0") == nil)
        #expect(WebURL("https://[::1]/")?.origin == Origin(host: "::1", port: 443))
        #expect(WebURL("http://good.example\\@evil.example/")?.origin.host != "good.example")
        #expect(WebURL("http://a.example/\u{0}") == nil)
    }
}
