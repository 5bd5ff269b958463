import HTTP
import HTTPTypes
import Lifecycle
import Postgres
import Releases
import Storage

extension Site {
    /// How much what is ticked may take, as a part of the form, while somebody ticks.
    func estimatePart(_ visit: Visit, _ me: Me) async throws -> Response {
        let entries = try visit.entries(
            repeated: ["quality", "format", "platform", "genre", "season", "episode", "found"])
        guard let kind = Kind(rawValue: entries["kind"]) else { throw PageError.badRequest("There is no such kind.") }
        let qualities = Set(entries.all("quality").compactMap(Quality.init))
        return visit.page(try await estimate(kind, entries, tvmaze: Int(entries["tvmaze"]), in: qualities))
    }

    /// How much what is ticked may take.
    func estimate(
        _ kind: Kind, _ entries: Entries, tvmaze: Int? = nil, in qualities: Set<Quality>
    ) async throws -> SizeEstimate {
        let known = try await known(kind, entries, tvmaze: tvmaze)
        return try await read { connection in
            try await SizeEstimate.load(
                SizeEstimate.Scope(kind, entries, qualities), known: known?.request, on: connection)
        }
    }
}

extension SizeEstimate {
    /// By the releases that were seen of the same title; else, of movies and episodes, by those of others.
    ///
    /// - Parameter request: the one for that title, if somebody has asked for it.
    static func load(
        _ scope: Scope, known request: Int64?, on connection: PostgresConnection
    ) async throws -> SizeEstimate {
        if let request {
            let seen = try await SeenSizes.list(of: request, on: connection)
            if let sentence = scope.sentence(by: seen, of: "it") { return SizeEstimate(sentence: sentence) }
        }
        // Games have no size in common.
        guard scope.kind != .game else { return SizeEstimate() }
        let seen = try await SeenSizes.list(of: scope.kind, on: connection)
        return SizeEstimate(
            sentence: scope.sentence(by: seen, of: "other \(scope.kind)s", atLeast: SizeEstimates.fewest))
    }

    /// What is estimated.
    struct Scope {
        let kind: Kind
        /// Empty: any.
        let qualities: Set<Quality>
        /// How many episodes are ticked; `nil`: not known, or more to come.
        let episodes: Int?

        init(_ kind: Kind, _ entries: Entries, _ qualities: Set<Quality>) {
            self.init(kind, qualities, episodes: Self.episodes(entries))
        }

        init(_ kind: Kind, _ qualities: Set<Quality>, episodes: Int? = nil) {
            self.kind = kind
            self.qualities = qualities
            self.episodes = episodes
        }

        /// All that a request waits for.
        init(_ details: RequestDetails) {
            let kind = details.summary.kind
            self.init(kind, details.request.qualities, episodes: kind == .show ? details.items.count : nil)
        }

        /// Scripting ticks all episodes of a season with it; without, nobody has counted them.
        private static func episodes(_ entries: Entries) -> Int? {
            let ticked = Set(entries.all("episode").compactMap(EpisodeNumber.init(formValue:)))
            let seasons = Set(entries.all("season").compactMap(Int.init))
            guard entries["scope"] == "selection", !ticked.isEmpty, seasons.isSubset(of: ticked.map(\.season)) else {
                return nil
            }
            return ticked.count
        }

        /// "About 4.2 GB for 8 episodes in 1080p, by 12 releases seen of it."; `nil` when too few were seen.
        func sentence(by seen: [SeenSize], of whom: String, atLeast fewest: Int = 1) -> String? {
            let sizes = seen.filter { release in
                qualities.isEmpty || ParsedRelease(release.name).quality.map(qualities.contains) ?? false
            }.map(\.each)
            guard sizes.count >= max(fewest, 1) else { return nil }
            let each = SizeEstimates.middle(of: sizes)
            let amount =
                switch (kind, episodes) {
                case (.show, let count?):
                    "\(Figures.bytes(each * Int64(count))) for \(Times.count(count, "episode"))"
                case (.show, nil): "\(Figures.bytes(each)) an episode"
                case (.movie, _), (.game, _): Figures.bytes(each)
                }
            let quality =
                qualities.isEmpty ? "" : " in \(qualities.sorted().map(\.rawValue).joined(separator: " or "))"
            return "About \(amount)\(quality), by \(Times.count(sizes.count, "release")) seen of \(whom)."
        }
    }
}
