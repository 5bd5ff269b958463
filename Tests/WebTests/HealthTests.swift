import Testing

@testable import Web

@Suite("What machines ask")
struct HealthTests {
    @Test func theProcessIsWellWhateverIsAway() async throws {
        let house = try await House.empty()
        let page = try await Browser(house.web).get("/healthz")
        #expect(page.status == 200)
    }

    @Test func whatIsNotThereIsNamed() async throws {
        let house = try await House.empty()
        let page = try await Browser(house.web).get("/readyz")
        #expect(page.status == 503)
        #expect(page.text == "database ok aria2 failed disk failed")
    }

    @Test func figuresAreForThoseWhoMayHaveThem() async throws {
        let house = try await House.empty()
        #expect(try await Browser(house.web, address: "198.51.100.1").get("/metrics").status == 404)
        let observer = Browser(house.web, address: "127.0.0.1")
        _ = try await observer.get("/requests/7?q=secret")
        let page = try await observer.get("/metrics")
        #expect(page.status == 200)
        let line = "usher_http_request_duration_seconds_count{method=\"GET\",route=\"/requests/:id\",status=\"303\"} 1"
        #expect(page.html.contains(line + "\n"))
        #expect(page.html.contains("usher_database_up 1\n") && page.html.contains("usher_aria2_up 0\n"))
        #expect(page.html.contains("usher_live_streams 0\n") && page.html.contains("usher_database_waiters 0\n"))
        #expect(page.html.contains("usher_effects_due 0\n") && !page.html.contains("secret"))
    }
}
