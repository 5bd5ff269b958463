/// A page that a browser shows.
struct Page {
    let status: Int
    /// Path and query.
    let address: String
    let source: String
    let root: HTMLElement

    init(status: Int, address: String, source: String) throws {
        self.status = status
        self.address = address
        self.source = source
        do {
            root = try HTMLElement.parse(source)
        } catch let error as PageError {
            throw PageError("\(address): \(error)\n\(source)")
        }
    }

    var title: String { root.first("h1")?.text ?? "" }
    var text: String { root.first("main")?.text ?? "" }

    /// The sentences that stand out.
    var notices: [String] { root.all(class: "notice").map(\.text) }

    /// Why a field was not accepted, where the field is.
    func reason(at field: String) -> String? { root.first(class: "error", id: "\(field)-error")?.text }

    /// What stands in a field.
    func value(of field: String) -> String? { root.first("input", with: ["name": field])?["value"] }

    /// Where its links lead.
    var links: [String] { root.all("a").compactMap { $0["href"] } }

    func hasForm(_ action: String) -> Bool { root.first("form", with: ["action": action]) != nil }

    /// The form that is sent there; of several the one with this field.
    func form(_ action: String, having field: String? = nil, value: String? = nil) throws -> HTMLForm {
        let forms = root.all("form", with: ["action": action]).map { HTMLForm(element: $0) }
        guard let form = forms.first(where: { form in field.map { form.has($0, value: value) } ?? true }) else {
            throw PageError("\(address) (\(status)) has no form for \(action): \(text)")
        }
        return form
    }
}

// MARK: The page of a request

extension Page {
    /// A release that a search saw.
    struct Release {
        let name: String
        let isAccepted: Bool
        let isChosen: Bool
        let reasons: [String]
    }

    /// An episode, or another part of a request.
    struct Part {
        let season: String
        let number: String
        let title: String
        /// Nil of what is not asked for.
        let status: String?
    }

    /// The request's status, from its badge.
    var requestStatus: String? { root.first("header", class: "title-head").flatMap(Self.badge) }

    /// Why it is where it is.
    var why: String { root.first(id: "why")?.text ?? "" }

    /// What happens next.
    var next: String { root.first(id: "next")?.text ?? "" }

    var releases: [Release] {
        root.all("table", class: "releases").flatMap { $0.first("tbody")?.all("tr") ?? [] }.map { row in
            Release(
                name: row.first(class: "release-name")?.text ?? "", isAccepted: !row.classes.contains("is-rejected"),
                isChosen: row.classes.contains("is-chosen"), reasons: row.all(class: "reason").map(\.text))
        }
    }

    var parts: [Part] {
        root.all("details", class: "season").flatMap { season in
            season.all("li", class: "episode").map { episode in
                Part(
                    season: season.first(class: "season-name")?.text ?? "",
                    number: episode.first(class: "episode-number")?.text ?? "",
                    title: episode.first(class: "episode-title")?.text ?? "", status: Self.badge(in: episode))
            }
        }
    }

    /// The status of one episode.
    func status(of number: String, season: Int = 1) -> String? {
        parts.first { $0.season == "Season \(season)" && $0.number == number }?.status
    }

    /// The folded status of a season.
    func status(ofSeason season: Int) -> String? {
        let summaries = root.all("details", class: "season").compactMap { $0.first("summary") }
        return summaries.first { $0.first(class: "season-name")?.text == "Season \(season)" }.flatMap(Self.badge)
    }

    /// What happened, the latest first.
    var history: [String] { root.first("ol", class: "history")?.all("li").map(\.text) ?? [] }

    /// The live figures of what is on its way.
    var transfers: [HTMLElement] { root.all(class: "transfer") }

    /// The status of a request on a page with several.
    func status(ofCard path: String) -> String? {
        let cards = root.all("article", class: "request-card")
        return cards.first { $0.first("a", with: ["href": path]) != nil }.flatMap(Self.badge)
    }

    private static func badge(in element: HTMLElement) -> String? {
        let badge = element.all("span", class: "status").first { !$0.classes.contains("status-none") }
        return badge?.classes.first { $0.hasPrefix("status-") }.map { String($0.dropFirst("status-".count)) }
    }
}
