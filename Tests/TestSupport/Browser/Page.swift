/// A page that a browser shows.
package struct Page {
    package let status: Int
    /// Path and query.
    package let address: String
    package let source: String
    package let root: HTMLElement

    package init(status: Int, address: String, source: String) throws {
        self.status = status
        self.address = address
        self.source = source
        do {
            root = try HTMLElement.parse(source)
        } catch let error as PageError {
            throw PageError("\(address): \(error)\n\(source)")
        }
    }

    package var title: String { root.first("h1")?.text ?? "" }
    package var text: String { root.first("main")?.text ?? "" }

    /// The sentences that stand out.
    package var notices: [String] { root.all(class: "notice").map(\.text) }

    /// Why a field was not accepted, where the field is.
    package func reason(at field: String) -> String? { root.first(class: "error", id: "\(field)-error")?.text }

    /// What stands in a field.
    package func value(of field: String) -> String? { root.first("input", with: ["name": field])?["value"] }

    /// Where its links lead.
    package var links: [String] { root.all("a").compactMap { $0["href"] } }

    package func hasForm(_ action: String) -> Bool { root.first("form", with: ["action": action]) != nil }

    /// The form that is sent there; of several the one with this field.
    package func form(_ action: String, having field: String? = nil, value: String? = nil) throws -> HTMLForm {
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
    package struct Release {
        package let name: String
        package let isAccepted: Bool
        package let isChosen: Bool
        package let reasons: [String]
    }

    /// An episode, or another part of a request.
    package struct Part {
        package let season: String
        package let number: String
        package let title: String
        /// Nil of what is not asked for.
        package let status: String?
    }

    /// The request's status, from its badge.
    package var requestStatus: String? { root.first("header", class: "title-head").flatMap(Self.badge) }

    /// Why it is where it is.
    package var why: String { root.first(id: "why")?.text ?? "" }

    /// What happens next.
    package var next: String { root.first(id: "next")?.text ?? "" }

    package var releases: [Release] {
        root.all("table", class: "releases").flatMap { $0.first("tbody")?.all("tr") ?? [] }.map { row in
            Release(
                name: row.first(class: "release-name")?.text ?? "", isAccepted: !row.classes.contains("is-rejected"),
                isChosen: row.classes.contains("is-chosen"), reasons: row.all(class: "reason").map(\.text))
        }
    }

    package var parts: [Part] {
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
    package func status(of number: String, season: Int = 1) -> String? {
        parts.first { $0.season == "Season \(season)" && $0.number == number }?.status
    }

    /// The folded status of a season.
    package func status(ofSeason season: Int) -> String? {
        let summaries = root.all("details", class: "season").compactMap { $0.first("summary") }
        return summaries.first { $0.first(class: "season-name")?.text == "Season \(season)" }.flatMap(Self.badge)
    }

    /// What happened, the latest first.
    package var history: [String] { root.first("ol", class: "history")?.all("li").map(\.text) ?? [] }

    /// The live figures of what is on its way.
    package var transfers: [HTMLElement] { root.all(class: "transfer") }

    /// The status of a request on a page with several.
    package func status(ofCard path: String) -> String? {
        let cards = root.all("article", class: "request-card")
        return cards.first { $0.first("a", with: ["href": path]) != nil }.flatMap(Self.badge)
    }

    private static func badge(in element: HTMLElement) -> String? {
        let badge = element.all("span", class: "status").first { !$0.classes.contains("status-none") }
        return badge?.classes.first { $0.hasPrefix("status-") }.map { String($0.dropFirst("status-".count)) }
    }
}
