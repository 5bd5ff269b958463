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

/// Why there is no output: every mistake that was found.
struct Failure: Error, CustomStringConvertible {
    var diagnostics: [any Error & CustomStringConvertible]

    init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
    init(_ sentence: String) { diagnostics = [Sentence(description: sentence)] }

    var description: String { diagnostics.map(\.description).joined(separator: "\n") }

    private struct Sentence: Error, CustomStringConvertible { let description: String }
}
