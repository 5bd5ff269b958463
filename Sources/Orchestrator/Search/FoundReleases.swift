import Lifecycle
import Postgres
import Releases
import Storage

/// What was found for a request, judged by what the tables say at the moment of loading: wishes may have changed since it
/// was seen, torrents may have failed or begun to download. Under the request's lock, that is how it is.
struct FoundReleases: Sendable {
    private let plan: SearchPlan
    private let releases: [(row: ReleaseRow, offer: Offer)]

    static func load(for request: Int64, on connection: PostgresConnection) async throws -> FoundReleases {
        let plan = try await SearchPlan.load(for: request, on: connection)
        let indexers = Dictionary(
            uniqueKeysWithValues: try await Indexers.list(on: connection).map { ($0.id, $0.settings) })
        let rows = try await ReleaseRows.all(of: request, on: connection)
        return FoundReleases(
            plan: plan,
            releases: rows.map { row in
                var offer = Offer(name: row.name, size: row.size, seeders: row.seeders, infohash: row.infohash)
                if let indexer = row.indexerID.flatMap({ indexers[$0] }) {
                    offer.indexerPriority = indexer.priority
                    offer.minimumSeeders = indexer.minimumSeeders
                }
                offer.hasFailed = plan.blockedOffers.contains(OfferID(indexer: row.indexerName, guid: row.guid))
                return (row, offer)
            })
    }

    /// Those that fit and hold some of these items, best for just these first.
    func fitting(_ items: [Lifecycle.Item]) -> [ReleaseRow] {
        judged(by: wanted(for: items)).filter { row in row.accepted && items.contains(where: row.coverage.holds) }
    }

    /// What speaks against one of them, for just these items.
    func objections(to release: Int64, for items: [Lifecycle.Item]) -> [StoredReason] {
        judged(by: wanted(for: items)).first { $0.id == release }?.reasons ?? []
    }

    /// Bytes of the best releases that together hold all of these items; `nil`: they do not, or one does not say.
    func size(for items: [Lifecycle.Item]) -> Int64? {
        var (left, bytes) = (items, Int64(0))
        while !left.isEmpty {
            guard let best = fitting(left).first, let size = best.size else { return nil }
            bytes += size
            left.removeAll(where: best.coverage.holds)
        }
        return bytes
    }

    private func wanted(for items: [Lifecycle.Item]) -> Wanted {
        var wanted = plan.wanted
        wanted.episodes = Set(items.compactMap(\.episode).map { .init(season: $0.season, episode: $0.number) })
        return wanted
    }

    /// All of them with the verdicts of now, best first.
    func judgedAnew() -> [ReleaseRow] { judged(by: plan.wanted) }

    /// Why there are no more that fit: "5 seen: 3 that failed before, 2 too big".
    var sentence: String { Judging.seen(judgedAnew()) ?? "nothing was offered" }

    private func judged(by wanted: Wanted) -> [ReleaseRow] {
        let judge = Judge(wanted)
        let judged = releases.map { row, offer in (row, offer, judge.verdict(on: offer)) }
        let rows = judged.map { row, _, verdict in
            var row = row
            let reasons = verdict.reasons.map(StoredReason.init)
            // What the indexer alone said of it is not asked again.
            let lasting = row.reasons.filter { reason in
                ["wrong-kind", "other-title"].contains(reason.code) && !reasons.contains { $0.code == reason.code }
            }
            row.reasons = lasting + reasons
            row.accepted = row.reasons.isEmpty
            return row
        }
        let order = rank(judged.map { ($0.1, $0.2) }).map { rows[$0] }
        return order.filter(\.accepted) + order.filter { !$0.accepted }
    }
}

extension StoredReason {
    init(_ reason: Reason) {
        self.init(code: reason.code, sentence: reason.sentence, isPermanent: reason.isPermanent)
    }
}

extension Door {
    /// Writes down how what was found is judged now, so that its page and its counts say so.
    func judgeAnew() async throws -> FoundReleases {
        let found = try await FoundReleases.load(for: request.id, on: connection)
        try await ReleaseRows.judge(found.judgedAnew(), of: request.id, on: connection)
        return found
    }
}
