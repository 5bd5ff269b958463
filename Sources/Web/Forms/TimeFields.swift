import FoundationEssentials
import Reactor
import Storage

extension Site {
    /// The time zones that can be chosen. Asked for once: the database reads a file for each.
    func timeZones() async throws -> [String] {
        if let known = zones.withLock(\.self) { return known }
        let found = try await read { try await TimeFormat.zones(on: $0) }.filter { TimeZone(identifier: $0) != nil }
        zones.withLock { $0 = found }
        return found
    }
}

extension SelectField {
    /// A choice of a time zone; `house`: the one for whoever chooses none, where that can be done.
    init(zone chosen: String?, among zones: [String], house: String? = nil, hint: String? = nil, error: String?) {
        var options = zones.map { Option(value: $0, label: Self.words(zone: $0), isSelected: $0 == chosen) }
        if let house {
            let label = "As in the house (\(Self.words(zone: house)))"
            options.insert(Option(value: "", label: label, isSelected: (chosen ?? "").isEmpty), at: 0)
        }
        self.init(name: "zone", label: "Time zone", options: options, hint: hint, error: error)
    }

    /// A choice of how dates are written.
    init(dates chosen: String?, house: Bool = false, error: String?) {
        var options = DateStyle.offered.map {
            Option(value: $0.identifier, label: $0.label, isSelected: $0.identifier == chosen)
        }
        if house {
            options.insert(Option(value: "", label: "As in the house", isSelected: (chosen ?? "").isEmpty), at: 0)
        }
        self.init(name: "dates", label: "Dates", options: options, error: error)
    }

    /// "America/New York".
    static func words(zone: String) -> String { zone.split(separator: "_").joined(separator: " ") }
}

extension Entries {
    /// The time zone that was chosen; nil when none was, or one that there is not.
    mutating func zone(among zones: [String]) -> String? {
        let zone = self["zone"]
        if !zone.isEmpty, !zones.contains(zone) { refuse("zone", "There is no such time zone here.") }
        return zone.isEmpty ? nil : zone
    }

    /// The way to write dates that was chosen; nil when none was, or one that is not offered.
    mutating func dates() -> String? {
        let dates = self["dates"]
        if !dates.isEmpty, !DateStyle.offered.contains(where: { $0.identifier == dates }) {
            refuse("dates", "Dates cannot be written like that.")
        }
        return dates.isEmpty ? nil : dates
    }
}
