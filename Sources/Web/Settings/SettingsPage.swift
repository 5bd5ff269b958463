import HTTP
import HTTPClient
import HTTPTypes
import Logging
import Metadata
import Orchestrator
import Postgres
import Releases
import Storage

extension Site {
    func settingsPage(_ visit: Visit, _ me: Me) async throws -> Response {
        try await settings(visit, me, Entries())
    }

    func saveSettings(_ visit: Visit, _ me: Me) async throws -> Response {
        var entries = try visit.entries(repeated: ["quality", "format", "source"])
        let numbers = SettingNumber.all.map { setting in
            if entries[setting.name].isEmpty { entries.refuse(setting.name, "This is missing.") }
            return (setting, entries.number(setting.name, "This", in: setting.range))
        }
        let qualities = entries.choices("quality", "quality", of: Quality.self)
        let formats = entries.choices("format", "format", of: Format.self)
        let sources = entries.choices("source", "source", of: SourceID.self)
        let retries = entries["retry"] == "yes"
        let choosing = entries.choices("choosing", "way to choose", of: Choosing.self).first ?? .ask
        let afterFailure = entries.afterFailure()
        let words = entries.nameWords()
        let sizes = SettingSize.all.map { ($0, entries.sizes($0.least, $0.most)) }
        let address = entries.publicAddress()
        let (zone, dates) = (entries.zone(among: try await timeZones()), entries.dates())
        guard entries.areValid else { return try await settings(visit, me, entries, status: .unprocessableContent) }
        try await write { connection in
            var settings = try await Settings.load(on: connection)
            let takesBestNow = choosing == .best && settings.choosing == .ask
            for (setting, number) in numbers {
                if let number { settings[keyPath: setting.path] = number }
            }
            for (setting, limits) in sizes { settings[keyPath: setting.path] = limits }
            settings.words = words
            settings.publicAddress = address
            if let zone { settings.times.zone = zone }
            if let dates { settings.times.dates = dates }
            settings.afterFailure = afterFailure
            settings.choosing = choosing
            settings.retryFailed = retries
            settings.defaultQualities = qualities
            settings.defaultFormats = formats
            settings.sources = Set(sources.filter { !$0.needsKey }.map(\.rawValue))
            try await settings.save(by: me.id, on: connection)
            if takesBestNow { try await Requests.searchAllFound(on: connection) }
        }
        try await orchestrator.houseChanged(searchAgain: false)
        logger.notice("Settings were changed", metadata: ["by": "\(me.id)"])
        return visit.redirect(to: "/admin/settings", saying: .settingsSaved)
    }

    private func settings(
        _ visit: Visit, _ me: Me, _ entries: Entries, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let settings = try await read { try await Settings.load(on: $0) }
        let zones = try await timeZones()
        let isFresh = entries.form.pairs.isEmpty
        func fields(_ numbers: [SettingNumber]) -> [Field] {
            numbers.map { setting in
                Field(
                    number: setting.name, setting.label, entries, value: settings[keyPath: setting.path],
                    in: setting.range, hint: setting.hint, isRequired: true)
            }
        }
        let retries = isFresh ? settings.retryFailed : entries["retry"] == "yes"
        return visit.page(
            SettingsPage(
                page: visit.frame("Settings", for: me),
                address: Field(
                    name: "address", label: "Address of this house",
                    value: entries.form["address"] ?? settings.publicAddress ?? "",
                    hint: "What people type to come here. Messages lead there; without it they have no links.",
                    error: entries.error("address"), autocomplete: "off",
                    placeholder: "https://usher.example.org", inputmode: "url"),
                zone: SelectField(
                    zone: entries.form["zone"] ?? settings.times.zone, among: zones,
                    hint: "Of whoever has chosen none on their own page.", error: entries.error("zone")),
                dates: SelectField(
                    dates: entries.form["dates"] ?? settings.times.dates, error: entries.error("dates")),
                searching: fields(SettingNumber.searching),
                sizes: SettingSize.all.flatMap { $0.fields(entries, settings[keyPath: $0.path]) },
                choosing: ChoiceGroup(
                    choosing: isFresh ? settings.choosing : Choosing(rawValue: entries["choosing"]) ?? .ask, minutes: 0,
                    legend: "When releases are found, unless a request says otherwise",
                    error: entries.error("choosing")),
                patience: fields(SettingNumber.choosing),
                failure: ChoiceGroup(
                    failure: entries.form["failure"] ?? settings.afterFailure?.rawValue ?? "",
                    none: "As for the first", hint: "Whoever chose the first chooses the next",
                    error: entries.error("failure")),
                words: WordField.all.map { word in
                    Field(
                        name: word.name, label: word.label,
                        value: entries.form[word.name] ?? settings.words[keyPath: word.path].joined(separator: ", "),
                        hint: word.hint, error: entries.error(word.name))
                },
                downloading: fields(SettingNumber.downloading), history: fields(SettingNumber.history),
                retry: ChoiceGroup(
                    name: "retry", legend: "When a download fails, and nothing else that was found is taken",
                    options: [
                        Option(
                            value: "yes", label: "Try again", isSelected: retries,
                            hint: "The release is not taken again, and another is searched for"),
                        Option(value: "no", label: "Leave it", isSelected: !retries, hint: "Somebody decides"),
                    ], type: "radio"),
                qualities: ChoiceGroup(
                    qualities: isFresh ? Set(settings.defaultQualities.map(\.rawValue)) : entries.all("quality"),
                    error: entries.error("quality")),
                sources: ChoiceGroup(
                    sources: isFresh ? settings.sources : entries.all("source"), error: entries.error("source")),
                formats: ChoiceGroup(
                    formats: isFresh ? Set(settings.defaultFormats.map(\.rawValue)) : entries.all("format"),
                    error: entries.error("format"))),
            status: status)
    }
}

extension ChoiceGroup {
    /// The sources of titles.
    init(sources chosen: Set<String>, error: String?) {
        self.init(
            name: "source", legend: "Ask these",
            options: SourceID.allCases.filter { !$0.needsKey }
                .map { Option($0.rawValue, $0.name, chosen, hint: $0.hint) },
            hint: "What people type into the search box is sent there, by this machine and without their names."
                + " TMDB and IGDB are asked once they have a key, on the page Sources.",
            error: error)
    }
}

extension SourceID {
    /// What it has, and what there is to know of it.
    var hint: String {
        switch self {
        case .tvmaze: "Shows and their episodes"
        case .wikidata: "Movies and games, with few posters"
        case .cinemeta: "Movies, with posters. It publishes no terms of use"
        case .steam: "Games, with posters. No documented interface: Valve's terms apply"
        case .tmdb: "Movies and shows, with posters and age ratings"
        case .igdb: "Games on all platforms, with covers and age ratings"
        }
    }
}

extension Entries {
    /// Where the house is reached, without a slash at its end; nil when nothing was typed, or something else.
    fileprivate mutating func publicAddress() -> String? {
        guard !self["address"].isEmpty else { return nil }
        let text = line("address", "This", atMost: 500)
        guard let url = WebURL(text), !url.hasCredentials, url.query == nil, !text.contains("#") else {
            refuse("address", "This is not an address that begins with http:// or https:// and ends before any ? or #.")
            return nil
        }
        var address = url.text[...]
        while address.hasSuffix("/") { address.removeLast() }
        return String(address)
    }
}

/// A setting that is a whole number.
private struct SettingNumber {
    let name: String
    let label: String
    let hint: String
    let range: ClosedRange<Int>
    let path: any WritableKeyPath<Settings, Int> & Sendable

    static let searching = [
        SettingNumber(
            name: "attempts", label: "Searches by the queue",
            hint: "How often it searches for a request, at growing intervals, before it rests.", range: 1...1000,
            path: \.searchAttempts),
        SettingNumber(
            name: "airing", label: "Minutes after an episode has aired",
            hint: "Before it is first searched for: releases of it follow after a while.", range: 0...10_080,
            path: \.airingMinutes),
        SettingNumber(
            name: "seeders", label: "Fewest seeders", hint: "A release that is known to have fewer is not accepted.",
            range: 0...10_000, path: \.minimumSeeders),
    ]
    static let choosing = [
        SettingNumber(
            name: "patience", label: "Minutes to wait for a better one",
            hint: "Counted from the first release that fits; then it is searched once more, and the best is taken.",
            range: 0...10_080, path: \.choosingMinutes)
    ]
    static let downloading = [
        SettingNumber(
            name: "stall", label: "Minutes without a new byte",
            hint: "A download that gets nothing for so long has failed.", range: 1...43_200, path: \.stallMinutes),
        SettingNumber(
            name: "metadata", label: "Minutes for a magnet's details",
            hint: "A magnet of which nobody tells the content for so long has failed.", range: 1...43_200,
            path: \.metadataMinutes),
        SettingNumber(
            name: "retries", label: "Most tries", hint: "How often what failed is searched again by itself.",
            range: 0...100, path: \.retryAttempts),
    ]
    static let history = [
        SettingNumber(
            name: "history", label: "Days of history",
            hint: "For so long the searches of finished requests are kept, with the releases that were not taken. What"
                + " happened to each request is kept for ever.", range: 7...36_500, path: \.historyDays)
    ]
    static var all: [SettingNumber] { searching + choosing + downloading + history }
}

/// How large a kind of thing may be.
private struct SettingSize {
    let kind: String
    let subject: String
    let path: any WritableKeyPath<Settings, SizeLimits> & Sendable

    static let all = [
        SettingSize(kind: "movie", subject: "movie", path: \.movieSize),
        SettingSize(kind: "show", subject: "episode", path: \.showSize),
        SettingSize(kind: "game", subject: "game", path: \.gameSize),
    ]

    var least: String { "\(kind)-smallest" }
    var most: String { "\(kind)-largest" }

    func fields(_ entries: Entries, _ limits: SizeLimits) -> [Field] {
        [(least, "Smallest \(subject) in GB", limits.least), (most, "Largest \(subject) in GB", limits.most)].map {
            name, label, megabytes in
            Field(
                name: name, label: label,
                value: entries.form[name] ?? megabytes.map(DemandFields.gigabytes) ?? "",
                hint: "Left open: any. A request may say otherwise.", error: entries.error(name), autocomplete: "off",
                inputmode: "decimal")
        }
    }
}
