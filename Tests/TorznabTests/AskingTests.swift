import Foundation
import Testing

@testable import Torznab

@Suite("What an indexer is asked")
struct AskingTests {
    @Test(arguments: [
        ("http://192.168.1.5:9696/1", "http://192.168.1.5:9696/1/api"),
        (" http://192.168.1.5:9696/1/api/ ", "http://192.168.1.5:9696/1/api"),
        (
            "http://jackett:9117/api/v2.0/indexers/site/results/torznab/",
            "http://jackett:9117/api/v2.0/indexers/site/results/torznab/api"
        ),
        ("https://Tracker.Example", "https://tracker.example/api"),
        ("http://[::1]:8080/api?t=caps#x", "http://[::1]:8080/api"),
    ])
    func addresses(text: String, url: String) throws {
        #expect(try Endpoint(url: text).url == url)
    }

    @Test(arguments: [
        ("", EndpointError.empty), ("  ", .empty), ("prowlarr", .malformed), ("http://", .malformed),
        ("ftp://a.example/", .scheme("ftp")), ("http://user:word@a.example/", .credentials),
    ])
    func addressesThatAreNone(text: String, error: EndpointError) {
        #expect(throws: error) { try Endpoint(url: text) }
    }

    @Test func keyFromACopiedAddress() throws {
        #expect(try Endpoint(url: "http://a.example/api?t=caps&apikey=k1").apiKey == "k1")
        #expect(try Endpoint(url: "http://a.example/api?apikey=k1", apiKey: " k2 ").apiKey == "k2")
        #expect(try Endpoint(url: "http://a.example/api", apiKey: "").apiKey == nil)
    }

    private let able = Capabilities(searching: [
        .search: ["q"], .tv: ["q", "season", "ep", "tvdbid", "imdbid"], .movie: ["q", "year", "imdbid"],
    ])
    private let unable = Capabilities(searching: [.search: ["q"]])

    private func asked(_ query: Query, _ capabilities: Capabilities) -> [String: String] {
        Dictionary(uniqueKeysWithValues: query.parameters(for: capabilities))
            .filter { $0.key != "extended" && $0.key != "limit" }
    }

    @Test func episode() {
        let query = Query(mode: .tv, text: "Harbour Lights", season: 2, episode: 5, tvdb: 880_101, categories: [5000])
        #expect(
            asked(query, able)
                == ["t": "tvsearch", "q": "Harbour Lights", "season": "2", "ep": "5", "cat": "5000"])
        #expect(asked(query, unable) == ["t": "search", "q": "Harbour Lights S02E05", "cat": "5000"])
        let seasonsOnly = Capabilities(searching: [.tv: ["q", "season"]])
        #expect(asked(query, seasonsOnly)["q"] == "Harbour Lights S02E05")
    }

    @Test func byIDBeforeByName() {
        let query = Query(mode: .tv, text: "Harbour Lights", season: 2, episode: 5, tvdb: 880_101)
        let ways = query.ways(for: able).map { asked($0, able) }
        #expect(
            ways == [
                ["t": "tvsearch", "tvdbid": "880101", "season": "2", "ep": "5"],
                ["t": "tvsearch", "q": "Harbour Lights", "season": "2", "ep": "5"],
            ])
        #expect(query.ways(for: unable) == [query])
        #expect(Query(mode: .movie, text: "X", year: 2019).ways(for: able).count == 1)
        // Without a season of its own the episode would be lost.
        #expect(query.ways(for: Capabilities(searching: [.tv: ["q", "tvdbid"]])) == [query])
    }

    @Test func seasonPack() {
        #expect(asked(Query(mode: .tv, text: "X", season: 12), unable)["q"] == "X S12")
        #expect(asked(Query(mode: .tv, text: "X", season: 0), able)["season"] == "00")
    }

    @Test func aDayInPlaceOfAnEpisode() {
        let query = Query(mode: .tv, text: "The Late Harbour", day: "2026-11-03", tvdb: 880_101)
        #expect(
            query.ways(for: able).map { asked($0, able) } == [
                ["t": "tvsearch", "tvdbid": "880101", "season": "2026", "ep": "11/03"],
                ["t": "tvsearch", "q": "The Late Harbour", "season": "2026", "ep": "11/03"],
            ])
        #expect(query.ways(for: unable) == [query])
        #expect(asked(query, unable) == ["t": "search", "q": "The Late Harbour 2026 11 03"])
    }

    @Test func movie() {
        let query = Query(mode: .movie, text: "The Long Tide", year: 2024)
        #expect(asked(query, able) == ["t": "movie", "q": "The Long Tide", "year": "2024"])
        #expect(asked(query, unable) == ["t": "search", "q": "The Long Tide 2024"])
    }

    @Test func idsWhereThereIsNoText() {
        let query = Query(mode: .movie, imdb: "tt0880010", tvdb: 7)
        #expect(asked(query, able) == ["t": "movie", "imdbid": "0880010"])
    }

    @Test func text() {
        var capabilities = able
        #expect(asked(Query(mode: .search, text: " L’Été + it's "), capabilities)["q"] == "LEte its")
        capabilities.rawText = [.search]
        #expect(asked(Query(mode: .search, text: "L’Été + it's"), capabilities)["q"] == "L’Été it's")
    }

    @Test func pages() {
        let parameters = { (query: Query) in
            Dictionary(uniqueKeysWithValues: query.parameters(for: Capabilities(searching: [:], maxLimit: 50)))
        }
        #expect(parameters(Query(mode: .search))["limit"] == "50")
        #expect(parameters(Query(mode: .search, limit: 20))["limit"] == "20")
        #expect(parameters(Query(mode: .search, limit: 500, offset: 50))["limit"] == "50")
        #expect(parameters(Query(mode: .search, offset: 50))["offset"] == "50")
    }

    @Test func addressIsEncoded() throws {
        let endpoint = try Endpoint(url: "http://a.example", apiKey: "k&y")
        #expect(endpoint.request([("q", "a&b=ü")]) == "http://a.example/api?q=a%26b%3D%C3%BC&apikey=k%26y")
    }

    @Test func keyIsNotPrinted() throws {
        #expect("\(try Endpoint(url: "http://a.example", apiKey: "hunter2"))" == "http://a.example/api")
    }

    @Test func capabilitiesAreKept() throws {
        let kept = try JSONDecoder().decode(Capabilities.self, from: JSONEncoder().encode(able))
        #expect(kept == able)
    }

    @Test func capabilities() throws {
        let parsed = try Capabilities(
            XMLElement.parse(
                Array(
                    """
                    <caps><server version="1.3" title="Site"/><limits max="500" default="50"/><searching>
                    <search available="yes" supportedParams="q" searchEngine="raw"/>
                    <tv-search available="yes" supportedParams="q, season,EP"/>
                    <movie-search available="no" supportedParams="q,imdbid"/></searching>
                    <categories><category id="5000" name="TV"><subcat id="5040" name="TV/HD"/></category>
                    <category id="x" name="odd"/></categories><tags/></caps>
                    """.utf8)))
        #expect(parsed.title == "Site")
        #expect(parsed.searching == [.search: ["q"], .tv: ["q", "season", "ep"]])
        #expect(parsed.rawText == [.search])
        #expect(parsed.maxLimit == 100)
        #expect(parsed.categories == [.init(id: 5000, name: "TV"), .init(id: 5040, name: "TV/HD", parent: 5000)])
        #expect(try Capabilities(XMLElement.parse(Array("<caps/>".utf8))) == .assumed)
        #expect(throws: TorznabError.self) { try Capabilities(XMLElement.parse(Array("<rss/>".utf8))) }
    }
}
