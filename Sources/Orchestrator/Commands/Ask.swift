import FoundationEssentials
public import Lifecycle
import Metadata
import Postgres
public import Releases
public import Storage

/// What somebody asks for.
public struct Wish: Sendable {
    /// Which title.
    public enum TitleChoice: Sendable {
        /// Typed in: a name, a year, and for a show its seasons with their episode counts.
        case hand(name: String, year: Int?, seasons: [Int: Int])
        /// What was looked up, but at TVmaze: under the name and year, and for a show with the seasons, that the form said
        /// in the end.
        case found([WorkReference], name: String, year: Int?, seasons: [Int: Int] = [:])
        /// A show at TVmaze.
        case tvmaze(id: Int)
    }

    /// How much of it.
    public enum WishScope: Sendable, Equatable {
        /// All of a movie or a game.
        case whole
        /// Seasons and single episodes of a show.
        case selection(seasons: Set<Int>, episodes: Set<Lifecycle.EpisodeNumber>)
        /// All episodes, and each new one.
        case ongoing
        /// Each episode that airs from now on.
        case future
    }

    /// What sort of title.
    public var kind: Kind
    /// Which.
    public var title: TitleChoice
    /// How much of it.
    public var scope: WishScope
    /// Acceptable qualities; empty: any.
    public var qualities: Set<Quality>
    /// Acceptable formats; empty: any.
    public var formats: Set<Format>
    /// Platforms of a game; empty: any.
    public var platforms: Set<Platform>
    /// Whether the game is wanted on each of the platforms, or any will do.
    public var eachPlatform: Bool
    /// Genres of a game; empty: any.
    public var genres: Set<Genre>
    /// Who chooses among its releases; `nil`: as the house does.
    public var choosing: Choosing?
    /// What else is asked of them. Of a request that is there already, what it asks for holds.
    public var demands = Demands()
    /// What the person says about it to the others, such as what it is for.
    public var note: String?

    /// States a wish.
    public init(
        kind: Kind, title: TitleChoice, scope: WishScope, qualities: Set<Quality> = [], formats: Set<Format> = [],
        platforms: Set<Platform> = [], eachPlatform: Bool = false, genres: Set<Genre> = [],
        choosing: Choosing? = nil
    ) {
        self.kind = kind
        self.title = title
        self.scope = scope
        self.qualities = qualities
        self.formats = formats
        self.platforms = platforms
        self.eachPlatform = eachPlatform
        self.genres = genres
        self.choosing = choosing
    }
}

/// What became of a wish.
public struct Asked: Sendable, Equatable {
    /// How it met what was there.
    public enum Outcome: Sendable {
        /// Nobody had asked for the title before.
        case made
        /// Somebody had; now both are on it.
        case joined
        /// Nobody had, and somebody has to approve it.
        case awaiting
        /// The same form had been sent before.
        case repeated
    }

    /// The request.
    public var request: Int64
    /// How it met what was there.
    public var outcome: Outcome
}

extension Orchestrator {
    /// Asks for something: makes the request of the title, or joins and widens the one that is there.
    ///
    /// - Parameter key: comes with the form; the same key is the same wish.
    /// - Throws: ``CommandError/invalid(field:sentence:)``, ``CommandError/away(sentence:)`` when the show's source
    ///   does not answer, ``PostgresError``.
    public func ask(_ wish: Wish, by person: Person, key: String) async throws -> Asked {
        let subject = try await subject(of: wish, by: person)
        let asked: Asked
        do {
            asked = try await ask(wish, about: subject, by: person, key: key)
        } catch let unknown as PostgresError where unknown.isOutcomeUnknown {
            // With the key it can be done again without being done twice, and so it is known what became of it.
            do {
                asked = try await ask(wish, about: subject, by: person, key: key)
            } catch let error as PostgresError where error.isUnavailable {
                throw unknown
            }
        }
        FaultPoint.committed.reach()
        announcer.tell(.request(asked.request))
        return asked
    }

    private func ask(_ wish: Wish, about subject: Subject, by person: Person, key: String) async throws -> Asked {
        do {
            return try await pool.transaction { connection in
                if let made = try await FormKeys.request(for: key, on: connection) {
                    return Asked(request: made, outcome: .repeated)
                }
                return try await Asking(wish: wish, subject: subject, person: person, key: key).run(on: connection)
            }
        } catch let error as PostgresError where error.isUniqueViolation(constraint: "form_keys_pkey") {
            // The same form, sent twice at once: the other one was faster, and its request is the answer.
            let made = try await pool.withConnection { try await FormKeys.request(for: key, on: $0) }
            guard let made else { throw error }
            return Asked(request: made, outcome: .repeated)
        }
    }

    private func subject(of wish: Wish, by person: Person) async throws -> Subject {
        switch wish.title {
        case .hand(let name, let year, let seasons):
            return Subject(kind: wish.kind, name: name, year: year, seasons: seasons)
        case .found(let references, let name, let year, let seasons):
            var subject = Subject(kind: wish.kind, name: name, year: year, seasons: seasons)
            // What nobody has looked up for months is forgotten, and then as good as typed in.
            if let match = try await foundTitle(references), match.kind.rawValue == wish.kind.rawValue {
                // Under the rating of one title nobody gets another.
                if try await pool.withConnection({ try await AgeLimit.load(for: person.userID, on: $0) }) != nil {
                    subject = Subject(kind: wish.kind, name: match.name, year: match.year, seasons: seasons)
                }
                subject.facts.describe(match)
                subject.facts.age = try await age(of: match)
            }
            return subject
        case .tvmaze(let id):
            let show = try await show(tvmaze: id)
            var subject = Subject(show)
            subject.facts.age = try await age(of: Match(show))
            return subject
        }
    }
}

/// What makes two askings mean the same title.
public enum TitleIdentity {
    /// Of one that is typed in: the words of its name, and the year.
    public static func typed(_ name: String, year: Int?) -> String {
        let plain = name.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }).joined(separator: " ")
        return "\(plain)|\(year.map(String.init) ?? "")"
    }
}

/// A title as it is to be stored, with its episodes.
struct Subject: Sendable {
    var facts: TitleFacts
    var episodes: [EpisodeFacts]
    /// Of a show that was typed in, nobody knows when its episodes aired: all are taken as aired.
    var hasAirDates: Bool

    init(kind: Kind, name: String, year: Int?, seasons: [Int: Int]) {
        facts = TitleFacts(kind: kind, identity: TitleIdentity.typed(name, year: year), name: name, year: year)
        episodes = seasons.sorted(by: { $0.key < $1.key }).flatMap { season, count in
            (1...max(count, 1)).map { number in
                EpisodeFacts(
                    sourceID: "hand:\(season):\(number)", season: season, number: number, name: "", airsAt: nil)
            }
        }
        hasAirDates = false
    }

    init(_ show: Show) {
        var facts = TitleFacts(kind: .show, identity: "tvmaze:\(show.id)", name: show.name, year: show.year)
        facts.running = show.status != .ended
        facts.describe(Match(show))
        facts.sourceUpdated = Int64(show.updated)
        self.facts = facts
        episodes = (show.episodes ?? []).map { episode in
            EpisodeFacts(
                sourceID: "tvmaze:\(episode.id)", season: episode.season, number: episode.number,
                name: episode.name, airsAt: episode.airs, airdate: episode.airdate)
        }
        hasAirDates = true
    }
}

extension TitleFacts {
    /// Takes over what the sources say, but for name and year.
    fileprivate mutating func describe(_ match: Match) {
        let first = match.works[0]
        source = first.source.rawValue
        sourceID = first.id
        sourceURL = first.url
        otherNames = match.otherNames
        overview = match.summary
        runtime = match.runtime
        releasedOn = match.released
        outsideIDs = match.ids
        picture = match.pictured?.pictureSource
    }
}

/// One wish on its way into the database.
private struct Asking {
    let wish: Wish
    let subject: Subject
    let person: Person
    let key: String

    func run(on connection: PostgresConnection) async throws -> Asked {
        // Before all other locks: of many wishes of one person each sees what those before it have used.
        guard let allowance = try await Allowance.load(for: person.userID, isLocked: true, on: connection) else {
            throw CommandError.notAllowed
        }
        let title = try await Titles.save(subject.facts, on: connection)
        // Of a title that is known here already, others may have known more.
        try await person.mayHave(Titles.age(of: title, on: connection), on: connection)
        var episodes: [Storage.Episode] = []
        if wish.kind == .show {
            // A show that was typed in again may name more seasons than before, never fewer.
            let known = subject.hasAirDates ? [] : try await Episodes.facts(of: title, on: connection)
            let named = Set(subject.episodes.map(\.sourceID))
            try await Episodes.save(
                subject.episodes + known.filter { !named.contains($0.sourceID) }, of: title, on: connection)
            episodes = try await Episodes.list(of: title, on: connection)
        }
        let now = try await DatabaseClock.now(on: connection)
        let wanted = try selected(of: episodes, aired: now)
        let (id, isNew) = try await Requests.make(
            for: title, scope: scope, futureFrom: scope == .future ? now : nil, by: person.userID, on: connection)
        guard let request = try await Requests.lock(id, on: connection) else { throw CommandError.notFound }
        try await accept(wish, in: request, isNew: isNew, at: now, on: connection)
        let added = try await add(wanted, to: request, on: connection)
        let joined = try await Requests.add(person: person.userID, to: id, on: connection)
        if let note = wish.note { try await Requests.setNote(note, of: person.userID, at: id, on: connection) }
        let door = Door(connection: connection, request: request, person: person, allowance: allowance)
        if !isNew, added > 0, request.approval == nil, allowance.approvedKinds.contains(wish.kind) {
            throw CommandError.usedUp(
                sentence: "This was approved as it is. Have somebody who approves requests ask for more of it.")
        }
        if isNew {
            // First, because approvers are told of what is asked for and waits for them.
            try await door.considerApproval(of: allowance, isNew: true)
            try await door.log("asked", "asked for \(phrase)")
        } else if added > 0 {
            try await door.log("widened", "asked for \(phrase) as well")
        } else if joined {
            try await door.log("joined", "asked for it too")
        }
        if !isNew { try await door.considerApproval(of: allowance) }
        try await revive(wanted, isNew: isNew, at: door)
        try await door.holdToQuota()
        if isNew || added > 0 { try await Requests.searchSoon(id, on: connection) }
        try await FormKeys.remember(key, request: id, by: person.userID, on: connection)
        return Asked(
            request: id, outcome: !isNew ? .joined : allowance.approvedKinds.contains(wish.kind) ? .awaiting : .made)
    }

    private var scope: Scope {
        switch wish.scope {
        case .whole: .whole
        case .selection: .selection
        case .ongoing: .ongoing
        case .future: .future
        }
    }

    private var phrase: String {
        switch wish.scope {
        case .whole:
            wish.eachPlatform && wish.platforms.count > 1 ? "it on each of \(wish.platforms.count) platforms" : "it"
        case .selection(let seasons, let episodes):
            [
                seasons.isEmpty
                    ? nil
                    : (seasons.count == 1 ? "season " : "seasons ")
                        + seasons.sorted().map(String.init).joined(separator: ", "),
                episodes.isEmpty ? nil : "\(episodes.count) single episode\(episodes.count == 1 ? "" : "s")",
            ].compactMap(\.self).joined(separator: " and ")
        case .ongoing: "all seasons, and each new episode"
        case .future: "each episode from now on"
        }
    }

    /// The episodes that the wish makes items of. What has not aired is left for later, unless it was ticked.
    private func selected(of episodes: [Storage.Episode], aired now: Date) throws -> [Storage.Episode] {
        let numbered = episodes.filter { $0.number != nil }
        switch wish.scope {
        case .whole, .future: return []
        case .ongoing:
            return numbered.filter { $0.season > 0 && (subject.hasAirDates ? $0.hasAired(by: now) : true) }
        case .selection(let seasons, let singles):
            let known = Set(numbered.compactMap(\.at))
            if let missing = seasons.sorted().first(where: { season in !known.contains { $0.season == season } }) {
                throw CommandError.invalid(field: "seasons", sentence: "There is no season \(missing).")
            }
            if let missing = singles.sorted().first(where: { !known.contains($0) }) {
                throw CommandError.invalid(
                    field: "seasons", sentence: "There is no episode \(missing.number) in season \(missing.season).")
            }
            let chosen = numbered.filter { episode in
                seasons.contains(episode.season) || episode.at.map(singles.contains) ?? false
            }
            guard !chosen.isEmpty else {
                throw CommandError.invalid(field: "seasons", sentence: "Tick at least one season or episode.")
            }
            return chosen
        }
    }

    /// Unites what is acceptable and how much is wanted with what the request had.
    private func accept(
        _ wish: Wish, in request: Request, isNew: Bool, at now: Date, on connection: PostgresConnection
    ) async throws {
        func united<Choice>(_ had: Set<Choice>, _ asked: Set<Choice>) -> Set<Choice> {
            // Nothing ticked means that anything will do, and anything united with something is anything.
            isNew ? asked : had.isEmpty || asked.isEmpty ? [] : had.union(asked)
        }
        let ranks: [Scope] = [.whole, .selection, .future, .ongoing]
        let wider =
            isNew || (ranks.firstIndex(of: scope) ?? 0) > (ranks.firstIndex(of: request.scope) ?? 0)
            ? scope : request.scope
        if isNew, let choosing = wish.choosing {
            let settings = try await Settings.load(on: connection)
            try await Requests.set(
                choosing: choosing == settings.choosing ? nil : choosing, of: request.id, on: connection)
        }
        if isNew, wish.demands != Demands() {
            try await Requests.set(wish.demands, of: request.id, on: connection)
        }
        try await Requests.update(
            request.id, scope: wider, futureFrom: wider == .future ? request.futureFrom ?? now : nil,
            qualities: united(request.qualities, wish.qualities), formats: united(request.formats, wish.formats),
            platforms: united(request.platforms, wish.platforms), genres: united(request.genres, wish.genres),
            on: connection)
    }

    private func add(
        _ episodes: [Storage.Episode], to request: Request, on connection: PostgresConnection
    ) async throws -> Int {
        var added = 0
        for episode in episodes {
            let item = try await Items.add(
                to: request.id, at: episode.at, episodeID: episode.id, releasedAt: episode.airsAt, on: connection)
            if item != nil { added += 1 }
        }
        guard wish.kind != .show else { return added }
        let platforms: [String?] =
            wish.eachPlatform && !wish.platforms.isEmpty ? wish.platforms.map(\.rawValue).sorted() : [nil]
        // A game that is wanted on any platform is wanted already when it is wanted on some.
        let isThere = try await !Items.list(of: request.id, on: connection).isEmpty
        for platform in platforms where platform != nil || !isThere {
            if try await Items.add(to: request.id, platform: platform, on: connection) != nil { added += 1 }
        }
        return added
    }

    /// What was given up and is asked for again is searched again.
    private func revive(_ episodes: [Storage.Episode], isNew: Bool, at door: Door) async throws {
        guard !isNew else { return }
        let wanted = Set(episodes.compactMap(\.at))
        let asked = try await door.items().filter { item in
            (item.status == .cancelled || item.status == .expired || item.status == .failed)
                && (item.episode.map(wanted.contains) ?? true)
        }
        guard !asked.isEmpty else { return }
        try await door.carryOut(.requeue(Set(asked.map(\.id))), reason: "asked for again")
        try await Requests.searchSoon(door.request.id, on: door.connection)
    }
}

extension Storage.Episode {
    /// Whether it has aired; one of which nobody knows when it airs has not.
    func hasAired(by moment: Date) -> Bool {
        airsAt.map { $0 <= moment } ?? false
    }
}
