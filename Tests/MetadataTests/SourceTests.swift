import Foundation
import HTTPClient
import HTTPTypes
import Reactor
import TestSupport
import Testing

@testable import Metadata

@Suite("Sources of titles", .timeLimit(.minutes(10)))
struct SourceTests {
    private static let works: [StandInCatalogue.Work] = [
        .init("The Paper Lighthouse", 2024, wikidata: "Q990000001", imdb: "tt9900001", isInCinemeta: true),
        .init("The Paper Lighthouse", 1971, wikidata: "Q990000002"),
        .init("Starfall Courier", 2023, platforms: ["PlayStation 5"], wikidata: "Q770000001", steam: 7_700_010),
    ]

    private func withSources(_ body: (TitleSources, StandInCatalogue) async throws -> Void) async throws {
        let group = try EventLoopGroup(threads: 1)
        defer { group.stop() }
        let catalogue = try StandInCatalogue(works: Self.works)
        defer { catalogue.stop() }
        let http = HTTPClient(group: group, userAgent: "usher-tests")
        try await body(TitleSources(http: http, at: .standIns(others: catalogue.url)), catalogue)
    }

    private func source(_ id: SourceID, of sources: TitleSources) throws -> any TitleSource {
        try #require(sources.all.first { $0.id == id })
    }

    @Test func wikidata() async throws {
        try await withSources { sources, catalogue in
            let wikidata = try source(.wikidata, of: sources)
            let movies = try await wikidata.works(like: "paper: \"lighthouse\" -x", key: nil)
            #expect(movies.isEmpty)
            let found = try await wikidata.works(like: "paper: \"lighthouse\"", key: nil)
            #expect(found.map(\.year) == [2024, 1971])
            #expect(found.map(\.released) == ["2024-03-08", "1971-03-08"])
            #expect(found[0].ids == ["wikidata": "Q990000001", "imdb": "tt9900001"])
            #expect(found[0].kind == .movie && found[0].summary == "2024 film")
            let game = try #require(try await wikidata.works(like: "starfall", key: nil).first)
            #expect(game.kind == .game && game.details == ["PlayStation 5"] && game.ids["steam"] == "7700010")
            // What is still being typed.
            let begun = try await wikidata.works(like: "the paper li", key: nil)
            #expect(begun.map(\.id) == ["Q990000001", "Q990000002"])
            // What a platform is called is asked once.
            let before = catalogue.requests.count
            _ = try await wikidata.works(like: "courier", key: nil)
            #expect(catalogue.requests.count == before + 2)
            #expect(try await wikidata.works(like: "?!", key: nil).isEmpty)
        }
    }

    @Test(
        "Only a day that there is, and that the source knows, is a day",
        arguments: [
            ("2026-05-12", "2026-05-12"), ("2026-05-12T00:00:00Z", "2026-05-12"), ("2024-02-29", "2024-02-29"),
            ("2026-02-29", nil), ("2026-00-00T00:00:00Z", nil), ("2026-5-12", nil), ("2026", nil), ("", nil),
            ("9999-01-01", nil), ("٢٠٢٦-05-12", nil),
        ] as [(String, String?)])
    func days(text: String, day: String?) {
        #expect(Work.day(text) == day)
    }

    @Test func wikidataKnowsSomeMomentsToTheMonthOnly() async throws {
        try await withSources { sources, catalogue in
            func claim(_ time: String, _ precision: Int) -> String {
                """
                {"mainsnak":{"datavalue":{"value":{"time":"\(time)","precision":\(precision)}}},"rank":"normal"}
                """
            }
            for (claims, day) in [
                ([claim("+2027-00-00T00:00:00Z", 9)], nil), ([claim("+2027-05-01T00:00:00Z", 10)], nil),
                ([claim("+2027-05-14T00:00:00Z", 11), claim("+2027-05-12T00:00:00Z", 11)], "2027-05-12"),
                ([claim("+2026-00-00T00:00:00Z", 9), claim("+2027-05-14T00:00:00Z", 11)], "2027-05-14"),
            ] as [([String], String?)] {
                let answer = try JSONDecoder().decode(
                    WireEntity.self,
                    from: Data(
                        """
                        {"id":"Q1","labels":{"en":{"value":"Soon"}},"claims":{"P31":[{"mainsnak":{"datavalue":
                        {"value":{"id":"Q11424"}}}}],"P577":[\(claims.joined(separator: ","))]}}
                        """.utf8))
                let work = try #require(answer.work).work
                #expect(work.released == day)
                #expect(work.year != nil)
            }
        }
    }

    @Test(
        "Wikidata's own title, and what it is also known as; none, as PHP writes it",
        arguments: [
            (
                #"{"en":[{"language":"en","value":"The Pyre"},{"language":"en","value":"Bonfire"}]}"#,
                ["Bålet", "The Pyre", "Bonfire"]
            ),
            ("[]", ["Bålet"]), (#"{"de":[{"language":"de","value":"Das Feuer"}]}"#, ["Bålet"]),
        ])
    func wikidataOtherNames(aliases: String, names: [String]) throws {
        let title = #"{"mainsnak":{"datavalue":{"value":{"text":"Bålet","language":"da"}}},"rank":"normal"}"#
        let answer = try JSONDecoder().decode(
            WireEntity.self,
            from: Data(
                """
                {"id":"Q1","labels":{"en":{"value":"The Fire"}},"aliases":\(aliases),"claims":{"P31":[{"mainsnak":
                {"datavalue":{"value":{"id":"Q11424"}}}}],"P1476":[\(title)]}}
                """.utf8))
        #expect(answer.work?.work.otherNames == names)
    }

    @Test(
        "Wikidata says how long a movie is, in minutes",
        arguments: [
            (["+112 Q7727"], 112), (["+6720 Q11574", "+112.5 Q7727"], 112), (["+2 Q25235"], nil), (["+0 Q7727"], nil),
            (["x Q7727"], nil),
        ] as [([String], Int?)])
    func wikidataRuntime(lengths: [String], minutes: Int?) throws {
        let claims = lengths.map { length in
            let parts = length.split(separator: " ")
            return """
                {"mainsnak":{"datavalue":{"type":"quantity","value":{"amount":"\(parts[0])",
                "unit":"http://www.wikidata.org/entity/\(parts[1])"}}},"rank":"normal"}
                """
        }
        let poster = #"{"mainsnak":{"datavalue":{"value":"Fire & Ash.jpg"}},"rank":"normal"}"#
        let answer = try JSONDecoder().decode(
            WireEntity.self,
            from: Data(
                """
                {"id":"Q1","labels":{"en":{"value":"The Fire"}},"claims":{"P31":[{"mainsnak":{"datavalue":
                {"value":{"id":"Q11424"}}}}],"P2047":[\(claims.joined(separator: ","))],"P3383":[\(poster)]}}
                """.utf8))
        #expect(answer.work?.work.runtime == minutes)
        #expect(
            answer.work?.work.picture
                == "https://commons.wikimedia.org/wiki/Special:FilePath/Fire%20%26%20Ash.jpg?width=330")
    }

    @Test func wikidataSaysWithSuccessThatItFailed() async throws {
        try await withSources { sources, catalogue in
            let wikidata = try source(.wikidata, of: sources)
            for (code, expected) in [("maxlag", MetadataError.rateLimited(retryAfter: nil)), ("odd", .malformed)] {
                catalogue.behave(.text("{\"error\":{\"code\":\"\(code)\",\"info\":\"x\"}}"), as: .wikidata)
                await #expect(throws: expected) { try await wikidata.works(like: "paper", key: nil) }
            }
        }
    }

    @Test func cinemetaAndSteam() async throws {
        try await withSources { sources, catalogue in
            let movies = try await source(.cinemeta, of: sources).works(like: "paper / lighthouse?", key: nil)
            #expect(movies.isEmpty)
            let movie = try #require(try await source(.cinemeta, of: sources).works(like: "the paper", key: nil).first)
            #expect(movie.ids == ["imdb": "tt9900001"] && movie.year == 2024)
            #expect(movie.picture == catalogue.url + "/poster/tt9900001")
            let game = try #require(try await source(.steam, of: sources).works(like: "star", key: nil).first)
            #expect(game.details == ["Windows", "Linux"])
            #expect(game.picture == catalogue.url + "/store_item_assets/steam/apps/7700010/library_600x900.jpg")
        }
    }

    @Test func oneWorkOfSeveralSources() {
        func work(_ source: SourceID, _ id: String, _ ids: [String: String], _ kind: Work.Kind = .movie) -> Work {
            Work(source: source, id: id, kind: kind, name: "Dune", year: 2021, ids: ids)
        }
        let apart = Match.merging([work(.cinemeta, "tt1", ["imdb": "tt1"]), work(.wikidata, "Q2", ["wikidata": "Q2"])])
        #expect(apart.count == 2, "title and year alone do not make them one")
        let otherKind = Match.merging([
            work(.cinemeta, "tt1", ["imdb": "tt1"]), work(.wikidata, "Q1", ["imdb": "tt1"], .game),
        ])
        #expect(otherKind.count == 2)
        let bridged = Match.merging([
            work(.cinemeta, "tt1", ["imdb": "tt1"]), work(.steam, "5", ["steam": "5"]),
            work(.wikidata, "Q1", ["wikidata": "Q1", "imdb": "tt1", "steam": "5"]),
        ])
        #expect(bridged.count == 1 && bridged[0].works.count == 3)
        #expect(bridged[0].ids == ["imdb": "tt1", "steam": "5", "wikidata": "Q1"])
    }

    @Test func whatWasMeantComesFirst() {
        let names = ["Dune World", "Children of Dune", "Sand", "Dune"]
        let works = names.enumerated().map {
            Work(source: .wikidata, id: "Q\($0)", kind: .movie, name: $1, ids: ["wikidata": "Q\($0)"])
        }
        let ranked = Match.ranked(Match.merging(works), for: "dune")
        #expect(ranked.map(\.name) == ["Dune", "Dune World", "Children of Dune", "Sand"])
    }

    @Test(
        arguments: [
            ("Dune 2021", "Dune", 2021, nil, nil), ("dune (2021)", "dune", 2021, nil, nil),
            ("1917", "1917", nil, nil, nil),
            ("severance s02e03", "severance", nil, 2, 3), ("severance S2", "severance", nil, 2, nil),
            ("the wire 3x11", "the wire", nil, 3, 11), ("s club 7", "s club 7", nil, nil, nil),
            ("Blade Runner 2049", "Blade Runner 2049", nil, nil, nil), ("  ", "", nil, nil, nil),
            ("doctor who 2005 s01e02", "doctor who", 2005, 1, 2), ("s01e01", "s01e01", nil, nil, nil),
            ("Lost s1e", "Lost s1e", nil, nil, nil),
        ] as [(String, String, Int?, Int?, Int?)])
    func typed(text: String, title: String, year: Int?, season: Int?, episode: Int?) {
        let query = TitleQuery(text, now: 2026)
        #expect(query.title == title)
        #expect(query.year == year && query.season == season && query.episode == episode)
    }

    @Test func whatHasNotChangedIsNotSentAgain() async throws {
        let group = try EventLoopGroup(threads: 1)
        defer { group.stop() }
        let changes = Locked(0)
        let server = try StandInServer { request in
            let tag = "\"\(changes.withLock { $0 })\""
            if request.fields["if-none-match"] == tag { return .reply(status: 304, fields: ["ETag": tag], body: []) }
            return .text(
                "{\"items\":[{\"type\":\"app\",\"id\":1,\"name\":\"Version \(tag.dropFirst().dropLast())\"}]}",
                fields: ["ETag": tag])
        }
        defer { server.stop() }
        let steam = Steam(http: HTTPClient(group: group, userAgent: "usher-tests"), baseURL: server.url)
        for _ in 0..<2 { #expect(try await steam.works(like: "x", key: nil).map(\.name) == ["Version 0"]) }
        changes.withLock { $0 = 1 }
        #expect(try await steam.works(like: "x", key: nil).map(\.name) == ["Version 1"])
        _ = try await steam.works(like: "other", key: nil)
        let sent = server.requests.map { $0.fields["if-none-match"] }
        #expect(sent == [nil, "\"0\"", "\"0\"", nil])
    }

    @Test func littleIsKept() {
        let kept = KeptAnswers(capacity: 10)
        func request(_ url: String) -> ClientRequest { ClientRequest(url: url, addresses: .publicOnly) }
        func answer(_ bytes: Int, _ fields: HTTPFields = [.lastModified: "x"]) -> ClientResponse {
            ClientResponse(status: 200, fields: fields, body: [UInt8](repeating: 0, count: bytes))
        }
        kept.keep(answer(4), of: request("a"))
        kept.keep(answer(4), of: request("b"))
        #expect(kept.body(of: "a")?.count == 4)
        kept.keep(answer(4), of: request("c"))
        #expect(kept.body(of: "b") == nil && kept.body(of: "a") != nil, "what was used last stays")
        #expect(kept.conditional(request("c")).fields[.ifModifiedSince] == "x")
        kept.keep(answer(11), of: request("d"))
        kept.keep(answer(1, [:]), of: request("c"))
        #expect(kept.body(of: "d") == nil && kept.body(of: "c") == nil)
    }

    @Test func pictures() async throws {
        try await withSources { sources, catalogue in
            let pixel = StandInCatalogue.poster
            catalogue.show(.reply(status: 200, fields: ["Content-Type": "text/html"], body: pixel), at: "/a")
            catalogue.show(.redirect(to: "/a"), at: "/b")
            catalogue.show(.redirect(to: "/loop"), at: "/loop")
            catalogue.show(.redirect(to: "http://127.0.0.1:1/elsewhere"), at: "/away")
            catalogue.show(.reply(status: 200, fields: [:], body: [UInt8](repeating: 0, count: 5 << 20)), at: "/large")
            let a = try await sources.picture(at: catalogue.url + "/a", from: .cinemeta)
            #expect(a == pixel)
            let b = try await sources.picture(at: catalogue.url + "/b", from: .cinemeta)
            #expect(b == pixel)
            for path in ["/loop", "/away", "/missing"] {
                await #expect(throws: MetadataError.notFound, "\(path)") {
                    try await sources.picture(at: catalogue.url + path, from: .cinemeta)
                }
            }
            await #expect(throws: MetadataError.http(.tooLarge(limit: 4 << 20))) {
                try await sources.picture(at: catalogue.url + "/large", from: .cinemeta)
            }
            // TVmaze keeps no pictures there, and nobody keeps any at addresses that merely resemble.
            for url in [
                catalogue.url + "/a", "https://static.tvmaze.com.example/a", "https://user@static.tvmaze.com/a",
                "file:///etc/passwd", "http://169.254.169.254/latest",
            ] {
                await #expect(throws: MetadataError.notFound, "\(url)") {
                    try await sources.picture(at: url, from: .tvmaze)
                }
            }
        }
    }

    @Test func whatIsAPicture() {
        #expect(PictureType(of: StandInCatalogue.poster) == .png)
        #expect(PictureType(of: [0xff, 0xd8, 0xff, 0xe0]) == .jpeg)
        #expect(PictureType(of: Array("RIFF....WEBPVP8 ".utf8)) == .webp)
        for text in ["", "<svg xmlns=", "<html>", "GIF", "RIFF....WAVE"] {
            #expect(PictureType(of: Array(text.utf8)) == nil, "\(text)")
        }
    }
}
