import Foundation
public import Reactor

/// A Torznab indexer on loopback with releases of a test's choosing.
public final class StandInIndexer: Sendable {
    /// A torrent on offer.
    public struct Release: Sendable {
        /// The release's name.
        public var title: String
        /// How it is to be had.
        public var delivery: Delivery
        /// Torznab categories.
        public var categories: [Int]
        /// Bytes of the payload.
        public var size: Int
        /// Left out of the feed if nil.
        public var seeders: Int?
        /// Left out of the feed if nil.
        public var infohash: String?

        /// A torrent on offer.
        public init(
            title: String, delivery: Delivery, categories: [Int], size: Int = 1 << 30, seeders: Int? = 10,
            infohash: String? = nil
        ) {
            self.title = title
            self.delivery = delivery
            self.categories = categories
            self.size = size
            self.seeders = seeders
            self.infohash = infohash
        }
    }

    /// How a torrent is to be had.
    public enum Delivery: Sendable {
        /// The link answers with these bytes.
        case torrent([UInt8])
        /// The link redirects to this, for instance to a magnet link.
        case redirect(to: String, status: Int)
        /// There is a magnet link in the feed, as `magneturl`.
        case magnet(String)
        /// There is a magnet link in the feed, as the link itself.
        case magnetAsLink(String)
    }

    /// How it behaves.
    public enum Mode: Sendable {
        /// As it should.
        case well
        /// A sign-in page with status 200.
        case page
        /// No answer at all.
        case silence
        /// Too many requests; seconds to wait.
        case busy(retryAfter: Int)
        /// This status with an empty body.
        case status(Int)
        /// An error document with status 200.
        case error(code: Int, description: String)
        /// The connection is closed.
        case closing
        /// A feed that breaks off.
        case truncated
        /// Capabilities as it should, and this for every search.
        case answering(StandInServer.Answer)
    }

    /// What it does about an offset.
    public enum Paging: Sendable {
        /// It goes on there.
        case honoured
        /// The first page again.
        case ignored
        /// An error document: error 201.
        case refused
        /// The connection is closed.
        case closing
    }

    /// The key that it wants.
    public let apiKey: String
    private let state: Locked<State>
    private let server: StandInServer

    private struct State {
        var releases: [Release]
        var mode = Mode.well
        var pageSize = 100
        var paging = Paging.honoured
    }

    /// Starts an indexer.
    public init(apiKey: String = "household-key", releases: [Release] = []) throws(SystemError) {
        self.apiKey = apiKey
        let state = Locked(State(releases: releases))
        self.state = state
        server = try StandInServer { request in
            let now = state.withLock { $0 }
            return Self.answer(request, apiKey: apiKey, now)
        }
    }

    /// The address an administrator would enter.
    public var url: String { server.url + "/api" }
    /// Where it listens.
    public var port: Int { server.port }
    /// Every request so far.
    public var requests: [StandInRequest] { server.requests }

    /// What is on offer from now on.
    public func offer(_ releases: [Release]) {
        state.withLock { $0.releases = releases }
    }

    /// How it behaves from now on.
    public func behave(_ mode: Mode) {
        state.withLock { $0.mode = mode }
    }

    /// How many releases an answer holds from now on; the rest comes with an offset.
    public func page(by size: Int, offsets paging: Paging = .honoured) {
        state.withLock { ($0.pageSize, $0.paging) = (size, paging) }
    }

    /// Ends it: later connections are refused.
    public func stop() {
        server.stop()
    }

    /// Waits until so many requests have come.
    public func requests(atLeast count: Int) async {
        await server.requests(atLeast: count)
    }

    // MARK: Answers

    private static func answer(
        _ request: StandInRequest, apiKey: String, _ now: State
    ) -> StandInServer.Answer {
        let releases = now.releases
        switch now.mode {
        case .well, .answering: break
        case .page: return .text("<!DOCTYPE html><html><body>Sign in</body></html>", type: "text/html")
        case .silence: return .silence
        case .busy(let seconds): return .text("", status: 429, fields: ["Retry-After": "\(seconds)"])
        case .status(let status): return .text("", status: status)
        case .error(let code, let description): return error(code, description)
        case .closing: return .close
        case .truncated: return xml("<rss version=\"2.0\"><channel><item><title>Half a")
        }
        guard request.query["apikey"] == apiKey else { return error(100, "Invalid API Key") }
        if request.path.hasPrefix("/download/") { return download(request, releases) }
        switch request.query["t"] {
        case "caps": return xml(capabilities(limit: now.pageSize))
        case "search", "tvsearch", "movie":
            if case .answering(let answer) = now.mode { return answer }
            var offset = request.query["offset"].flatMap { Int($0) } ?? 0
            switch now.paging {
            case .refused where offset > 0: return error(201, "Incorrect parameter: offset")
            case .closing where offset > 0: return .close
            case .ignored: offset = 0
            case .honoured, .refused, .closing: break
            }
            let base = "http://\(request.fields["host"] ?? "")"
            let items = releases.enumerated().filter { matches($0.element, request.query) }
                .dropFirst(offset).prefix(now.pageSize)
                .map { item($0.element, number: $0.offset, link: "\(base)/download/\($0.offset)?apikey=\(apiKey)") }
            return xml(feed(items))
        default: return error(202, "No such function")
        }
    }

    private static func download(_ request: StandInRequest, _ releases: [Release]) -> StandInServer.Answer {
        guard let number = Int(request.path.dropFirst("/download/".count)), releases.indices.contains(number) else {
            return .text("", status: 404)
        }
        switch releases[number].delivery {
        case .torrent(let bytes):
            return .reply(status: 200, fields: ["Content-Type": "application/x-bittorrent"], body: bytes)
        case .redirect(let target, let status): return .redirect(to: target, status: status)
        case .magnet(let link), .magnetAsLink(let link): return .redirect(to: link)
        }
    }

    /// Every word is in the title; the season and episode are those of the title; a category or its parent is asked for.
    private static func matches(_ release: Release, _ query: [String: String]) -> Bool {
        let title = words(release.title)
        guard words(query["q"] ?? "").allSatisfy(title.contains) else { return false }
        if let season = query["season"], let day = query["ep"], day.contains("/") {
            guard words("\(season)/\(day)").allSatisfy(title.contains) else { return false }
        } else if let season = query["season"].flatMap({ Int($0) }) {
            let tag = season < 10 ? "s0\(season)" : "s\(season)"
            let episode = query["ep"].flatMap { Int($0) }.map { $0 < 10 ? "e0\($0)" : "e\($0)" }
            let isThere = title.contains { word in
                episode.map { word.hasPrefix(tag) && word.dropFirst(tag.count).contains($0) } ?? word.hasPrefix(tag)
            }
            guard isThere else { return false }
        }
        // It knows every id, and has nothing filed under any.
        if query["tvdbid"] != nil || query["imdbid"] != nil { return false }
        if let year = query["year"], !title.contains(year) { return false }
        let asked = (query["cat"] ?? "").split(separator: ",").compactMap { Int($0) }
        return asked.isEmpty
            || release.categories.contains { asked.contains($0) || asked.contains($0 / 1000 * 1000) }
    }

    private static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    // MARK: XML

    private static func capabilities(limit: Int) -> String {
        """
        <caps><server title="Stand-in"/><limits max="\(limit)" default="\(limit)"/><searching>
        <search available="yes" supportedParams="q"/>
        <tv-search available="yes" supportedParams="q,season,ep,tvdbid"/>
        <movie-search available="yes" supportedParams="q,year,imdbid"/>
        <music-search available="no" supportedParams="q"/>
        </searching><categories>
        <category id="1000" name="Console"><subcat id="1180" name="PS4"/></category>
        <category id="2000" name="Movies"><subcat id="2040" name="HD"/></category>
        <category id="4000" name="PC"><subcat id="4050" name="Games"/></category>
        <category id="5000" name="TV"><subcat id="5040" name="HD"/></category>
        </categories></caps>
        """
    }

    private static func item(_ release: Release, number: Int, link: String) -> String {
        var link = link
        var attributes = release.categories.map { ("category", "\($0)") }
        if let seeders = release.seeders { attributes += [("seeders", "\(seeders)"), ("peers", "\(seeders + 2)")] }
        if let infohash = release.infohash { attributes.append(("infohash", infohash)) }
        if case .magnet(let magnet) = release.delivery { attributes.append(("magneturl", magnet)) }
        if case .magnetAsLink(let magnet) = release.delivery { link = magnet }
        return """
            <item><title>\(escaped(release.title))</title><guid>stand-in-\(number)-\(escaped(release.title))</guid>
            <link>\(escaped(link))</link><comments>http://site.example/\(number)</comments>
            <pubDate>Thu, 01 Oct 2026 12:00:00 +0000</pubDate><size>\(release.size)</size>
            <enclosure url="\(escaped(link))" length="0" type="application/x-bittorrent"/>
            \(attributes.map { "<torznab:attr name=\"\($0.0)\" value=\"\(escaped($0.1))\"/>" }.joined())</item>
            """
    }

    private static func feed(_ items: [String]) -> String {
        """
        <rss version="2.0" xmlns:torznab="http://torznab.com/schemas/2015/feed"><channel><title>Stand-in</title>
        \(items.joined(separator: "\n"))
        </channel></rss>
        """
    }

    private static func error(_ code: Int, _ description: String) -> StandInServer.Answer {
        xml("<error code=\"\(code)\" description=\"\(escaped(description))\"/>")
    }

    private static func xml(_ body: String) -> StandInServer.Answer {
        .text("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + body, type: "application/xml")
    }

    private static func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
            .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
    }
}
