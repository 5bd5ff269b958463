import Testing

@testable import Aria2

private let hash = "e7432ed7caa742ffe94f37ee94d03aadf75dd9bb"

@Suite struct MagnetTests {
    @Test func keepsWhatIsUnderstood() throws {
        let magnet = try Magnet(
            parsing: "magnet:?xt=urn:btih:\(hash.uppercased())&dn=The+Show%20S01&tr=http%3A%2F%2Ft.example%2Fa%3Fk%3D1"
                + "&tr=udp://u.example:80&tr=http://127.0.0.1/&tr=file:///etc/passwd&xs=http://evil.example/"
                + "&as=http://evil.example/&ws=http://evil.example/&x.pe=10.0.0.1:80&so=1")
        #expect(magnet.infohash == hash)
        #expect(magnet.name == "The Show S01")
        let start = "magnet:?xt=urn:btih:\(hash)&dn=The%20Show%20S01"
        let trackers = "&tr=http%3A%2F%2Ft.example%2Fa%3Fk%3D1&tr=udp%3A%2F%2Fu.example%3A80"
        #expect(magnet.uri(allowingPrivateTrackers: false) == start + trackers)
        #expect(magnet.uri(allowingPrivateTrackers: true) == start + trackers + "&tr=http%3A%2F%2F127.0.0.1%2F")
        #expect(try Magnet(parsing: magnet.uri(allowingPrivateTrackers: true)).infohash == hash)
    }

    @Test func readsBase32() throws {
        #expect(try Magnet(parsing: "magnet:?xt=urn:btih:45BS5V6KU5BP72KPG7XJJUB2VX3V3WN3").infohash == hash)
        #expect(try Magnet(parsing: "MAGNET:?XT=urn:btih:45bs5v6ku5bp72kpg7xjjub2vx3v3wn3").infohash == hash)
    }

    @Test func aNameCannotBreakOut() throws {
        let magnet = try Magnet(
            parsing: "magnet:?xt=urn:btih:\(hash)&dn=a%0A%20out%3D%2Fetc%26tr%3Dx&tr=http://t.example/%0Ax")
        #expect(
            magnet.uri(allowingPrivateTrackers: true)
                == "magnet:?xt=urn:btih:\(hash)&dn=a%20%20out%3D%2Fetc%26tr%3Dx")
    }

    @Test(arguments: [
        ("", MagnetError.notMagnet), ("http://x/?xt=urn:btih:\(hash)", .notMagnet), ("magnet:?", .noInfohash),
        ("magnet:?xt=urn:btih:\(hash)\n http://evil.example/", .controlCharacters),
        ("magnet:?xt=urn:btih:\(hash.dropLast())", .badInfohash), ("magnet:?xt=urn:btih:", .badInfohash),
        ("magnet:?xt=urn:btih:\(hash.dropLast())g", .badInfohash),
        ("magnet:?xt=urn:btih:45BS5V6KU5BP72KPG7XJJUB2VX3V3WN1", .badInfohash),
        ("magnet:?xt=urn:btih:\(hash)&xt=urn:btih:\(String(hash.reversed()))", .severalInfohashes),
        ("magnet:?xt=urn:btmh:1220caf1", .versionTwoOnly), ("magnet:?xt=urn:sha1:abc", .noInfohash),
        ("magnet:?dn=\(String(repeating: "a", count: 70_000))", .tooLong),
    ])
    func refuses(_ text: String, _ error: MagnetError) {
        #expect(throws: error) { try Magnet(parsing: text) }
    }
}
