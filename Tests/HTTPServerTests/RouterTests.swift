import HTTP
import HTTPTypes
import Testing

@testable import HTTPServer

@Suite struct RouterTests {
    func request(_ method: HTTPRequest.Method, _ target: String, _ fields: String = "") throws -> Request {
        var parser = RequestHeadParser()
        let text = "\(method.rawValue) \(target) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
        let head = try #require(try parser.parse(Array(text.utf8).span))
        return Request(head: head, peer: "::1", isSecure: false, id: RequestID(7))
    }

    func respond(_ router: Router, _ method: HTTPRequest.Method, _ target: String) async throws -> String {
        let (response, _) = await router.respond(to: try request(method, target)) { failure, _ in
            switch failure {
            case .notFound: .text("not found", status: .notFound)
            case .methodNotAllowed: .text("not allowed", status: .methodNotAllowed)
            case .thrown(let error): .text("thrown \(error)", status: .internalServerError)
            }
        }
        guard case .bytes(let bytes) = response.body else { return "" }
        let allow = response.fields[.allow].map { " [\($0)]" } ?? ""
        return "\(response.status.code) \(String(decoding: bytes, as: UTF8.self))\(allow)"
    }

    var router: Router {
        var router = Router()
        router.on(.get, "/") { _, _ in .text("home") }
        router.on(.get, "/requests/new") { _, _ in .text("new") }
        router.on(.get, "/requests/:id") { _, parameters in .text("request \(try parameters.integer("id"))") }
        router.on(.post, "/requests/:id/items/:item", bodyLimit: 7) { _, parameters in
            .text("\(parameters["id"] ?? "-") \(parameters["item"] ?? "-")")
        }
        router.on(.post, "/requests/new/x") { _, _ in .text("x") }
        router.on(.post, "/requests/:id") { _, _ in .text("posted") }
        router.on(.get, "/static/*file") { _, parameters in .text(parameters["file"] ?? "-") }
        router.on(.get, "/broken") { _, _ in throw RequestError(.badRequest, "broken") }
        return router
    }

    @Test(arguments: [
        ("/", "200 home"), ("/requests/new", "200 new"), ("/requests/12", "200 request 12"),
        ("/requests/x", "404 not found"), ("/requests/012", "404 not found"),
        ("/requests/-1", "404 not found"),
        ("/requests/99999999999999999999", "404 not found"), ("/requests/", "404 not found"),
        ("/requests", "404 not found"), ("/Requests/new", "404 not found"), ("//", "404 not found"),
        ("/static/a/b.css", "200 a/b.css"), ("/static", "404 not found"), ("/static/../requests/new", "200 new"),
    ])
    func get(target: String, expected: String) async throws {
        #expect(try await respond(router, .get, target) == expected)
    }

    @Test func methods() async throws {
        #expect(try await respond(router, .head, "/requests/new") == "200 new")
        #expect(try await respond(router, .delete, "/requests/3") == "405 not allowed [GET, HEAD, POST]")
        #expect(try await respond(router, .get, "/requests/1/items/2") == "405 not allowed [POST]")
        #expect(try await respond(router, .post, "/requests/1/items/2") == "200 1 2")
        #expect(try await respond(router, .post, "/requests/new/items/2") == "200 new 2")
        #expect(try await respond(router, .post, "/requests/new") == "200 posted")
    }

    @Test func errors() async throws {
        #expect(try await respond(router, .get, "/broken").hasPrefix("500 thrown RequestError"))
    }

    @Test func listsRoutesAndLimits() async throws {
        #expect(router.routes.count == 8)
        #expect(router.routes[3] == Route(method: .post, pattern: "/requests/:id/items/:item", bodyLimit: 7, place: 3))
        for (target, route) in [("/requests/1/items/2", router.routes[3]), ("/nowhere", nil)] {
            let answer = await router.respond(to: try request(.post, target)) { _, _ in .text("") }
            #expect(answer.route == route)
        }
    }

    @Test func staticFiles() throws {
        let files = StaticFiles([
            StaticFile(path: "/static/a.1.css", contentType: "text/css", bytes: [1, 2]),
            StaticFile(path: "/robots.txt", contentType: "text/plain", bytes: [], isImmutable: false),
        ])
        let first = try #require(files.response(for: request(.get, "/static/a.1.css")))
        #expect(first.status == .ok && first.fields[.cacheControl] == "public, max-age=31536000, immutable")
        let tag = try #require(first.fields[.eTag])
        for match in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
            let again = try files.response(for: request(.get, "/static/a.1.css", "If-None-Match: \(match)\r\n"))
            #expect(again?.status == .notModified && again?.fields[.eTag] == tag)
        }
        #expect(try files.response(for: request(.get, "/static/a.1.css", "If-None-Match: \"x\"\r\n"))?.status == .ok)
        #expect(try files.response(for: request(.get, "/robots.txt"))?.fields[.cacheControl] == "no-cache")
        #expect(try files.response(for: request(.get, "/static/a.css")) == nil)
    }
}
