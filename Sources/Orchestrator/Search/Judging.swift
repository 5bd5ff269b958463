import FoundationEssentials
import Lifecycle
import Releases
import Storage
import Torznab

/// What a search saw, judged and in order.
struct Judging: Sendable {
    /// Best first; the rejected ones after the accepted.
    let releases: [ReleaseRow]
    /// For people: "14 seen: 9 too big, 5 without seeders".
    let sentence: String
    /// Why the first stands before the second, for people; nil where there is nothing to compare.
    let whyFirst: String?

    var accepted: Int { releases.count { $0.accepted } }

    init(_ outcomes: [IndexerOutcome], plan: SearchPlan) {
        var candidates: [(indexer: Indexer, item: Torznab.Item, offer: Offer, verdict: Verdict)] = []
        var byInfohash: Set<String> = []
        let judge = Judge(plan.wanted)
        // Indexers come by priority: of one torrent that several offer, the best of them is kept.
        for outcome in outcomes {
            for item in outcome.offers {
                if let infohash = item.infohash, !byInfohash.insert(infohash).inserted { continue }
                var offer = Offer(name: item.title)
                offer.size = item.size
                offer.seeders = item.seeders
                offer.infohash = item.infohash
                offer.categories = item.categories
                offer.indexerPriority = outcome.indexer.settings.priority
                offer.minimumSeeders = outcome.indexer.settings.minimumSeeders
                offer.hasFailed = plan.blockedOffers.contains(OfferID(indexer: outcome.indexer.name, guid: item.guid))
                offer.outsideIDs["imdb"] = item.imdb
                offer.outsideIDs["tvdb"] = item.tvdb.map(String.init)
                offer.outsideIDs["tvmaze"] = item.tvmaze.map(String.init)
                candidates.append((outcome.indexer, item, offer, judge.verdict(on: offer)))
            }
        }
        let order = rank(candidates.map { ($0.offer, $0.verdict) })
        releases = order.map { index in
            let (indexer, item, offer, verdict) = candidates[index]
            return ReleaseRow(
                indexerID: indexer.id, indexerName: indexer.name, guid: item.guid, name: item.title, link: item.link,
                magnet: item.magnet, infohash: item.infohash, size: item.size, seeders: item.seeders,
                peers: item.peers, publishedAt: item.published, accepted: verdict.accepted,
                reasons: verdict.reasons.map(StoredReason.init),
                coverage: Lifecycle.Coverage(verdict.covers, of: offer.parsed, for: plan.request.title.kind))
        }
        sentence = Self.summary(releases, outcomes)
        let best = order.prefix(2).map { (candidates[$0].offer, candidates[$0].verdict) }
        whyFirst =
            if best.count == 2, best[0].1.accepted {
                Releases.whyFirst(best[0], before: best[1]).map { "The first goes before the next because \($0)." }
            } else {
                nil
            }
    }

    private static func summary(_ releases: [ReleaseRow], _ outcomes: [IndexerOutcome]) -> String {
        guard !outcomes.isEmpty else { return "No indexer is set up for it yet." }
        let silent = outcomes.filter { !$0.hasSpoken }
        guard silent.count < outcomes.count else {
            return outcomes.count == 1
                ? "\(outcomes[0].indexer.name) did not answer." : "None of the \(outcomes.count) indexers answered."
        }
        var sentence = seen(releases) ?? "Nothing was offered"
        if !silent.isEmpty {
            sentence += "; no answer from " + silent.map(\.indexer.name).joined(separator: ", ")
        }
        let brokenOff = outcomes.filter { $0.hasSpoken && !$0.hasAnswered }
        if !brokenOff.isEmpty {
            sentence += "; only part of an answer from " + brokenOff.map(\.indexer.name).joined(separator: ", ")
        }
        return sentence + "."
    }

    /// "14 seen: 9 too big, 5 without seeders"; nil of none.
    static func seen(_ releases: [ReleaseRow]) -> String? {
        guard !releases.isEmpty else { return nil }
        let accepted = releases.count { $0.accepted }
        var parts = accepted > 0 ? ["\(accepted) acceptable"] : []
        var counts: [String: Int] = [:]
        for release in releases {
            if let first = release.reasons.first { counts[first.code, default: 0] += 1 }
        }
        parts += counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { code, count in
            "\(count) \(phrase(code))"
        }
        return "\(releases.count) seen: " + parts.joined(separator: ", ")
    }

    /// A reason's code as it follows a number: "5 with too few seeders".
    private static func phrase(_ code: String) -> String {
        switch code {
        case "unreadable": "with a name that says nothing"
        case "wrong-kind": "of another kind"
        case "wrong-title": "of another title"
        case "wrong-year": "of another year"
        case "partial-season": "with part of a season"
        case "extras": "with extras only"
        case "season-not-wanted": "of another season"
        case "episode-not-wanted": "of another episode"
        case "no-episode": "without an episode number"
        case "wrong-platform": "for another platform"
        case "only-update": "with an update only"
        case "only-dlc": "with an add-on only"
        case "only-extra": "without the game itself"
        case "wrong-quality": "in another quality"
        case "quality-unknown": "of unknown quality"
        case "wrong-codec", "wrong-source": "in another format"
        case "pre-release": "filmed or leaked before the release"
        case "raw-disc": "as raw discs"
        case "sample": "that are samples"
        case "other-title": "known to the indexer as another title"
        case "still-airing": "of a season that is still airing"
        case "wrong-genre": "of another genre"
        case "program": "that are programs"
        case "password": "with a password"
        case "word-missing": "without a word that is wanted"
        case "word-refused": "with a word that is refused"
        case "already-downloading": "on the way already"
        case "few-seeders": "with too few seeders"
        case "blocked": "that failed before"
        // "too big" and its like are words already.
        default: code.split(separator: "-").joined(separator: " ")
        }
    }
}

extension Lifecycle.Coverage {
    /// What the judge read in a name, in the words of a request. Of a movie or a game that was rejected, a person may
    /// know better than the judge: chosen all the same, it is taken for the whole.
    init(_ coverage: Releases.Coverage, of release: ParsedRelease, for kind: Kind) {
        switch coverage {
        case .seasons(let seasons) where kind == .show: self = .seasons(seasons)
        case .episodes(let episodes) where kind == .show:
            self = .episodes(Set(episodes.map { .init(season: $0.season, number: $0.episode) }))
        case _ where kind == .show: self = .episodes([])
        case .game(let platform?): self = .platforms([platform.rawValue])
        case _ where kind == .game:
            // No platform in the name of a game means Windows.
            let named = release.platforms.map(\.rawValue)
            self = .platforms(Set(named.isEmpty ? [Platform.windows.rawValue] : named))
        default: self = .whole
        }
    }
}
