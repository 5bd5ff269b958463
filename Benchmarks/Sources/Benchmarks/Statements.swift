import FoundationEssentials
import Postgres
import Reactor
import TestSupport

/// A statement as the server has logged it.
struct Statement: Sendable {
    var text: String
    /// Literals, `'…'` or `NULL`, in the order of `$1`, `$2`.
    var parameters: [String] = []

    /// All that `body` has the server do, given a house whose connections are logged.
    static func record(
        on database: TestDatabase, _ body: (House) async throws -> Void
    ) async throws -> [Statement] {
        let name = try await database.pool.query("SELECT current_database() AS name")[0].get("name") as String
        let settings = ["log_statement = 'all'", "log_min_messages = 'log'", "log_parameter_max_length = -1"]
        for setting in settings { try await database.pool.execute("ALTER DATABASE \(raw: name) SET \(raw: setting)") }
        let house = try await House(database, connections: 1)
        // Once before, so that statements are prepared and what is asked for once has been asked for.
        // On one loop, which is to say on one connection.
        let loop = House.loops.loops[0]
        try await loop.run { try await body(house) }
        let log = try await TestCluster.shared.value.directory + "/log"
        let before = try Data(contentsOf: URL(fileURLWithPath: log)).count
        try await loop.run { try await body(house) }
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: log)).dropFirst(before), as: UTF8.self)
        await house.pool.shutdown()
        try await database.pool.execute("ALTER DATABASE \(raw: name) RESET ALL")
        return read(text)
    }

    /// Statements from lines of the server's log; a line that begins with a tab goes on from the one before.
    private static func read(_ log: String) -> [Statement] {
        var statements: [Statement] = []
        for entry in log.replacing("\n\t", with: "\u{1}").split(separator: "\n") {
            let entry = entry.replacing("\u{1}", with: "\n")
            if let match = entry.firstMatch(of: #/LOG:  (?:statement|execute [^:]+): (?<text>(?s:.*))/#) {
                statements.append(Statement(text: String(match.text)))
            } else if let match = entry.firstMatch(of: #/DETAIL:  parameters: (?<list>(?s:.*))/#), !statements.isEmpty {
                let literals = match.list.matches(of: #/\$\d+ = (?<literal>NULL|'(?:[^']|'')*')/#)
                statements[statements.count - 1].parameters = literals.map { String($0.literal) }
            }
        }
        return statements
    }

    /// As a line of a pgbench script.
    ///
    /// - Parameters:
    ///   - variables: what stands for a literal that is another at each repetition.
    ///   - keep: the prefix of variables that take what the statement answers.
    func scripted(_ variables: (String) -> String?, keep: String? = nil) -> String {
        let filled = text.replacing(#/\$(?<number>\d+)/#) { match in
            let literal = Int(match.number).map { parameters[$0 - 1] } ?? ""
            return variables(literal) ?? literal
        }
        return filled + (keep.map { " \\gset \($0)_" } ?? ";")
    }
}
