import TestSupport

/// The house that the scenarios share, set up through its pages: an indexer, an administrator and two members.
struct Household: Sendable {
    let world: World
    /// The administrator.
    let anna: Browser
    /// A member.
    let ben: Browser
    /// Another one.
    let carol: Browser

    static let password = "correct horse battery staple"
    private static let shared = Task { try await Household.movedIn() }

    /// The house, made by whoever comes first.
    static func home() async throws -> Household {
        try await shared.value
    }

    private static func movedIn() async throws -> Household {
        let world = try await World.start(shows: Shows.all)
        let anna = Browser(world)
        _ = try await anna.setUpHouse(name: "Anna", token: world.usher.setupToken)
        try await anna.addIndexer(world.indexer)
        let house = Household(world: world, anna: anna, ben: Browser(world), carol: Browser(world))
        for (name, browser) in [("Ben", house.ben), ("Carol", house.carol)] {
            try await anna.makeAccount(name: name)
            _ = try await browser.signIn(name: name)
        }
        return house
    }
}

/// What people do with the pages, in their words.
extension Browser {
    /// Makes the first account with the token that the log shows.
    func setUpHouse(name: String, token: String?) async throws -> Page {
        guard let token else { throw PageError("usher printed no token") }
        let page = try await get("/setup?token=\(token)")
        return try await submit(page.form("/setup"), ["name": [name], "password": [Household.password]])
    }

    func signIn(name: String, password: String = Household.password) async throws -> Page {
        try await submit(get("/sign-in").form("/sessions"), ["name": [name], "password": [password]])
    }

    func makeAccount(name: String) async throws {
        let page = try await submit(
            get("/admin/accounts").form("/admin/accounts"), ["name": [name], "password": [Household.password]])
        guard page.root.all("tr").contains(where: { $0.first("th")?.text == name }) else {
            throw PageError("there is no account for \(name): \(page.text)")
        }
    }

    func addIndexer(_ indexer: StandInIndexer) async throws {
        let page = try await submit(
            get("/admin/indexers/new").form("/admin/indexers"),
            ["name": ["Stand-in"], "url": [indexer.url], "key": [indexer.apiKey]])
        guard page.address == "/admin/indexers" else { throw PageError("the indexer was not saved: \(page.text)") }
    }

    /// Asks for a movie and answers with the address of its request.
    func askForMovie(
        _ title: String, year: Int, qualities: [String] = [], formats: [String] = []
    ) async throws -> String {
        let page = try await submit(
            get("/requests/new?kind=movie").form("/requests", having: "kind"),
            ["title": [title], "year": ["\(year)"], "quality": qualities, "format": formats])
        return try page.requestPath
    }

    /// Asks for a show that TVmaze knows.
    func askForShow(
        _ show: StandInTVmaze.Show, scope: String = "selection", seasons: [Int] = [], episodes: [String] = []
    ) async throws -> String {
        // A source that was away just before is left alone for a few seconds.
        try await wait(on: "/search?q=\(show.name.replacing(" ", with: "+"))", for: show.name) {
            $0.links.contains("/requests/new/show/\(show.id)")
        }
        let page = try await submit(
            get("/requests/new/show/\(show.id)").form("/requests", having: "kind"),
            ["scope": [scope], "season": seasons.map(String.init), "episode": episodes])
        return try page.requestPath
    }

    func askForGame(_ title: String, platforms: [String], each: Bool) async throws -> String {
        let page = try await submit(
            get("/requests/new?kind=game").form("/requests", having: "kind"),
            ["title": [title], "platform": platforms, "each": [each ? "yes" : "no"]])
        return try page.requestPath
    }

    /// Presses "Search now", which is not there while a search is under way.
    func searchNow(_ request: String) async throws {
        let page = try await wait(on: request, for: "the end of a search") { $0.hasForm("\(request)/searches") }
        try await press("\(request)/searches", on: page)
    }

    /// Chooses a release that a search has found.
    @discardableResult
    func choose(_ release: String, on request: String) async throws -> Page {
        let page = try await wait(on: request, for: release) { page in
            page.releases.contains { $0.name == release }
        }
        return try await choose(release, from: page)
    }

    /// Chooses a release on a page that was opened some time ago.
    func choose(_ release: String, from page: Page) async throws -> Page {
        let row = page.root.all("tr").first { $0.first(class: "release-name")?.text == release }
        guard let form = row?.first("form") else { throw PageError("\(release) cannot be chosen: \(page.text)") }
        return try await submit(HTMLForm(element: form))
    }

    /// Waits until some of a download has arrived, but not all of it.
    @discardableResult
    func waitForProgress(on request: String) async throws -> Page {
        try await wait(on: request, for: "some of the download") { page in
            let value = page.transfers.first?.first("progress")?["value"].flatMap { Int($0) } ?? 0
            return page.requestStatus == "DOWNLOADING" && value > 0
        }
    }
}

extension Page {
    /// The address of the request that a form led to.
    var requestPath: String {
        get throws {
            guard status == 200, address.wholeMatch(of: /\/requests\/\d+/) != nil else {
                throw PageError("this led to \(address) (\(status)), not to a request: \(text)")
            }
            return address
        }
    }
}
