import HTTP
import Logging
import Reactor
import Testing

@testable import Web

@Suite("Under a path that a proxy gives it")
struct BasePathTests {
    private func web(of house: House) -> WebApplication {
        WebApplication(
            pool: house.pool, orchestrator: house.orchestrator, logger: Logger(label: "test"), basePath: "/usher/house")
    }

    /// Every address of ours in a page.
    private func addresses(in html: String) -> [String] {
        ["href", "src", "action", "formaction", "data-live"].flatMap { name in
            html.split(separator: " \(name)=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
        }.filter { $0.hasPrefix("/") }
    }

    @Test func everyAddressLiesUnderIt() async throws {
        let house = try await House.inhabited()
        let request = try await house.movie()
        let olga = try await house.browser(of: "Olga")
        let browser = Browser(web(of: house))
        browser.cookies.withLock { $0 = olga.cookies.withLock { $0 } }
        let paths = [
            "", "/", "/requests", "/requests/new", "/requests/new?kind=movie", "/requests/\(request)", "/account",
            "/search", "/search?q=long",
            "/admin/accounts", "/admin/indexers", "/admin/indexers/new", "/admin/expiry", "/admin/settings", "/nowhere",
        ]
        for path in paths {
            let page = try await browser.get("/usher/house\(path)")
            if let location = page.location {
                #expect(location.hasPrefix("/usher/house/"), "\(path)")
                continue
            }
            #expect(page.status == (path == "/nowhere" ? 404 : 200), "\(path)")
            let addresses = addresses(in: page.html)
            #expect(addresses.count > 3)
            for address in addresses { #expect(address.hasPrefix("/usher/house/"), "\(path): \(address)") }
        }
    }

    @Test func formsRedirectsAndFilesWork() async throws {
        let house = try await House.empty()
        let web = web(of: house)
        let token = try #require(try await web.setupToken())
        let password = "correct horse battery"
        let first = Browser(web)
        _ = try await first.get("/usher/house/setup?token=\(token)")
        let made = try await first.post(
            "/usher/house/setup", [("token", token), ("name", "Anna"), ("password", password)])
        #expect(made.location == "/usher/house/admin/guide")
        let browser = Browser(web)
        let wanted = try await browser.get("/usher/house/requests?q=a")
        #expect(wanted.location == "/usher/house/sign-in?next=%2Frequests%3Fq%3Da")
        let page = try await browser.get(try #require(wanted.location))
        let files = addresses(in: page.html).filter { $0.contains("/static/") }
        #expect(files.count == 3)
        for file in files { #expect(try await browser.get(file).status == 200) }
        let signedIn = try await browser.post(
            "/usher/house/sessions", [("name", "Anna"), ("password", password), ("next", "/requests?q=a")])
        #expect(signedIn.location == "/usher/house/requests?q=a")
        #expect(try await browser.get("/usher/house/requests?q=a").status == 200)
    }

    @Test(arguments: ["/", "/requests", "/usher", "/usher/household", "/usher/house%2frequests", "/static/x"])
    func nothingIsOutside(path: String) async throws {
        let house = try await House.empty()
        let browser = Browser(web(of: house))
        if path.contains("%") {
            await #expect(throws: RequestError.self) { try await browser.get(path) }
        } else {
            #expect(try await browser.get(path).status == 404)
        }
    }
}
