import FoundationEssentials
@preconcurrency import Glibc

/// Measures all groups in turn, prints their tables, and keeps them in the file that `RESULTS` names. `ONLY` picks groups
/// by their names, separated by commas; the others' results stay as they are.
@main
struct Main {
    static func main() async throws {
        setlinebuf(stdout)
        let environment = ProcessInfo.processInfo.environment
        let all: [any Benchmark] = [
            Transitions(), Searches(), Delivery(), Watching(), Growth(), Names(), Finding(), Rendering(), Serving(),
        ]
        let only = environment["ONLY"].flatMap { $0.isEmpty ? nil : Set($0.split(separator: ",").map(String.init)) }
        let unknown = only?.subtracting(all.map(\.name)) ?? []
        guard unknown.isEmpty else {
            print("There is no \(unknown.sorted().joined(separator: ", ")): \(all.map(\.name).joined(separator: ", "))")
            exit(2)
        }
        let versions = try await Report.versions()
        for group in all where only?.contains(group.name) != false {
            print("\(group.name)")
            let load = Report.load
            let section = Report.section(of: group, try await group.run(), loadBefore: load, versions: versions)
            print(section)
            if let path = environment["RESULTS"] { try Report.keep(section, of: group, in: path) }
        }
    }
}
