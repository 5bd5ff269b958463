import FoundationEssentials
import HTTPClient
import Logging
import Postgres
import Storage
import Torznab

/// What came of asking one indexer.
struct IndexerOutcome: Sendable {
    var indexer: Indexer
    var offers: [Torznab.Item]
    var milliseconds: Int
    /// Why there is no (complete) answer.
    var error: TorznabError?
    /// Not asked: it is left alone until then.
    var blockedUntil: Date?

    /// Whether the indexer said anything that a request may rely on.
    var hasAnswered: Bool { error == nil && blockedUntil == nil }

    var answer: IndexerAnswer {
        var sentence = error?.sentence
        if let blockedUntil {
            sentence = "left alone until \(blockedUntil.formatted(.iso8601)) after \(indexer.failures) failures"
        }
        return IndexerAnswer(
            indexer: indexer.name, count: offers.count, milliseconds: milliseconds, error: sentence)
    }
}

/// Asks indexers.
struct IndexerSearch: Sendable {
    /// How long one indexer may take for all questions of one search.
    static let budget = Duration.seconds(60)
    /// Seconds that an indexer is left alone after so many failures in a row.
    static let pauses = [0, 60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400]
    /// Capabilities are asked for again after this time.
    static let capabilitiesAge = 7 * 86_400.0

    let pool: PostgresPool
    let torznab: TorznabClient
    let logger: Logger

    /// Asks all indexers at once, each in its own time.
    func ask(_ indexers: [Indexer], _ queries: [Query]) async -> [IndexerOutcome] {
        await withTaskGroup(of: IndexerOutcome.self) { group in
            for indexer in indexers { group.addTask { await ask(indexer, queries) } }
            var outcomes: [IndexerOutcome] = []
            for await outcome in group { outcomes.append(outcome) }
            return outcomes.sorted { ($0.indexer.priority, $0.indexer.name) < ($1.indexer.priority, $1.indexer.name) }
        }
    }

    private func ask(_ indexer: Indexer, _ queries: [Query]) async -> IndexerOutcome {
        var outcome = IndexerOutcome(indexer: indexer, offers: [], milliseconds: 0)
        if let blocked = indexer.blockedUntil, blocked > Date() {
            outcome.blockedUntil = blocked
            return outcome
        }
        let start = ContinuousClock.now
        do {
            var seen: Set<String> = []
            let endpoint = try Endpoint(url: indexer.url, apiKey: indexer.apiKey)
            let capabilities = try await capabilities(of: indexer, at: endpoint)
            for query in queries where start.duration(to: .now) < Self.budget {
                for item in try await torznab.search(endpoint, query, capabilities: capabilities)
                where seen.insert(item.guid).inserted {
                    outcome.offers.append(item)
                }
            }
            await note(indexer) { try await Indexers.noteAnswer(indexer.id, on: $0) }
        } catch let error as TorznabError {
            outcome.error = error
            await note(failure: error, of: indexer)
        } catch let error as EndpointError {
            outcome.error = .malformed(reason: error.sentence)
        } catch {
            outcome.error = .malformed(reason: "\(error)")
        }
        outcome.milliseconds = Int(start.duration(to: .now) / .milliseconds(1))
        return outcome
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
        let capabilities = try await torznab.capabilities(endpoint)
        let encoded = try JSONEncoder().encode(capabilities)
        await note(indexer) {
            try await Indexers.noteCapabilities(indexer.id, String(decoding: encoded, as: UTF8.self), on: $0)
        }
        return capabilities
    }

    private func note(failure error: TorznabError, of indexer: Indexer) async {
        let failures = indexer.failures + 1
        let usual = Self.pauses[min(failures, Self.pauses.count - 1)]
        let pause: Int
        switch error {
        case .rateLimited(let retryAfter): pause = Int(retryAfter.map { $0 / .seconds(1) } ?? 3600)
        // What is not the indexer's own fault does not lengthen its pause.
        case .http(.connectFailed), .http(.resolveFailed): pause = min(usual, 300)
        case .http(.cancelled): return
        default: pause = usual
        }
        await note(indexer) {
            try await Indexers.noteFailure(
                indexer.id, error: error.sentence, failures: failures, blockedFor: pause, on: $0)
        }
    }

    /// Health is a note on the side: when it cannot be written, the search goes on.
    private func note(_ indexer: Indexer, _ write: @Sendable (PostgresConnection) async throws -> Void) async {
        do {
            try await pool.withConnection(write)
        } catch {
            logger.debug("Could not note an indexer's health", metadata: ["indexer": "\(indexer.name)"])
        }
    }
}
