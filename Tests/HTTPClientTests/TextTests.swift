import HTTPTypes
import Testing

@testable import HTTPClient

@Suite("Dates and pauses in fields")
struct TextTests {
    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sun, 06 Nov 1994 08:49:37 +0000", 784_111_777),
        ("6 Nov 94 08:49", 784_111_740), ("06 November 1994 10:49:37 +0200", 784_111_777),
        ("Sun, 06 Nov 1994 03:49:37 EST", 784_111_777), ("Sun,06 Nov 1994 04:19:37 -0430", 784_111_777),
        ("Thu, 01 Jan 1970 00:00:00", 0), ("29 Feb 2024 23:59:60 Z", 1_709_251_200),
    ])
    func dates(text: String, seconds: Int) {
        #expect(MessageDate.parse(text) == seconds)
    }

    @Test(arguments: ["", "never", "Sun, 06 Nov", "32 Nov 1994 08:49:37", "6 Foo 1994 08:49:37", "6 Nov 1994 25:00:00"])
    func noDates(text: String) {
        #expect(MessageDate.parse(text) == nil)
    }

    @Test func pauses() {
        #expect(ClientResponse.retryAfter("120", now: 0) == .seconds(120))
        #expect(ClientResponse.retryAfter("-5", now: 0) == .zero)
        #expect(ClientResponse.retryAfter("999999999", now: 0) == .seconds(86400))
        #expect(ClientResponse.retryAfter("Sun, 06 Nov 1994 08:49:37 GMT", now: 784_111_700) == .seconds(77))
        #expect(ClientResponse.retryAfter("Sun, 06 Nov 1994 08:49:37 GMT", now: 784_111_800) == .zero)
        #expect(ClientResponse.retryAfter("soon", now: 0) == nil)
        #expect(ClientResponse(status: 429, fields: [.retryAfter: "7"]).retryAfter == .seconds(7))
    }
}
