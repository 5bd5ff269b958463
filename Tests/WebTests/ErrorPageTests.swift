import HTTP
import HTTPServer
import HTTPTypes
import Reactor
import TestSupport
import Testing

@testable import Web

@Suite("Error pages, and headers of every page")
struct ErrorPageTests {
    @Test func unknownPagesAndMethods() async throws {
        let house = try await House.inhabited()
        for browser in [try await house.browser(), try await house.browser(of: "Anna")] {
            let missing = try await browser.get("/no/such/page")
            #expect(missing.status == 404)
            #expect(missing.title == "Not found")
            #expect(missing.text.contains(Browser.requestID.description))
            let wrong = try await browser.send(.put, "/requests", fields: [:], body: [])
            #expect(wrong.status == 405)
            #expect(wrong.fields[.allow]?.contains("GET") == true)
            #expect(wrong.title == "Not possible here")
        }
    }

    @Test func everyAnswerHasTheHeaders() async throws {
        let house = try await House.inhabited()
        let anna = try await house.browser(of: "Anna")
        for path in ["/", "/sign-in", "/no/such/page", "/static/nothing", "/requests/new?kind=movie"] {
            let page = try await anna.get(path)
            let policy = try #require(page.fields[.contentSecurityPolicy])
            #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
            #expect(page.fields[.xContentTypeOptions] == "nosniff")
            #expect(page.fields[.cacheControl]?.contains("no-store") == true)
            #expect(!page.html.contains(" style=\"") && !page.html.contains(" onclick="), "\(path)")
        }
    }

    @Test func filesAreServedForEver() async throws {
        let house = try await House.empty()
        let browser = try await house.browser()
        let asset = try #require(Assets.all.first { $0.path.hasSuffix(".css") })
        let page = try await browser.get(asset.path)
        #expect(page.status == 200)
        #expect(page.fields[.cacheControl]?.contains("immutable") == true)
        #expect(page.fields[.contentSecurityPolicy] != nil)
    }

    @Test func withoutADatabaseAPageSaysSo() async throws {
        let cluster = try await TestCluster.start()
        let house = try House.over(try TestDatabase(url: cluster.url(database: "postgres")))
        try await cluster.kill()
        let browser = try await house.browser()
        browser.cookies.withLock { $0["usher"] = "whoever" }
        for path in ["/", "/sign-in", "/requests/1", "/admin/settings"] {
            let page = try await browser.get(path)
            #expect(page.status == 503, "\(path)")
            #expect(page.fields[.retryAfter] != nil)
            #expect(page.text.contains("The database does not answer"))
        }
        let asset = try #require(Assets.all.first)
        #expect(try await browser.get(asset.path).status == 200)
        #expect(try await browser.get("/no/such/page").status == 404)
    }

    @Test func theServersOwnRefusalsArePagesToo() async throws {
        let house = try await House.empty()
        let response = house.web.hooks.refusal(.contentTooLarge, "abc")
        let page = Page(response)
        #expect(page.status == 413)
        #expect(page.text.contains("abc") && page.title == "Too large")
    }
}
