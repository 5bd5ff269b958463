/// A form on a page, with what a browser would send of it.
package struct HTMLForm {
    package let element: HTMLElement

    package init(element: HTMLElement) {
        self.element = element
    }

    package var action: String { element["action"] ?? "" }
    package var method: String { element["method"] ?? "get" }

    /// What stands in the field when the page comes; all that is ticked of choices.
    package func values(_ name: String) -> [String] {
        fields.filter { $0.0 == name }.map(\.1)
    }

    /// Name and value of all that is filled in, as it stands there.
    package var fields: [(String, String)] {
        element.descendants.compactMap { field in
            guard let name = field["name"], field["disabled"] == nil else { return nil }
            switch field.name {
            case "input" where field["type"] == "checkbox" || field["type"] == "radio":
                return field["checked"] == nil ? nil : (name, field["value"] ?? "on")
            case "input" where field["type"] != "submit": return (name, field["value"] ?? "")
            case "textarea": return (name, field.text)
            case "select":
                let options = field.all("option")
                let chosen = options.first { $0["selected"] != nil } ?? options.first
                return chosen.map { (name, $0["value"] ?? $0.text) }
            default: return nil
            }
        }
    }

    /// What is sent when somebody fills in some fields differently, and ticks exactly those values of a choice.
    package func filled(_ entries: [String: [String]]) -> [(String, String)] {
        fields.filter { entries[$0.0] == nil }
            + entries.sorted { $0.key < $1.key }.flatMap { name, values in values.map { (name, $0) } }
    }

    /// Whether there is such a field, or such a choice.
    package func has(_ name: String, value: String? = nil) -> Bool {
        element.descendants.contains { $0["name"] == name && (value == nil || $0["value"] == value) }
    }
}
