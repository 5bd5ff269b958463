import HTTP
import Releases
import Storage

extension Field {
    /// A line of input with what was typed and why it was refused. Never for passwords: those are typed again.
    init(
        _ name: String, _ label: String, _ entries: Entries, type: String = "text", hint: String? = nil,
        isRequired: Bool = false, isFocused: Bool = false, autocomplete: String? = nil, placeholder: String? = nil
    ) {
        self.init(
            name: name, label: label, value: type == "password" ? "" : entries[name], type: type, hint: hint,
            error: entries.error(name), isRequired: isRequired, isFocused: isFocused, autocomplete: autocomplete,
            placeholder: placeholder)
    }

    /// The same for a whole number; `value` is what stands there before anything was typed.
    init(
        number name: String, _ label: String, _ entries: Entries, value: Int? = nil, in range: ClosedRange<Int>,
        hint: String? = nil, isRequired: Bool = false
    ) {
        let typed = entries.form[name]
        self.init(
            name: name, label: label, value: typed ?? value.map(String.init) ?? "", type: "text", hint: hint,
            error: entries.error(name), isRequired: isRequired, inputmode: "numeric", minimum: nil, maximum: nil)
    }
}

extension ChoiceGroup {
    init(qualities chosen: Set<String>, error: String?, hint: String? = nil, sizes: SizeEstimates? = nil) {
        self.init(
            name: "quality", legend: "Qualities",
            options: Quality.allCases.map { Option($0.rawValue, $0.label, chosen, hint: sizes?[$0]) }, hint: hint,
            error: error)
    }

    init(formats chosen: Set<String>, error: String?, hint: String? = nil) {
        self.init(
            name: "format", legend: "Formats",
            options: Format.allCases.map { Option($0.rawValue, $0.label, chosen) }, hint: hint, error: error)
    }

    init(platforms chosen: Set<String>, error: String?) {
        self.init(
            name: "platform", legend: "Platforms",
            options: Platform.allCases.map { Option($0.rawValue, $0.label, chosen) },
            hint: "None ticked: any platform will do.", error: error)
    }

    init(choosing chosen: Choosing, minutes: Int, legend: String = "When releases are found", error: String? = nil) {
        let delay = minutes == 0 ? "" : ", \(Times.count(minutes, "minute")) after the first"
        self.init(
            name: "choosing", legend: legend,
            options: [
                Option(
                    value: Choosing.ask.rawValue, label: "Ask me", isSelected: chosen == .ask,
                    hint: "Somebody chooses on the request's page"),
                Option(
                    value: Choosing.best.rawValue, label: "Take the best", isSelected: chosen == .best,
                    hint: "Without asking\(delay)"),
            ], type: "radio", error: error)
    }

    init(genres chosen: Set<String>, error: String?) {
        self.init(
            name: "genre", legend: "Genres", options: Genre.allCases.map { Option($0.rawValue, $0.label, chosen) },
            hint: "None ticked: all.", error: error)
    }
}

extension Option {
    init(_ value: String, _ label: String, _ chosen: Set<String>, hint: String? = nil) {
        self.init(value: value, label: label, isSelected: chosen.contains(value), hint: hint)
    }
}
