import Foundation

extension Query {
    /// The parameters to send to an indexer that can do this and no more.
    ///
    /// An indexer answers a parameter it does not know with an error, so what it does not know goes into the text: a
    /// season becomes `S02`, a day `2026 11 19`, a year stands behind the title. Where there is text, ids are not sent: parameters narrow
    /// each other, and a site that has the release often has not got the id.
    func parameters(for capabilities: Capabilities) -> [(String, String)] {
        let mode = capabilities.searching[mode] == nil ? .search : mode
        let known = capabilities.searching[mode] ?? ["q"]
        var result = [("t", mode.function)]
        var words = text.map { [Self.plain($0, raw: capabilities.rawText.contains(mode))] } ?? []

        if let day {
            let parts = day.split(separator: "-")
            if parts.count == 3, known.contains("season"), known.contains("ep") {
                result += [("season", "\(parts[0])"), ("ep", "\(parts[1])/\(parts[2])")]
            } else {
                words += parts.map(String.init)
            }
        } else if let season {
            if known.contains("season"), episode == nil || known.contains("ep") {
                result.append(("season", season == 0 ? "00" : "\(season)"))
                if let episode { result.append(("ep", "\(episode)")) }
            } else {
                words.append("S\(Self.two(season))" + (episode.map { "E\(Self.two($0))" } ?? ""))
            }
        }
        if let year {
            if known.contains("year") { result.append(("year", "\(year)")) } else { words.append("\(year)") }
        }
        if text == nil {
            result += ids.filter { known.contains($0.0) }
        }
        if !words.isEmpty { result.append(("q", words.joined(separator: " "))) }
        if !categories.isEmpty { result.append(("cat", categories.map(String.init).joined(separator: ","))) }
        result.append(("extended", "1"))
        result.append(("limit", "\(min(limit ?? capabilities.maxLimit, capabilities.maxLimit))"))
        if offset > 0 { result.append(("offset", "\(offset)")) }
        return result
    }

    /// What such an indexer is asked, as people read it: `t=movie&q=The Long Way 2019&cat=2000`, without what every question
    /// carries.
    public func text(for capabilities: Capabilities) -> String {
        parameters(for: capabilities).filter { !["extended", "limit", "offset"].contains($0.0) }
            .map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }

    /// How to ask for this, the best way first: by the ids that the indexer understands, which know no spelling, then
    /// by name. A way is worth trying when those before it brought nothing.
    public func ways(for capabilities: Capabilities) -> [Query] {
        guard text != nil, let known = capabilities.searching[mode], ids.contains(where: { known.contains($0.0) }),
            season == nil && day == nil || known.contains("season"),
            episode == nil && day == nil || known.contains("ep")
        else { return [self] }
        var byID = self
        byID.text = nil
        byID.year = nil
        return [byID, self]
    }

    private var ids: [(String, String)] {
        var result: [(String, String)] = []
        if let imdb { result.append(("imdbid", imdb.hasPrefix("tt") ? String(imdb.dropFirst(2)) : imdb)) }
        if let tvdb { result.append(("tvdbid", "\(tvdb)")) }
        if let tvmaze { result.append(("tvmazeid", "\(tvmaze)")) }
        return result
    }

    /// A plus means something else to most search engines, an apostrophe or an accent nothing to some.
    private static func plain(_ text: String, raw: Bool) -> String {
        let text = text.replacing("+", with: " ")
        let plain =
            raw
            ? text
            : text.folding(options: .diacriticInsensitive, locale: nil).filter { !"'’`´".contains($0) }
        return plain.split(separator: " ").joined(separator: " ")
    }

    private static func two(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}

extension Query.Mode {
    /// The value of `t`.
    fileprivate var function: String {
        switch self {
        case .search: "search"
        case .tv: "tvsearch"
        case .movie: "movie"
        }
    }
}
