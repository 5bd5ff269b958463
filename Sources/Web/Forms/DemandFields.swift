import HTTP
import Releases
import Storage

extension DemandFields {
    /// What was typed; before that, the demands as they are.
    ///
    /// - Parameter settings: the house's, for the hints of what is left open.
    init(_ entries: Entries, _ demands: Demands, _ settings: Settings) {
        func field(_ name: String, _ label: String, _ value: String?, _ hint: String, isNumber: Bool = true) -> Field {
            Field(
                name: name, label: label, value: entries.form[name] ?? value ?? "", hint: hint,
                error: entries.error(name), autocomplete: "off", inputmode: isNumber ? "decimal" : nil)
        }
        let words = WordField.all.map { word in
            field(
                word.name, word.label, demands.words[keyPath: word.path].joined(separator: ", "), word.hint,
                isNumber: false)
        }
        let failure = entries.form["failure"] ?? demands.afterFailure?.rawValue ?? ""
        let isSaid = demands != Demands() || Self.names.contains { !entries[$0].isEmpty || entries.error($0) != nil }
        self.init(
            fields: words + [
                field(
                    "seeders", "Fewest seeders", demands.minimumSeeders.map(String.init),
                    "Left open: \(settings.minimumSeeders), or what the indexer's page says."),
                field(
                    "smallest", "Smallest size in GB", demands.minimumMegabytes.map(Self.gigabytes),
                    "Of the movie, the game, or each episode: 1.5. Left open: as the house does."),
                field(
                    "largest", "Largest size in GB", demands.maximumMegabytes.map(Self.gigabytes),
                    "Of the movie, the game, or each episode. Left open: as the house does."),
                field(
                    "patience", "Minutes to wait for a better one", demands.choosingMinutes.map(String.init),
                    "Before the best is taken by itself. Left open: \(settings.choosingMinutes)."),
            ],
            failure: ChoiceGroup(
                failure: failure, none: "As the house does", hint: "What the settings say",
                error: entries.error("failure")), isOpen: isSaid)
    }

    private static let names =
        WordField.all.map(\.name) + ["seeders", "smallest", "largest", "patience", "failure"]

    /// "1.5": a thousandth of it is a megabyte.
    static func gigabytes(_ megabytes: Int) -> String {
        let thousandths = String(String(1_000 + megabytes % 1_000).dropFirst())
        let rest = String(thousandths.reversed().drop { $0 == "0" }.reversed())
        return rest.isEmpty ? "\(megabytes / 1_000)" : "\(megabytes / 1_000).\(rest)"
    }
}

/// A field of words, in the settings and in a request.
struct WordField: Sendable {
    let name: String
    let label: String
    let hint: String
    let path: any WritableKeyPath<NameWords, [String]> & Sendable

    static let all = [
        WordField(
            name: "required", label: "Words that a release must have",
            hint: "Separated by commas. A release is not accepted without each of them.", path: \.required),
        WordField(
            name: "refused", label: "Words that it must not have",
            hint: "A release with one of them is not accepted: a language, a group, “3D”.", path: \.refused),
        WordField(
            name: "preferred", label: "Words that make it better",
            hint: "Of two releases of the same quality, the one with more of them goes first. A format, such as x265, "
                + "counts however the name writes it.", path: \.preferred),
    ]
}

extension ChoiceGroup {
    /// Who chooses when a download has failed.
    ///
    /// - Parameters:
    ///   - failure: what is chosen; empty: none of its own.
    ///   - none: what that is called, and `hint` what it means.
    init(failure: String, none: String, hint: String, error: String?) {
        self.init(
            name: "failure", legend: "When what was chosen fails",
            options: [
                Option("", none, [failure], hint: hint),
                Option(
                    Choosing.best.rawValue, "Take the next best", [failure],
                    hint: "Of what was found, while there is any"),
                Option(Choosing.ask.rawValue, "Ask", [failure], hint: "Somebody chooses another"),
            ], type: "radio", error: error)
    }
}

extension Entries {
    /// What a form asks of releases; what is wrong with it is noted.
    mutating func demands() -> Demands {
        var demands = Demands()
        demands.words = nameWords()
        demands.minimumSeeders = number("seeders", "This", in: 0...10_000)
        let sizes = sizes("smallest", "largest")
        (demands.minimumMegabytes, demands.maximumMegabytes) = (sizes.least, sizes.most)
        demands.choosingMinutes = number("patience", "This", in: 0...10_080)
        demands.afterFailure = afterFailure()
        return demands
    }

    /// Who chooses when a download has failed; nil for no choice of its own.
    mutating func afterFailure() -> Choosing? {
        guard !self["failure"].isEmpty else { return nil }
        return choices("failure", "way to choose", of: Choosing.self).first
    }

    /// The words of ``WordField/all``, of which none may contradict another.
    mutating func nameWords() -> NameWords {
        var words = NameWords()
        for field in WordField.all { words[keyPath: field.path] = self.words(field.name) }
        if let (refused, wanted) = words.contradiction {
            refuse("refused", "No release can be without “\(refused)” and have “\(wanted)”.")
        }
        return words
    }

    /// The sizes of two fields, of which the first may not be more than the second.
    mutating func sizes(_ least: String, _ most: String) -> SizeLimits {
        let limits = SizeLimits(least: megabytes(least), most: megabytes(most))
        if let smallest = limits.least, let largest = limits.most, smallest > largest {
            refuse(least, "This is more than the largest size.")
        }
        return limits
    }

    /// "1.5" or "1,5" gigabytes, as megabytes.
    private mutating func megabytes(_ name: String) -> Int? {
        let text = self[name]
        guard !text.isEmpty else { return nil }
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
        let isNumber = parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0.isASCII && $0.isNumber } }
        guard isNumber, parts.count <= 2, let whole = Int(parts[0]), whole <= 1_000,
            let rest = Int((parts.count == 2 ? parts[1] : "").prefix(3).padded(to: 3)),
            1...1_000_000 ~= whole * 1_000 + rest
        else {
            refuse(name, "This is a size in GB from 0.001 to 1000, such as 1.5.")
            return nil
        }
        return whole * 1_000 + rest
    }
}

extension StringProtocol {
    /// With zeros behind it.
    fileprivate func padded(to length: Int) -> String { self + String(repeating: "0", count: length - count) }
}
