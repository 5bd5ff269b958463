import HTTP
import Storage
import Torznab

/// An indexer as a form describes it.
struct IndexerDraft {
    /// What was typed; its key is `nil` when none was, which leaves the one that is stored.
    var settings: IndexerSettings
    /// The key to ask with.
    var apiKey: String?

    /// Nil when something is wrong with it, which is then noted in `entries`.
    init?(_ entries: inout Entries, _ known: Indexer?) {
        let url = entries.line("url", "The address", atMost: 2000)
        settings = IndexerSettings(
            name: entries.line("name", "The name", atMost: 100), url: url,
            apiKey: entries["key"].isEmpty ? nil : entries["key"], enabled: entries["enabled"] != "no",
            priority: entries.number("priority", "The priority", in: 1...50) ?? known?.settings.priority ?? 25,
            kinds: entries.choices("kind", "kind"),
            minimumSeeders: entries.number("seeders", "This", in: 0...10_000),
            hourlyLimit: entries.number("hourly", "This", in: 1...100_000))
        if settings.kinds.isEmpty { entries.refuse("kind", "Tick at least one.") }
        // The stored key goes to the address that it belongs to, and to no other.
        apiKey = settings.apiKey ?? (known?.settings.url == url ? known?.settings.apiKey : nil)
        if known?.settings.apiKey != nil, settings.apiKey == nil, known?.settings.url != url,
            entries.error("url") == nil
        {
            entries.refuse("key", "The address has changed: type the key again.")
        }
        do {
            _ = try Endpoint(url: url, apiKey: apiKey)
        } catch {
            entries.refuse("url", error.sentence)
        }
        guard entries.areValid else { return nil }
    }

    /// As it is stored.
    init(_ indexer: Indexer) {
        settings = indexer.settings
        apiKey = indexer.settings.apiKey
    }

    /// What its form shows; never the key.
    var form: Form {
        Form(
            [
                ("name", settings.name), ("url", settings.url), ("priority", String(settings.priority)),
                ("enabled", settings.enabled ? "yes" : "no"),
                ("seeders", settings.minimumSeeders.map(String.init) ?? ""),
                ("hourly", settings.hourlyLimit.map(String.init) ?? ""),
            ] + settings.kinds.map { ("kind", $0.rawValue) })
    }
}
