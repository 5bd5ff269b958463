import TestSupport

/// A program of the system's, run to its end.
enum Tool {
    /// Whether it succeeded. What is not installed or not allowed here does not.
    static func run(_ words: String..., expecting: Set<Int> = [0]) async throws -> Bool {
        try await run(words, expecting: expecting)
    }

    /// The same, of words that are counted at run time.
    static func run(_ words: [String], expecting: Set<Int> = [0]) async throws -> Bool {
        let shell = try WatchedShell(script: #""$@" >/dev/null 2>&1 </dev/null; echo $?"#, arguments: words)
        return try await shell.nextLine().flatMap { Int($0) }.map(expecting.contains) ?? false
    }
}
