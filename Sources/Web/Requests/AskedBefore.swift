import HTTP
import Orchestrator
import Storage

extension Site {
    /// The request for the title that a form is about, if somebody has asked for it before.
    func known(_ kind: Kind, _ entries: Entries, tvmaze: Int? = nil) async throws -> KnownTitle? {
        let references = entries.form.all("found").compactMap(WorkReference.init)
        let sought: KnownTitles.Sought
        if let tvmaze {
            sought = KnownTitles.Sought(kind: kind, identities: ["tvmaze:\(tvmaze)"], ids: [:])
        } else if let found = try await orchestrator.foundTitle(references) {
            sought = found.sought
        } else if !entries["title"].isEmpty {
            let typed = TitleIdentity.typed(entries["title"], year: Int(entries["year"]))
            sought = KnownTitles.Sought(kind: kind, identities: [typed], ids: [:])
        } else {
            return nil
        }
        return try await read { try await KnownTitles.find([sought], on: $0)[0] }
    }

    /// What a form says about that, to somebody who may see it.
    func asked(_ kind: Kind, _ entries: Entries, _ me: Me, tvmaze: Int? = nil) async throws -> AskedBefore? {
        guard let known = try await known(kind, entries, tvmaze: tvmaze), me.user.ageLimit?.allows(known.age) ?? true
        else { return nil }
        return AskedBefore(known)
    }
}

extension AskedBefore {
    init(_ known: KnownTitle) {
        let people = known.people.joined(separator: ", ")
        self.init(
            text: "\(people.isEmpty ? "It was asked for before" : "\(people) asked for it already"):"
                + " \(known.status.word.lowercased()). What you ask for here is added to that.",
            href: "/requests/\(known.request)")
    }
}

extension Field {
    /// What somebody says about their wish.
    static func note(_ entries: Entries) -> Field {
        Field(
            "note", "A note", entries, hint: "The others read it, and whoever approves it.", autocomplete: "off")
    }
}
