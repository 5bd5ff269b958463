import Foundation
import HTTPClient
import TestSupport

/// Somebody of the household at the pages, without scripting: asks, chooses, changes their mind, and writes down what
/// they were told.
struct Person {
    let name: String
    let house: House
    private var dice: Dice
    private let browser: Browser

    init(_ name: String, in house: House) {
        self.name = name
        self.house = house
        dice = Dice(seed: house.options.seed, for: name)
        browser = house.browser(Dice(seed: house.options.seed, for: "\(name)'s address"))
    }

    /// Lives until the task is cancelled.
    mutating func live() async {
        var isSignedIn = false
        while !Task.isCancelled {
            do {
                if !isSignedIn {
                    let page = try await browser.get("/sign-in")
                    let home = try await browser.submit(
                        page.form("/sessions"), ["name": [name], "password": [House.password]])
                    isSignedIn = home.address == "/"
                }
                if isSignedIn { try await act() }
            } catch is CancellationError {
                return
            } catch {
                // No answer, or a page that is none: people try again a little later.
            }
            do { try await Task.sleep(for: dice.milliseconds(50...600)) } catch { return }
        }
    }

    private mutating func act() async throws {
        let known = house.ledger.requests
        guard let request = dice.pick(Array(known.suffix(30))), !dice.chance(18) else { return try await ask() }
        let page = try await browser.get("/requests/\(request)")
        guard page.status == 200 else { return }
        switch dice.number(0...99) {
        case 0..<50: try await choose(on: page, request)
        case 50..<62: try await press("/requests/\(request)/searches", .search, on: page, request)
        case 62..<70: try await press("/requests/\(request)/people", .join, on: page, request)
        case 70..<78: try await press("/requests/\(request)/cancellation", .cancelRequest, on: page, request)
        case 78..<88: try await cancelPart("items", on: page, request) { .cancelItem($0) }
        default: try await cancelPart("downloads", on: page, request) { .cancelDownload($0) }
        }
    }

    // MARK: Deeds

    /// Asks for a title of the catalogue, and sends the form again until somebody says whether it was taken.
    private mutating func ask() async throws {
        let count = house.ledger.requests.count
        let title = try await house.catalogue.title(dice.number(0...(count + 3)), shows: house.shows)
        let form: HTMLForm
        var entries: [String: [String]]
        switch title.kind {
        case .movie(let year):
            form = try await browser.get("/requests/new?kind=movie").form("/requests", having: "kind")
            entries = ["title": [title.name], "year": ["\(year)"], "quality": [], "format": []]
        case .game(let platforms):
            form = try await browser.get("/requests/new?kind=game").form("/requests", having: "kind")
            entries = ["title": [title.name], "platform": platforms, "each": [platforms.count > 1 ? "yes" : "no"]]
        case .show(let show):
            form = try await browser.get("/requests/new/show/\(show.id)").form("/requests", having: "kind")
            entries = ["scope": [dice.chance(40) ? "ongoing" : "selection"], "quality": [], "format": []]
            let seasons = Set(show.episodes.map(\.season)).sorted()
            let some = dice.chance(50) ? seasons : Array(seasons.prefix(1))
            entries["season"] = some.map(String.init)
        }
        let key = form.values("key").first ?? ""
        let fields = form.filled(entries)
        for _ in 0..<40 {
            let (answer, location) = await send(form.action, fields)
            let request = location.flatMap { $0.split(separator: "/").last }.flatMap { Int64($0) }
            house.ledger.write(.init(person: name, deed: .ask(key: key), request: request, answer: answer))
            guard answer == .unknown else { return }
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    /// Chooses a release, mostly one that suits.
    private mutating func choose(on page: Page, _ request: Int64) async throws {
        let rows = page.root.all("table", class: "releases").flatMap { $0.first("tbody")?.all("tr") ?? [] }
        let suited = rows.filter { !$0.classes.contains("is-rejected") }
        guard let row = dice.pick(suited.isEmpty || dice.chance(5) ? rows : suited),
            let form = row.first("form").map({ HTMLForm(element: $0) }),
            let release = form.values("release").first.flatMap({ Int64($0) })
        else { return }
        let (answer, _) = await send(form.action, form.fields)
        house.ledger.write(
            .init(person: name, deed: .choose(release: release), request: request, answer: answer))
    }

    private func press(_ action: String, _ deed: Ledger.Deed, on page: Page, _ request: Int64) async throws {
        guard page.hasForm(action) else { return }
        let (answer, _) = await send(action, try page.form(action).fields)
        house.ledger.write(.init(person: name, deed: deed, request: request, answer: answer))
    }

    /// `/requests/7/items/9/cancellation`, and the same of downloads.
    private mutating func cancelPart(
        _ what: String, on page: Page, _ request: Int64, _ deed: (Int64) -> Ledger.Deed
    ) async throws {
        let actions = page.root.all("form").compactMap { $0["action"] }.filter { $0.contains("/\(what)/") }
        guard let action = dice.pick(actions), let id = Int64(action.split(separator: "/").dropLast().last ?? "")
        else { return }
        try await press(action, deed(id), on: page, request)
    }

    /// What came of it, and where it leads.
    private func send(_ action: String, _ fields: [(String, String)]) async -> (Ledger.Answer, String?) {
        do {
            let response = try await browser.send(action, fields: fields)
            return switch response.status {
            // Whoever is not signed in is sent there, and nothing was done.
            case 303 where response.location?.hasPrefix("/sign-in") == true: (.refused(303), nil)
            case 303: (.done, response.location)
            case 503: (.unknown, nil)
            case 500...: (.failed(response.status), nil)
            default: (.refused(response.status), nil)
            }
        } catch {
            return (.unknown, nil)
        }
    }
}
