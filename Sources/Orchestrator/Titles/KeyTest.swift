public import Metadata
import Storage

extension Orchestrator {
    /// Asks a source whether it takes a key. Nothing is kept.
    ///
    /// - Returns: what came of it, for people; nil for a source that needs no key.
    public func test(_ key: SourceKey, of source: SourceID) async -> (isGood: Bool, sentence: String)? {
        guard let source = parts.sources.keyed.first(where: { $0.id == source }) else { return nil }
        do {
            try await source.test(key)
            return (true, "\(source.id.name) takes the key.")
        } catch {
            return (false, error.sentence(of: source.id))
        }
    }
}

extension SourceKey {
    /// As it is stored.
    init(_ stored: SourceKeys.Key) { self.init(client: stored.client, secret: stored.secret) }
}
