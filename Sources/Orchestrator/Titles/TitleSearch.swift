import FoundationEssentials
import Logging
public import Metadata
import Postgres
import Reactor
public import Storage

/// What the outside sources know of what somebody looks for.
public struct TitleResults: Sendable {
    /// What was found, what was probably meant first.
    public var matches: [Match]
    /// The sources that did not answer.
    public var troubles: [SourceTrouble]
}

/// A source did not answer.
public struct SourceTrouble: Sendable, Equatable {
    /// Which.
    public var source: SourceID
    /// Why not, in words for people.
    public var sentence: String
    /// Whether what it answered earlier stands in.
    public var isBridged: Bool
    /// Whether the answer may still come.
    public var isLate: Bool
}

/// A title as a source names it: "wikidata:Q42".
public struct WorkReference: Sendable, Hashable {
    /// The source.
    public var source: SourceID
    /// The id there.
    public var id: String

    /// Reads one; nil if it names no source.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2, let source = SourceID(rawValue: parts[0]), parts[1].utf8.count <= 100 else {
            return nil
        }
        (self.source, id) = (source, parts[1])
    }
}

extension Orchestrator {
    /// The sources that did not answer this process when they were last asked, within the last hour, and why not.
    public var silentSources: [(source: SourceID, sentence: String)] { titles.silent }

    /// Looks for titles at all the sources that the house has switched on.
    ///
    /// - Parameters:
    ///   - patience: how long somebody waits for a source; what comes later is kept for the next time.
    ///   - limit: of whoever looks; what is kept from them is left out.
    public func findTitles(
        _ query: TitleQuery, within patience: Duration, under limit: AgeLimit? = nil
    ) async throws -> TitleResults {
        var results = try await findAllTitles(query, within: patience)
        guard let limit else { return results }
        var matches: [Match] = []
        for match in results.matches where limit.allows(try await age(of: match)) { matches.append(match) }
        results.matches = matches
        return results
    }

    /// The age that a title is for, as far as any source has said it, not only those that found it now.
    public func age(of match: Match) async throws -> Int? {
        let known = try await pool.withConnection { try await FoundTitles.age(ofIDs: match.ids, on: $0) }
        return [match.age, known].compactMap(\.self).max()
    }

    private func findAllTitles(_ query: TitleQuery, within patience: Duration) async throws -> TitleResults {
        var (works, troubles) = try await ask(query.title, within: patience)
        var matches = Match.merging(works)
        if let year = query.year {
            let narrowed = matches.filter { $0.year == year }
            if narrowed.isEmpty {
                // The year is part of a title, it seems.
                (works, troubles) = try await ask(query.full, within: patience)
                matches = Match.merging(works)
                return TitleResults(matches: Match.ranked(matches, for: query.full), troubles: troubles)
            }
            // Not every source says when something came out.
            matches = narrowed + matches.filter { $0.year == nil }
        }
        return TitleResults(matches: Match.ranked(matches, for: query.title), troubles: troubles)
    }

    /// A title that was found lately, as the sources described it; nil for what nobody has found.
    public func foundTitle(_ references: [WorkReference]) async throws -> Match? {
        let works = try await pool.withConnection { connection in
            var works: [Work] = []
            for reference in references.prefix(SourceID.allCases.count) {
                works +=
                    try await FoundTitles.find(
                        reference.id, of: reference.source.rawValue, as: Work.self, on: connection
                    ).map { [$0] } ?? []
            }
            return works
        }
        // What has nothing in common is not one title, whatever an address says.
        return Match.merging(works).first
    }

    private func ask(
        _ text: String, within patience: Duration
    ) async throws -> (works: [Work], troubles: [SourceTrouble]) {
        let (chosen, keys) = try await pool.withConnection { connection in
            (try await Settings.load(on: connection).sources, try await SourceKeys.load(on: connection))
        }
        let question = text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let sources = parts.sources.all.filter { source in
            source.id.needsKey ? keys[source.id.rawValue] != nil : chosen.contains(source.id.rawValue)
        }
        guard !question.isEmpty else { return ([], []) }
        let answers = try await withThrowingTaskGroup(of: (Int, TitleKeeper.Answer).self) { group in
            for (index, source) in sources.enumerated() {
                let key = keys[source.id.rawValue].map(SourceKey.init)
                group.addTask { [titles] in
                    (index, try await titles.answer(of: source, key: key, to: question, within: patience))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
        // The first of each, then the second of each: one source's many do not hide another's best.
        let longest = answers.map(\.works.count).max() ?? 0
        let works = (0..<longest).flatMap { place in
            answers.compactMap { $0.works.indices.contains(place) ? $0.works[place] : nil }
        }
        return (works, answers.compactMap(\.trouble))
    }
}

/// Asks sources, and keeps what they answer: for hours as if they had just said it, for longer in case that they are
/// away.
final class TitleKeeper: Sendable {
    struct Answer: Sendable {
        var works: [Work] = []
        var trouble: SourceTrouble?
    }

    /// Seconds for which an answer is as good as a new one; less if it was that there is nothing.
    private static let freshness = (found: 6 * 3600, nothing: 3600)
    /// Seconds for which a source that did not answer is left alone, longer each time, unless it says so itself.
    private static let pause = (first: 5, longest: 300)
    private static let mostWorks = 20

    private struct Question: Hashable, Sendable {
        var source: SourceID
        var text: String
    }

    private struct Rest {
        var until: ContinuousClock.Instant
        var error: MetadataError
        var failures: Int
        /// With another key it is asked at once.
        var key: SourceKey?
    }

    private let pool: PostgresPool
    private let logger: Logger
    private let flights = Flights<Question, Result<[Work], MetadataError>>()
    /// The sources that are left alone: until when, and why.
    private let away = Locked<[SourceID: Rest]>([:])

    init(pool: PostgresPool, logger: Logger) {
        self.pool = pool
        self.logger = logger
    }

    var silent: [(source: SourceID, sentence: String)] {
        away.withLock { $0 }.filter { $0.value.until > .now - .seconds(3600) }
            .map { (source: $0.key, sentence: $0.value.error.sentence(of: $0.key)) }
            .sorted { $0.source.rawValue < $1.source.rawValue }
    }

    func answer(
        of source: any TitleSource, key: SourceKey?, to question: String, within patience: Duration
    ) async throws -> Answer {
        let id = source.id
        let kept = try await kept(of: id, to: question)
        if let kept, Self.isFresh(kept) { return Answer(works: kept.titles) }
        let sentence: String
        var isLate = false
        if let rest = away.withLock({ $0[id] }), rest.until > .now, rest.key == key {
            sentence = rest.error.sentence(of: id)
        } else {
            let asked = await flights.value(for: Question(source: id, text: question), within: patience) {
                // Another's question may have been answered since the look at what is kept. If that cannot be looked up now,
                // it is asked.
                if let kept = try? await self.kept(of: id, to: question), Self.isFresh(kept) {
                    return .success(kept.titles)
                }
                return await self.ask(source, key, question)
            }
            switch asked {
            case .success(let works): return Answer(works: works)
            case .failure(let error): sentence = error.sentence(of: id)
            case nil: (sentence, isLate) = ("\(id.name) takes its time. Try again in a moment.", true)
            }
        }
        return Answer(
            works: kept?.titles ?? [],
            trouble: SourceTrouble(
                source: id, sentence: sentence, isBridged: kept.map { !$0.titles.isEmpty } ?? false,
                isLate: isLate))
    }

    private func kept(of source: SourceID, to question: String) async throws -> FoundTitles.Answer<Work>? {
        try await pool.withConnection {
            try await FoundTitles.answer(of: source.rawValue, to: question, as: Work.self, on: $0)
        }
    }

    private static func isFresh(_ answer: FoundTitles.Answer<Work>) -> Bool {
        answer.age < (answer.titles.isEmpty ? freshness.nothing : freshness.found)
    }

    private func ask(
        _ source: any TitleSource, _ key: SourceKey?, _ question: String
    ) async -> Result<[Work], MetadataError> {
        let works: [Work]
        do {
            works = try await source.works(like: question, key: key).filter(\.isUsable)
        } catch {
            away.withLock { away in
                let failures = (away[source.id]?.failures ?? 0) + 1
                var pause = Duration.seconds(min(Self.pause.first << min(failures - 1, 10), Self.pause.longest))
                if case .rateLimited(let asked?) = error { pause = max(asked, pause) }
                away[source.id] = Rest(until: .now + pause, error: error, failures: failures, key: key)
            }
            return .failure(error)
        }
        away.withLock { $0[source.id] = nil }
        let kept = Array(works.prefix(Self.mostWorks))
        do {
            try await pool.transaction { connection in
                try await FoundTitles.save(
                    kept.map { ($0.id, $0) }, of: source.id.rawValue, to: question, on: connection)
                try await Pictures.save(kept.compactMap(\.pictureSource), on: connection)
            }
        } catch {
            // It is found all the same; what is not kept is asked for again.
            logger.debug("An answer was not kept", metadata: ["source": "\(source.id)", "reason": "\(error)"])
        }
        return .success(kept)
    }
}

extension Work {
    /// Whether it can be a title here, and be shown as what it is.
    fileprivate var isUsable: Bool {
        let scalars = name.unicodeScalars
        return !name.allSatisfy(\.isWhitespace) && scalars.count <= 300 && id.utf8.count <= 100
            && scalars.allSatisfy { $0.properties.generalCategory != .control && !$0.properties.isBidiControl }
            && !(summary ?? "").utf8.contains(0) && !details.contains { $0.utf8.contains(0) }
    }

    /// Its picture by the name that pages use.
    public var pictureSource: PictureSource? {
        picture.map { PictureSource(key: PictureKeeper.key(of: $0), source: source.rawValue, url: $0) }
    }
}
