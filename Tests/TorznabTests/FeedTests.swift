import Foundation
import Testing

@testable import Torznab

/// What indexers are known to send.
@Suite("Releases in a feed")
struct FeedTests {
    private let now = Date(timeIntervalSince1970: 1_795_000_000)
    private let magnet = "magnet:?xt=urn:btih:" + String(repeating: "AB", count: 20)

    private func items(_ inside: String, key: String = "hunter2") throws -> [Item] {
        let endpoint = try Endpoint(url: "http://192.168.1.5:9696/1/", apiKey: key)
        let text = "<rss version=\"1.0\"><channel><atom:link href=\"http://else.example/\"/>\(inside)</channel></rss>"
        return try Feed(endpoint: endpoint, now: now).items(XMLElement.parse(Array(text.utf8)))
    }

    private func item(_ inside: String) throws -> Item {
        try #require(try items("<item><title>T</title><link>/dl/1</link>\(inside)</item>").first)
    }

    private func attribute(_ name: String, _ value: String) -> String {
        "<torznab:attr name=\"\(name)\" value=\"\(value)\"/>"
    }

    @Test func wholeItem() throws {
        let item = try #require(
            try items(
                """
                <item><title>Harbour.Lights.S02E02.1080p.WEB-DL.x264-GRP</title><guid>http://site.example/7</guid>
                <link>http://192.168.1.5:9696/1/download?apikey=hunter2&amp;file=a b</link>
                <comments>http://site.example/7#c</comments><pubDate>Thu, 01 Oct 2026 14:00:00 +0200</pubDate>
                <size>1500000000</size><grabs>12</grabs><category>5000</category>
                <enclosure url="http://192.168.1.5:9696/1/download?apikey=hunter2&amp;file=a b" length="1500000000"
                 type="application/x-bittorrent"/>
                <torznab:attr name="category" value="5040"/><torznab:attr name="category" value="100017"/>
                <newznab:attr name="seeders" value="9"/><newznab:attr name="peers" value="11"/>
                <torznab:attr name="infohash" value="\(String(repeating: "AB", count: 20))"/>
                <torznab:attr name="imdb" value="880010"/><torznab:attr name="tvdbid" value="880101"/>
                <torznab:attr name="tvmazeid" value="0"/><torznab:attr name="season" value="2"/>
                <torznab:attr name="episode" value="2"/><torznab:attr name="downloadvolumefactor" value="0.5"/></item>
                """
            ).first)
        #expect(item.title == "Harbour.Lights.S02E02.1080p.WEB-DL.x264-GRP")
        #expect(item.guid == "http://site.example/7")
        #expect(item.link == "http://192.168.1.5:9696/1/download?apikey=hunter2&file=a+b")
        #expect(item.magnet == nil)
        #expect(item.infohash == String(repeating: "ab", count: 20))
        #expect(item.size == 1_500_000_000)
        #expect((item.seeders, item.peers, item.grabs) == (9, 11, 12))
        #expect(item.published == Date(timeIntervalSince1970: 1_790_856_000))
        #expect(item.categories == [5000, 5040, 100_017])
        #expect(item.infoPage == "http://site.example/7#c")
        #expect(item.imdb == "tt0880010")
        #expect((item.tvdb, item.tvmaze, item.season, item.episode) == (880_101, nil, 2, 2))
        #expect(item.downloadFactor == 0.5)
    }

    @Test func magnetsWhereverTheyAre() throws {
        let escaped = magnet + "&amp;dn=T"
        for inside in [
            attribute("magneturl", escaped), "<link>\(escaped)</link>",
            "<enclosure url=\"\(escaped)\" length=\"0\" type=\"application/x-bittorrent\"/>",
            "<enclosure url=\"\(escaped)\" type=\"application/x-bittorrent;x-scheme-handler/magnet\"/>",
        ] {
            let item = try #require(try items("<item><title>T</title>\(inside)</item>").first)
            #expect(item.magnet == magnet + "&dn=T")
            #expect(item.link == nil)
            #expect(item.infohash == String(repeating: "ab", count: 20))
        }
    }

    @Test func magnetsWithALoudScheme() throws {
        #expect(try item(attribute("magneturl", "MAGNET:" + magnet.dropFirst(7))).magnet == magnet)
    }

    @Test func infohashes() throws {
        let hash = String(repeating: "0f", count: 20)
        #expect(try item(attribute("infohash", hash.uppercased())).infohash == hash)
        #expect(try item(attribute("infohash", "(removed)")).infohash == nil)
        #expect(try item(attribute("infohash", hash.dropLast() + "g")).infohash == nil)
        // RFC 4648: the same twenty bytes in base 32
        #expect(try item(attribute("infohash", "B4HQ6DYPB4HQ6DYPB4HQ6DYPB4HQ6DYP")).infohash == hash)
        // The magnet link is what would be downloaded.
        let both = attribute("infohash", hash) + attribute("magneturl", magnet)
        #expect(try item(both).infohash == String(repeating: "ab", count: 20))
        let second = attribute("magneturl", "magnet:?xt=urn:btmh:1220aa") + attribute("infohash", hash)
        #expect(try item(second).infohash == hash)
    }

    @Test func sizes() throws {
        let enclosure = { (length: String) in "<enclosure url=\"/dl/1\" length=\"\(length)\"/>" }
        #expect(try item(attribute("size", "5") + "<size>6</size>").size == 5)
        #expect(try item("<size>600</size>" + enclosure("0")).size == 600)
        #expect(try item(enclosure("5400000000")).size == 5_400_000_000)
        #expect(try item(enclosure("103641")).size == nil)
        #expect(try item("<size>0</size>").size == nil)
        #expect(try item("<size>-1</size>").size == nil)
        #expect(try item("<size>99999999999999999999</size>").size == nil)
        #expect(try item("<size>1.4 GB</size>").size == nil)
    }

    @Test func seedersAndPeers() throws {
        #expect(try item("").seeders == nil)
        #expect(try item("").peers == nil)
        #expect(try item(attribute("seeders", "0")).seeders == 0)
        #expect(try item(attribute("seeders", "-1")).seeders == nil)
        #expect(try item(attribute("seeders", "10") + attribute("peers", "3")).peers == 13)
        #expect(try item(attribute("seeders", "10") + attribute("leechers", "3")).peers == 13)
        #expect(try item(attribute("peers", "7")).peers == 7)
    }

    @Test func dates() throws {
        #expect(try item("").published == nil)
        #expect(try item("<pubDate>yesterday</pubDate>").published == nil)
        #expect(try item("<pubDate>Fri, 01 Jan 2027 00:00:00 +0000</pubDate>").published == now)
        let zoneless = try item("<pubDate>Thu, 01 Oct 2026 12:00:00</pubDate>").published
        #expect(zoneless == Date(timeIntervalSince1970: 1_790_856_000))
    }

    @Test func links() throws {
        #expect(try item("").link == "http://192.168.1.5:9696/dl/1")
        #expect(try items("<item><title>T</title><link></link></item>").isEmpty)
        #expect(try items("<item><title>T</title><link>ftp://a.example/t</link></item>").isEmpty)
        let both = "<enclosure url=\"/dl/2\"/>"
        #expect(try item(both).link == "http://192.168.1.5:9696/dl/2")
    }

    @Test func titles() throws {
        let title = { (text: String) in try items("<item><title>\(text)</title><link>/1</link></item>").first?.title }
        #expect(try title("Tom &amp;amp; Jane") == "Tom & Jane")
        #expect(try title(" <![CDATA[Tom & Jane]]> ") == "Tom & Jane")
        #expect(try title("  ") == nil)
        #expect(try title(String(repeating: "x", count: 5000))?.count == 500)
    }

    @Test func sameGuidTwice() throws {
        let one = "<item><title>T</title><guid>1</guid><link>/1</link></item>"
        #expect(try items(one + one).count == 1)
    }

    @Test func categories() throws {
        #expect(try item("").categories == [])
        #expect(try item("<category>Movies/HD</category><category>2040</category>").categories == [2040])
        #expect(try items("<item><title>T</title><link>/1</link><category>6010</category></item>").isEmpty)
    }

    @Test func keyStaysOutOfWhatPeopleSee() throws {
        let item = try #require(
            try items(
                """
                <item><title>T</title><guid>http://192.168.1.5/dl?apikey=hunter2</guid><link>/1</link>
                <comments>http://192.168.1.5/page?x=hunter2</comments></item>
                """
            ).first)
        #expect(!item.guid.contains("hunter2"))
        #expect(item.infoPage == nil)
        #expect(try self.item("<comments>javascript:alert(1)</comments>").infoPage == nil)
    }

    @Test func otherIds() throws {
        #expect(try item(attribute("imdbid", "tt0000012")).imdb == "tt0000012")
        #expect(try item(attribute("imdbid", "tt12345678")).imdb == "tt12345678")
        #expect(try item(attribute("imdb", "0")).imdb == nil)
        #expect(try item(attribute("imdb", "ttx")).imdb == nil)
        #expect(try item(attribute("downloadvolumefactor", "-1")).downloadFactor == nil)
        #expect(try item(attribute("downloadvolumefactor", "0")).downloadFactor == 0)
    }

    @Test func notAFeed() throws {
        let feed = Feed(endpoint: try Endpoint(url: "http://a.example"), now: now)
        for text in ["<caps/>", "<rss/>", "<feed/>"] {
            #expect(throws: TorznabError.malformed(reason: "it is no list of releases")) {
                try feed.items(XMLElement.parse(Array(text.utf8)))
            }
        }
    }
}
