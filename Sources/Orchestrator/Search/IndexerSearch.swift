import FoundationEssentials
import HTTPClient
import Logging
import Postgres
import Releases
import Storage
import Torznab

/// What came of asking one indexer.
struct IndexerOutcome: Sendable {
    var indexer: Indexer
    var offers: [Torznab.Item]
    /// What it was asked.
    var questions: [IndexerQuestion] = []
    var milliseconds: Int
    /// Why there is no (complete) answer.
    var error: TorznabError?
    /// Not asked: it is left alone until then.
    var blockedUntil: Date?
    /// Not asked, or not to the end: its questions of the hour are used up until then.
    var exhaustedUntil: Date?
    /// Left alone from now until then, because of this error.
    var restsUntil: Date?

    /// When it can be asked what it did not answer.
    var isBackAt: Date? { blockedUntil ?? exhaustedUntil ?? restsUntil }

    /// Whether the indexer said all that it has to say: something that a request may rely on.
    var hasAnswered: Bool { error == nil && blockedUntil == nil && exhaustedUntil == nil }

    /// Whether it said anything, be it all or not.
    var hasSpoken: Bool { hasAnswered || !offers.isEmpty }

    /// Its line in the history.
    ///
    /// - Parameters:
    ///   - judging: of all that was offered; what several offer counts for one of them.
    ///   - known: what the request was offered before.
    func answer(_ judging: Judging, known: Set<OfferID>) -> IndexerAnswer {
        var sentence = error?.sentence
        if blockedUntil != nil {
            let failures = indexer.failures == 1 ? "a failure" : "\(indexer.failures) failures"
            sentence = "left alone after \(failures)"
        }
        if exhaustedUntil != nil { sentence = "asked as often as it may be within an hour" }
        let mine = judging.releases.filter { $0.indexerID == indexer.id }
        return IndexerAnswer(
            indexer: indexer.name, count: offers.count,
            fresh: mine.count { !known.contains(OfferID(indexer: $0.indexerName, guid: $0.guid)) },
            accepted: mine.count { $0.accepted }, milliseconds: milliseconds, error: sentence,
            restsUntil: exhaustedUntil ?? blockedUntil, questions: questions)
    }
}

extension Endpoint {
    /// Where an indexer is asked, and with which key.
    init(_ indexer: Indexer) throws(EndpointError) {
        try self.init(url: indexer.settings.url, apiKey: indexer.settings.apiKey)
    }
}

extension Set<Kind> {
    /// The Torznab categories that hold these kinds.
    var categories: [Int] {
        Kind.allCases.filter(contains).flatMap { $0.categories }
    }
}

extension Kind {
    /// The Torznab categories that hold titles of this kind.
    var categories: [Int] {
        switch self {
        case .movie: [2000]
        case .show: [5000]
        case .game: [1000, 4000]
        }
    }
}

/// Asks indexers.
struct IndexerSearch: Sendable {
    /// How long one indexer may take for all questions of one search.
    static let budget = Duration.seconds(60)
    /// Pages of one question at the most.
    static let pageLimit = 10
    /// Seconds that an indexer is left alone after so many failures in a row.
    static let pauses = [0, 60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400]
    /// Capabilities are asked for again after this time.
    static let capabilitiesAge = 7 * 86_400.0

    let pool: PostgresPool
    let torznab: TorznabClient
    let logger: Logger

    /// Asks all indexers at once, each in its own time. `onOutcome` hears of each as soon as it is there.
    func ask(
        _ indexers: [Indexer], _ plan: SearchPlan, onOutcome: ([IndexerOutcome]) async throws -> Void
    ) async rethrows -> [IndexerOutcome] {
        try await withThrowingTaskGroup(of: IndexerOutcome.self) { group in
            for indexer in indexers { group.addTask { await ask(indexer, plan) } }
            var outcomes: [IndexerOutcome] = []
            for try await outcome in group {
                outcomes.append(outcome)
                outcomes.sort {
                    ($0.indexer.settings.priority, $0.indexer.name) < ($1.indexer.settings.priority, $1.indexer.name)
                }
                if outcomes.count < indexers.count { try await onOutcome(outcomes) }
            }
            return outcomes
        }
    }

    /// Asks all indexers for their newest releases, whatever they are, back to those of the last look.
    func newest(_ indexers: [Indexer]) async -> [IndexerOutcome] {
        await withTaskGroup(of: IndexerOutcome.self) { group in
            for indexer in indexers {
                group.addTask {
                    var offers: [Torznab.Item] = []
                    var outcome = await ask(indexer) { endpoint, capabilities in
                        let query = Query(mode: .search, categories: indexer.settings.kinds.categories)
                        try await pages(query, .newest, of: indexer, at: endpoint, capabilities) { page in
                            offers += page
                            // Back to what was there at the last look; of what has no date nobody knows how far that is.
                            return page.compactMap(\.published).min().map { $0 > indexer.newestAt } ?? false
                        }
                    }
                    outcome.offers = offers
                    return outcome
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func ask(_ indexer: Indexer, _ plan: SearchPlan) async -> IndexerOutcome {
        let end = ContinuousClock.now + Self.budget
        let judge = Judge(plan.wanted)
        var questions: [IndexerQuestion] = []
        // What it has offered counts, whatever becomes of a later question.
        var (offers, seen) = ([Torznab.Item](), Set<String>())
        var outcome = await ask(indexer) { endpoint, capabilities in
            /// Whether it brings something of the title. Many sites answer a name that they do not know with other titles.
            func brings(_ question: Query) async throws -> Bool {
                let begun = ContinuousClock.now
                var count: Int?
                defer {
                    questions.append(
                        IndexerQuestion(
                            text: question.text(for: capabilities), count: count,
                            milliseconds: Int(begun.duration(to: .now) / .milliseconds(1))))
                }
                var isThere = false
                try await pages(question, .search, of: indexer, at: endpoint, capabilities) { page in
                    count = (count ?? 0) + page.count
                    offers += page.filter { seen.insert($0.guid).inserted }
                    isThere = isThere || page.contains { judge.isTitle(ofReleaseNamed: $0.title) }
                    return true
                }
                return isThere
            }
            var missing: [Query] = []
            for query in plan.queries where .now < end {
                // What its ids bring is not asked for by name as well.
                let ways = query.ways(for: capabilities)
                var isThere = false
                for way in ways where !isThere { isThere = try await brings(way) }
                if !isThere { missing.append(query) }
            }
            for name in plan.otherNames {
                var rest: [Query] = []
                for query in missing where .now < end && questions.count < SearchPlan.questionLimit {
                    if try await !brings(plan.query(query, by: name)) { rest.append(query) }
                }
                missing = rest
            }
        }
        (outcome.offers, outcome.questions) = (offers, questions)
        return outcome
    }

    /// Asks one indexer, unless it is left alone, and notes how it is.
    private func ask(
        _ indexer: Indexer, _ questions: (Endpoint, Capabilities) async throws -> Void
    ) async -> IndexerOutcome {
        var outcome = IndexerOutcome(indexer: indexer, offers: [], milliseconds: 0)
        if let blocked = indexer.blockedUntil {
            outcome.blockedUntil = blocked
            return outcome
        }
        let start = ContinuousClock.now
        do {
            let endpoint = try Endpoint(indexer)
            let capabilities = try await capabilities(of: indexer, at: endpoint)
            try await questions(endpoint, capabilities)
            await note(indexer) { try await Indexers.noteAnswer(indexer.id, on: $0) }
        } catch let error as TorznabError {
            outcome.error = error
            outcome.restsUntil = await note(failure: error, of: indexer)
        } catch let error as EndpointError {
            outcome.error = .malformed(reason: error.sentence)
        } catch let error as OutOfTurns {
            outcome.exhaustedUntil = error.until
        } catch {
            outcome.error = .malformed(reason: "\(error)")
        }
        outcome.milliseconds = Int(start.duration(to: .now) / .milliseconds(1))
        return outcome
    }

    /// Pages until nothing new comes: many sites ignore the offset and send the same again, and some refuse it.
    ///
    /// - Parameter take: takes what is new on each page, and says whether the next one is wanted.
    private func pages(
        _ query: Query, _ purpose: IndexerAsk.Purpose, of indexer: Indexer, at endpoint: Endpoint,
        _ capabilities: Capabilities, take: ([Torznab.Item]) -> Bool
    ) async throws {
        var (query, seen) = (query, Set<String>())
        for number in 0..<Self.pageLimit {
            let page: [Torznab.Item]
            do {
                page = try await turn(purpose, of: indexer) { [query] () throws(TorznabError) in
                    try await torznab.search(endpoint, query, capabilities: capabilities)
                }
            } catch TorznabError.answered where number > 0 {
                return
            }
            let new = page.filter { seen.insert($0.guid).inserted }
            guard take(new), !new.isEmpty, page.count >= capabilities.maxLimit else { return }
            query.offset += page.count
        }
    }

    /// Asks one question, if the hour still holds one, and notes what came of it.
    private func turn<Answer: Sendable>(
        _ purpose: IndexerAsk.Purpose, of indexer: Indexer,
        _ ask: @Sendable () async throws(TorznabError) -> Answer
    ) async throws -> Answer {
        let id: Int64
        let turn = try await pool.transaction { connection in
            try await IndexerAsks.begin(purpose, of: indexer.id, on: connection)
        }
        switch turn {
        case .granted(let granted): id = granted
        case .exhausted(let until): throw OutOfTurns(until: until)
        }
        let start = ContinuousClock.now
        let answer: Result<Answer, TorznabError>
        do throws(TorznabError) { answer = .success(try await ask()) } catch { answer = .failure(error) }
        let milliseconds = Int(start.duration(to: .now) / .milliseconds(1))
        await note(indexer) { connection in
            switch answer {
            case .success(let items):
                try await IndexerAsks.end(
                    id, milliseconds: milliseconds, items: (items as? [Torznab.Item])?.count, error: nil,
                    on: connection)
            case .failure(let error):
                try await IndexerAsks.end(
                    id, milliseconds: milliseconds, items: nil, error: error.sentence, on: connection)
            }
        }
        return try answer.get()
    }

    private struct OutOfTurns: Error {
        var until: Date
    }

    /// What the indexer announced, at the most a week ago.
    private func capabilities(of indexer: Indexer, at endpoint: Endpoint) async throws -> Capabilities {
        if let text = indexer.capabilities, let at = indexer.capabilitiesAt,
            -at.timeIntervalSinceNow < Self.capabilitiesAge
        {
            do {
                return try JSONDecoder().decode(Capabilities.self, from: Data(text.utf8))
            } catch {
                logger.debug("Stored capabilities are asked for again", metadata: ["indexer": "\(indexer.name)"])
            }
        }
        let capabilities = try await turn(.capabilities, of: indexer) { () throws(TorznabError) in
            try await torznab.capabilities(endpoint)
        }
        let encoded = try JSONEncoder().encode(capabilities)
        await note(indexer) {
            try await Indexers.noteCapabilities(indexer.id, String(decoding: encoded, as: UTF8.self), on: $0)
        }
        return capabilities
    }

    /// Answers until when it is left alone now.
    private func note(failure error: TorznabError, of indexer: Indexer) async -> Date? {
        let failures = indexer.failures + 1
        let usual = Self.pauses[min(failures, Self.pauses.count - 1)]
        let pause: Int
        switch error {
        case .rateLimited(let retryAfter): pause = Int(retryAfter.map { $0 / .seconds(1) } ?? 3600)
        // What is not the indexer's own fault does not lengthen its pause.
        case .http(.connectFailed), .http(.resolveFailed): pause = min(usual, 300)
        case .http(.cancelled): return nil
        default: pause = usual
        }
        let until = await note(indexer) {
            try await Indexers.noteFailure(
                indexer.id, error: error.sentence, failures: failures, blockedFor: pause, on: $0)
        }
        return until ?? nil
    }

    /// Health is a note on the side: when it cannot be written, the search goes on, and there is no answer.
    @discardableResult
    private func note<Answer: Sendable>(
        _ indexer: Indexer, _ write: @Sendable (PostgresConnection) async throws -> Answer
    ) async -> Answer? {
        do {
            return try await pool.withConnection(write)
        } catch {
            logger.debug("Could not note an indexer's health", metadata: ["indexer": "\(indexer.name)"])
            return nil
        }
    }
}
