/// Swift being written: constant pieces are joined, and lines know the place in the template they come from.
struct SwiftWriter {
    struct Mark { fileprivate var index: Int }

    private var lines: [String] = []
    private var pending = ""
    private var place: Location?
    /// The paths whose last part another template has too. Swift takes that part for a file's identity and warns of
    /// two that share it; in these the slashes are written by a character that only looks like one.
    private let ambiguousPaths: Set<String>

    init(ambiguousPaths: Set<String> = []) { self.ambiguousPaths = ambiguousPaths }

    var text: String { (lines + (place == nil ? [""] : ["#sourceLocation()", ""])).joined(separator: "\n") }

    /// A piece of the template as it is.
    mutating func constant(_ text: String) { pending += text }

    /// Whether the constant piece under way ends like this.
    func endsConstant(with end: String) -> Bool { pending.hasSuffix(end) }

    /// A line of Swift; with a place, Swift reports its mistakes there.
    mutating func line(_ swift: String, at location: Location? = nil) {
        flush()
        if let location { directive(location) }
        append(swift)
    }

    /// Leaves a line open that is known only after what follows it.
    mutating func mark(at location: Location) -> Mark {
        line("", at: location)
        return Mark(index: lines.count - 1)
    }

    mutating func fill(_ mark: Mark, with swift: String) { lines[mark.index] = swift }

    /// Writes out the constant piece that is under way.
    mutating func flush() {
        guard !pending.isEmpty else { return }
        let literal = swiftLiteral(pending)
        pending = ""
        append("out.literal(\(literal))")
    }

    private mutating func directive(_ location: Location) {
        if let place, place.path == location.path, place.line == location.line { return }
        lines.append("#sourceLocation(file: \(swiftLiteral(reported(location.path))), line: \(location.line))")
        place = location
    }

    private func reported(_ path: String) -> String {
        ambiguousPaths.contains(path) ? String(path.map { $0 == "/" ? "\u{2044}" : $0 }) : path
    }

    private mutating func append(_ swift: String) {
        lines.append(swift)
        place?.line += 1
    }
}

/// The text as a Swift string literal on one line.
func swiftLiteral(_ text: String) -> String {
    var literal = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\\": literal += "\\\\"
        case "\"": literal += "\\\""
        case "\n": literal += "\\n"
        case "\r": literal += "\\r"
        case "\t": literal += "\\t"
        case "\0"..<" ", "\u{7f}": literal += "\\u{\(String(scalar.value, radix: 16))}"
        default: literal.unicodeScalars.append(scalar)
        }
    }
    return literal + "\""
}
