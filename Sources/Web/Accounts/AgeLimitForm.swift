import HTTP
import HTTPTypes
import Postgres
import Storage

extension Site {
    /// What is kept from a child from now on.
    func saveAgeLimit(_ visit: Visit, _ me: Me) async throws -> Response {
        let account = try await account(visit)
        var entries = try visit.entries()
        let age = entries.number("age", "The age", in: AgeLimit.range)
        guard entries.areValid else { return try await accountAdmin(visit, me, entries, status: .unprocessableContent) }
        let limit = age.map { AgeLimit(age: $0, allowsUnrated: entries["unrated"] == "shown") }
        try await write { connection in
            try await AgeLimit.set(limit, of: account.id, on: connection)
            let what = limit.map { "what is for more than \($0.age) years" } ?? "nothing"
            try await Audit.add(.accounts, "has \(what) kept from \(account.name)", by: me.id, on: connection)
        }
        return changed(account, visit, me, "age")
    }
}

extension AgeLimitForm {
    /// As it is now, or as it was typed.
    init(_ limit: AgeLimit?, _ entries: Entries) {
        let unrated = entries.form["unrated"] ?? (limit?.allowsUnrated == true ? "shown" : "hidden")
        self.init(
            age: Field(
                name: "age", label: "For up to how many years",
                value: entries.form["age"] ?? limit.map { "\($0.age)" } ?? "",
                hint:
                    "What is for older people is kept from them: in searches, in lists, by its address. Leave it empty for"
                    + " no limit.", error: entries.error("age"), autocomplete: "off", inputmode: "numeric"),
            unrated: ChoiceGroup(
                name: "unrated", legend: "What has no known rating",
                options: [
                    Option("hidden", "Is kept from them too", [unrated], hint: "Also what is typed in by hand"),
                    Option("shown", "Is shown", [unrated], hint: "Without TMDB and IGDB nothing has a rating"),
                ], type: "radio"))
    }
}
