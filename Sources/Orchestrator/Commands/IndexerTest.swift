import Postgres
import Storage
public import Torznab

/// What an indexer answered to a test.
public struct IndexerReport: Sendable {
    /// Whether it can be used.
    public var isGood: Bool
    /// What it answered, for people.
    public var sentence: String
    /// What it announced, if it did.
    public var capabilities: Capabilities?
}

/// Tries an indexer, without keeping anything.
public struct IndexerTest: Sendable {
    private let torznab: TorznabClient
    /// All that Prowlarr has at `/0/api`, whatever is asked.
    private static let testRelease = "Test Release"

    /// Tries indexers over this client.
    public init(torznab: TorznabClient) {
        self.torznab = torznab
    }

    /// Asks for what the indexer can do and for its newest releases.
    public func ask(url: String, apiKey: String?) async -> IndexerReport {
        do {
            let endpoint = try Endpoint(url: url, apiKey: apiKey)
            let capabilities = try await torznab.capabilities(endpoint)
            // A wrong key often shows only when something is searched.
            let newest = try await torznab.search(endpoint, Query(mode: .search), capabilities: capabilities)
            if newest.map(\.title) == [Self.testRelease] {
                return IndexerReport(
                    isGood: false,
                    sentence: "This is Prowlarr's address for trying: it finds nothing but a “\(Self.testRelease)”. "
                        + "Give the address of one of its indexers, with that one's number in the place of 0.",
                    capabilities: nil)
            }
            let name = capabilities.title.map { "\($0) answers" } ?? "It answers"
            let modes = capabilities.searching.keys.map(\.rawValue).sorted().joined(separator: ", ")
            var sentence =
                "\(name): \(newest.count) newest releases; it can search by \(modes.isEmpty ? "text" : modes)."
            if newest.isEmpty { sentence += " Its site may be away: Prowlarr then answers with an empty list." }
            return IndexerReport(isGood: true, sentence: sentence, capabilities: capabilities)
        } catch let error as TorznabError {
            return IndexerReport(isGood: false, sentence: error.sentence, capabilities: nil)
        } catch let error as EndpointError {
            return IndexerReport(isGood: false, sentence: error.sentence, capabilities: nil)
        } catch {
            return IndexerReport(isGood: false, sentence: "The test could not be made: \(error)", capabilities: nil)
        }
    }
}

extension Orchestrator {
    /// Tries an indexer, without keeping anything.
    public func test(url: String, apiKey: String?) async -> IndexerReport {
        await IndexerTest(torznab: parts.torznab).ask(url: url, apiKey: apiKey)
    }

    /// Tells everybody that indexers or settings have changed; what waits is searched again where it may help.
    ///
    /// - Throws: ``PostgresError``.
    public func houseChanged(searchAgain: Bool) async throws {
        if searchAgain {
            try await pool.withConnection { try await Requests.searchAllWaiting(on: $0) }
        }
        announcer.tell(.house)
    }
}
