import Foundation
import Glibc

/// The tables, with what one has to know to judge them.
enum Report {
    private static let head = """
        # Results

        What `make bench` measured last, a section a group of lines. Each line stands beside a peer that was measured in
        turn with it, in the same run on the same cores; the figures are medians, and the ratio is what counts.
        """

    /// A group's table.
    static func section(
        of group: any Benchmark, _ rows: [Outcome], loadBefore: String, versions: String
    ) -> String {
        let lines = rows.map { row in
            "| \(row.what) | \(row.value) | \(row.peer) | \(row.peerValue) | \(row.ratio) | \(row.line) "
                + "| \(row.isMet ? "met" : "**missed**") |"
        }
        return """
            ## \(group.name)

            \(Date().formatted(.iso8601)), \(machine), \(versions). Load \(loadBefore) before and \(load) after. \(group.notes)

            | what | | beside | | ratio | target | |
            |---|---|---|---|---|---|---|
            \(lines.joined(separator: "\n"))
            """
    }

    /// Puts a group's section in the place of its last one.
    static func keep(_ section: String, of group: any Benchmark, in path: String) throws {
        let old = read(path).split(separator: "\n## ").dropFirst().map { "## " + $0.trimmed }
        var sections = old.filter { !$0.hasPrefix("## \(group.name)\n") }
        let place = old.firstIndex { $0.hasPrefix("## \(group.name)\n") } ?? sections.count
        sections.insert(section, at: place)
        try ([head] + sections).joined(separator: "\n\n").appending("\n")
            .write(toFile: path, atomically: true, encoding: .utf8)
    }

    /// Of the last minute.
    static var load: String { String(read("/proc/loadavg").split(separator: " ").first ?? "?") }

    /// Of what Usher stands beside.
    static func versions() async throws -> String {
        var names: [String] = []
        for command in [["pgbench", "--version"], ["aria2c", "--version"], ["/usr/sbin/nginx", "-v"]] {
            let line = try await run(command).split(separator: "\n").first ?? ""
            names.append(
                String(
                    line.replacing("pgbench (PostgreSQL)", with: "PostgreSQL")
                        .replacing("aria2 version", with: "aria2").replacing("nginx version: nginx/", with: "nginx ")))
        }
        return names.joined(separator: ", ").replacing(#/ \([^)]*\)/#, with: "")
    }

    private static var machine: String {
        let processor =
            read("/proc/cpuinfo").split(separator: "\n").first { $0.hasPrefix("model name") }
            .flatMap { $0.split(separator: ":").last }.map { $0.drop(while: \.isWhitespace) } ?? "unknown processor"
        return "\(processor), \(sysconf(Int32(_SC_NPROCESSORS_ONLN))) cores, Swift \(compiler)"
    }

    private static var compiler: String {
        #if compiler(>=6.4)
            "after 6.3"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "before 6.3"
        #endif
    }

    private static func read(_ path: String) -> String {
        // What is not there yet, or what a machine does not tell, is left out.
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = self
        while text.last?.isNewline == true { text.removeLast() }
        return text
    }
}
