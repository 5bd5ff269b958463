import FoundationEssentials
import HTTPClient

/// Reads the items of a search's answer. Feeds say things in several places and not always truly; where two places
/// differ, the order here says which is believed.
struct Feed {
    let endpoint: Endpoint
    let now: Date

    /// The items, each guid once; those that are for adults only are left out.
    func items(_ document: XMLElement) throws(TorznabError) -> [Item] {
        guard document.name == "rss", let channel = document.first("channel") else {
            throw .malformed(reason: "it is no list of releases")
        }
        var seen: Set<String> = []
        return channel.children.lazy.filter { $0.name == "item" }.compactMap(item)
            .filter { !$0.categories.contains { (6000..<7000).contains($0) } && seen.insert($0.guid).inserted }
    }

    private func item(_ element: XMLElement) -> Item? {
        let attributes = Attributes(element)
        // Some sites escape what is escaped already.
        guard let title = element.text(of: "title").map({ CharacterReferences.decode($0.utf8).trimmed })?.nonEmpty
        else { return nil }
        let enclosure = element.first("enclosure")?.attributes ?? [:]
        let links = [attributes["magneturl"], enclosure["url"]?.trimmed.nonEmpty, element.text(of: "link")]
            .compactMap { $0 }
        let magnet = links.lazy.compactMap(\.asMagnet).first
        let link = links.lazy.compactMap(absolute).first
        // The magnet link's own is what would be downloaded.
        let infohash = magnet.flatMap(Infohash.of) ?? attributes["infohash"].flatMap { Infohash.normal($0) }
        guard magnet != nil || link != nil else { return nil }

        var item = Item(
            title: String(title.prefix(500)),
            guid: endpoint.withoutKey(element.text(of: "guid") ?? link ?? infohash ?? title))
        (item.link, item.magnet, item.infohash) = (link, magnet, infohash)
        item.size = size(element, attributes, enclosure)
        item.seeders = attributes.count("seeders")
        item.peers = peers(attributes)
        item.grabs = attributes.count("grabs") ?? element.text(of: "grabs").flatMap { Int($0) }
        item.published = published(element)
        item.categories = categories(element, attributes)
        item.infoPage = infoPage(element)
        item.imdb = imdb(attributes)
        item.tvdb = attributes.count("tvdbid").flatMap { $0 > 0 ? $0 : nil }
        item.tvmaze = attributes.count("tvmazeid").flatMap { $0 > 0 ? $0 : nil }
        item.season = attributes.count("season")
        item.episode = attributes.count("episode")
        item.downloadFactor = attributes["downloadvolumefactor"].flatMap { Double($0) }
            .flatMap { (0...10).contains($0) ? $0 : nil }
        return item
    }

    private func absolute(_ link: String) -> String? {
        guard link.asMagnet == nil else { return nil }
        return WebURL(endpoint.url)?.resolving(link)?.text
    }

    /// Some give the size of the `.torrent` as the enclosure's length: what is smaller than such a file may be is not
    /// believed there.
    private func size(_ element: XMLElement, _ attributes: Attributes, _ enclosure: [String: String]) -> Int64? {
        let credible: ClosedRange<Int64> = 1...(1 << 50)
        let said = [attributes["size"], element.text(of: "size")].compactMap { $0.flatMap { Int64($0) } }
        if let size = said.first(where: credible.contains) { return size }
        return enclosure["length"].flatMap { Int64($0) }.flatMap { (10 << 20...1 << 50).contains($0) ? $0 : nil }
    }

    /// Fewer peers than seeders: then the leechers were meant.
    private func peers(_ attributes: Attributes) -> Int? {
        let seeders = attributes.count("seeders")
        if let peers = attributes.count("peers") {
            return seeders.map { peers < $0 ? peers + $0 : peers } ?? peers
        }
        return attributes.count("leechers").map { $0 + (seeders ?? 0) }
    }

    /// None is in the future.
    private func published(_ element: XMLElement) -> Date? {
        element.text(of: "pubDate").flatMap { MessageDate.parse($0) }
            .map { min(Date(timeIntervalSince1970: Double($0)), now) }
    }

    private func categories(_ element: XMLElement, _ attributes: Attributes) -> [Int] {
        let own = element.children.lazy.filter { $0.name == "category" }.map(\.text.trimmed)
        var seen: Set<Int> = []
        return (own + attributes.all("category")).compactMap { Int($0) }.filter { $0 > 0 && seen.insert($0).inserted }
    }

    private func infoPage(_ element: XMLElement) -> String? {
        [element.text(of: "comments"), element.text(of: "guid")].lazy.compactMap { $0 }
            .compactMap { WebURL($0)?.text }
            .first { endpoint.withoutKey($0) == $0 && !$0.lowercased().contains("apikey=") }
    }

    private func imdb(_ attributes: Attributes) -> String? {
        guard let text = attributes["imdbid"] ?? attributes["imdb"] else { return nil }
        guard let number = Int(text.hasPrefix("tt") ? text.dropFirst(2) : text[...]), number > 0 else { return nil }
        let digits = String(number)
        return "tt" + String(repeating: "0", count: max(0, 7 - digits.count)) + digits
    }
}

/// The `torznab:attr` elements of an item, or `newznab:attr`.
private struct Attributes {
    private var values: [String: [String]] = [:]

    init(_ item: XMLElement) {
        for element in item.children where element.name == "attr" || element.name.hasSuffix(":attr") {
            guard let name = element.attributes["name"]?.lowercased(),
                let value = element.attributes["value"]?.trimmed.nonEmpty
            else { continue }
            values[name, default: []].append(value)
        }
    }

    subscript(name: String) -> String? { values[name]?.first }

    func all(_ name: String) -> [String] { values[name] ?? [] }

    /// A number of things, if it can be one.
    func count(_ name: String) -> Int? {
        self[name].flatMap { Int($0) }.flatMap { (0...100_000_000).contains($0) ? $0 : nil }
    }
}
