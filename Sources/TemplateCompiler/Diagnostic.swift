/// A place in a file of the package; line and column count from 1, columns in bytes as Swift's do.
struct Location: Equatable, Sendable {
    var path: String
    var line: Int
    var column: Int
}

/// One mistake, said the way Swift's compiler does so that editors and people find the place.
struct Diagnostic: Error, Equatable, CustomStringConvertible {
    var location: Location
    var message: String
    /// For a mistake in something expanded in place: the tags that brought it there, innermost first.
    var expandedFrom: [Location] = []

    var description: String {
        let from = expandedFrom.map { " (expanded from \($0.path):\($0.line))" }.joined()
        return "\(location.path):\(location.line):\(location.column): error: \(message)\(from)"
    }
}

/// Why there is no output: every mistake that was found, a line each.
struct Failure: Error, Equatable, CustomStringConvertible {
    var mistakes: [String]

    init(_ diagnostics: [Diagnostic]) { mistakes = diagnostics.map(\.description) }
    init(_ mistake: String) { mistakes = [mistake] }

    var description: String { mistakes.joined(separator: "\n") }
}
