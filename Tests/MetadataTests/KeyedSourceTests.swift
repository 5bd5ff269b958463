import HTTPClient
import Reactor
import TestSupport
import Testing

@testable import Metadata

@Suite("Sources that need a key", .timeLimit(.minutes(10)))
struct KeyedSourceTests {
    private func withTMDB(_ body: (TMDB, StandInTMDB) async throws -> Void) async throws {
        let group = try EventLoopGroup(threads: 1)
        defer { group.stop() }
        let tmdb = try StandInTMDB(works: [
            .init(
                990_001, "The Paper Lighthouse", 2024, imdb: "tt9900001", ratings: ["US": "PG-13", "DE": "6"],
                otherNames: ["Der Papierleuchtturm"]),
            .init(
                880_201, "Lighthouse Keepers", 2025, imdb: "tt8800010", seasons: [0: 1, 1: 3, 2: 8],
                otherNames: ["Leuchtturmwärter"]),
        ])
        defer { tmdb.stop() }
        try await body(TMDB(http: HTTPClient(group: group, userAgent: "usher-tests"), baseURL: tmdb.url), tmdb)
    }

    private func withIGDB(lifetime: Int = 5_000_000, _ body: (IGDB, StandInIGDB) async throws -> Void) async throws {
        let group = try EventLoopGroup(threads: 1)
        defer { group.stop() }
        let igdb = try StandInIGDB(
            games: [
                .init(
                    770_001, "Starfall \"Courier\"", date: 1_683_158_400,
                    platforms: ["PC (Microsoft Windows)", "Nintendo Switch"], steam: "7700010",
                    ratings: [("ESRB", "E10"), ("PEGI", "12"), ("Somebody", "99")], otherNames: ["Star Fall Courier"])
            ], lifetime: lifetime)
        defer { igdb.stop() }
        try await body(IGDB(http: HTTPClient(group: group, userAgent: "usher-tests"), baseURL: igdb.url), igdb)
    }

    @Test(arguments: [StandInTMDB.key, StandInTMDB.token])
    func moviesAndShowsAtTMDB(secret: String) async throws {
        try await withTMDB { source, tmdb in
            let key = SourceKey(secret: secret)
            let works = try await source.works(like: "lighthouse", key: key)
            #expect(works.map(\.id) == ["movie/990001", "tv/880201"], "people are no titles")
            #expect(works[0].ids == ["tmdb_movie": "990001", "imdb": "tt9900001"])
            #expect(works[0].year == 2024 && works[0].age == 13, "the strictest rating counts")
            #expect(works[0].released == "2024-03-08" && works[1].released == nil)
            #expect(works[0].otherNames == ["The Paper Lighthouse", "Der Papierleuchtturm"])
            #expect(works[1].otherNames == ["Lighthouse Keepers", "Leuchtturmwärter"])
            #expect(works[0].picture == tmdb.url + "/t/p/w342/p990001.jpg")
            #expect(try await source.client.picture(at: works[0].picture ?? "") == StandInCatalogue.poster)
            #expect(works[1].kind == .show && works[1].seasons == [1: 3, 2: 8] && works[1].age == nil)
            #expect(works[1].ids == ["tmdb_tv": "880201", "imdb": "tt8800010"])
            // What each is, and where pictures are, is not asked again.
            let before = tmdb.requests.count
            _ = try await source.works(like: "lighthouse", key: key)
            #expect(tmdb.requests.count == before + 1)
        }
    }

    @Test func tmdbSaysWhyItDoesNotTakeAKey() async throws {
        try await withTMDB { source, _ in
            let said = "Invalid API key: You must be granted a valid key."
            let wrong = SourceKey(secret: "wrong")
            await #expect(throws: MetadataError.keyRefused(said: said)) { try await source.test(wrong) }
            await #expect(throws: MetadataError.keyRefused(said: said)) {
                try await source.works(like: "paper", key: wrong)
            }
            await #expect(throws: MetadataError.keyRefused(said: nil)) {
                try await source.works(like: "paper", key: nil)
            }
            try await source.test(SourceKey(secret: StandInTMDB.key))
        }
    }

    @Test func whatTMDBLeavesOutIsLeftOut() async throws {
        try await withTMDB { source, tmdb in
            let key = SourceKey(secret: StandInTMDB.key)
            _ = try await source.works(like: "nothing", key: key)
            tmdb.behave(
                .text(
                    """
                    {"results":[{"id":"x"},{"id":1,"media_type":"movie","title":"Bare","release_date":"",
                    "poster_path":null,"overview":""},{"id":2,"media_type":"movie","adult":true,"title":"No"}]}
                    """))
            let works = try await source.works(like: "bare", key: key)
            #expect(works.map(\.name) == ["Bare"])
            #expect(works[0].year == nil && works[0].released == nil)
            #expect(works[0].picture == nil && works[0].summary == nil)
            tmdb.behave(.text("{}", status: 429, fields: ["Retry-After": "60"]))
            await #expect(throws: MetadataError.rateLimited(retryAfter: .seconds(60))) {
                try await source.works(like: "bare", key: key)
            }
        }
    }

    @Test func gamesAtIGDB() async throws {
        let key = SourceKey(client: StandInIGDB.client, secret: StandInIGDB.secret)
        try await withIGDB { source, igdb in
            let game = try #require(try await source.works(like: "starfall \"courier", key: key).first)
            #expect(game.otherNames == ["Star Fall Courier"])
            #expect(game.year == 2023 && game.age == 12 && game.ids["steam"] == "7700010")
            #expect(game.details == ["PC (Microsoft Windows)", "Nintendo Switch", "Adventure"])
            #expect(try await source.client.picture(at: game.picture ?? "") == StandInCatalogue.poster)
            _ = try await source.works(like: "starfall", key: key)
            func tokens() -> Int { igdb.requests.count { $0.path == "/oauth2/token" } }
            #expect(tokens() == 1, "a token is used for as long as it is good")
            igdb.takeTokensBack()
            #expect(try await source.works(like: "starfall", key: key).count == 1)
            #expect(tokens() == 2)
        }
        try await withIGDB(lifetime: 60) { source, igdb in
            for _ in 0..<2 { _ = try await source.works(like: "starfall", key: key) }
            #expect(igdb.requests.count { $0.path == "/oauth2/token" } == 2, "one that ends soon is renewed")
        }
    }

    @Test(arguments: [
        (SourceKey(client: "nobody", secret: "x"), "Twitch knows no such client."),
        (SourceKey(client: StandInIGDB.client, secret: "x"), "invalid client secret"),
    ])
    func twitchSaysWhyItGivesNoToken(key: SourceKey, said: String) async throws {
        try await withIGDB { source, _ in
            await #expect(throws: MetadataError.keyRefused(said: said)) { try await source.test(key) }
        }
    }

    @Test(
        arguments: [
            (.unitedStates, "PG-13", 13), (.unitedStates, "TV-MA", 17), (.germany, "FSK 16", 16),
            (.germany, "USK12", 12),
            (.unitedKingdom, "12A", 12), (.pegi, "PEGI 18", 18), (.esrb, "E10+", 10), (.australia, "MA 15+", 15),
            (.unitedStates, "NR", nil), (.pegi, "", nil), (.germany, "PG-13", nil),
        ] as [(AgeRating.System, String, Int?)])
    func marksAreAges(system: AgeRating.System, mark: String, age: Int?) {
        #expect(AgeRating.age(of: mark, in: system) == age)
    }
}
