import Foundation
import Postgres
import TestSupport

/// A household on real parts, broken in every way for a while; then everything has to come to rest, and to be right.
@main
struct Chaos {
    static func main() async {
        do {
            try await run()
        } catch {
            print("chaos: \(error)")
            exit(2)
        }
    }

    private static func run() async throws {
        let options = try Options(environment: ProcessInfo.processInfo.environment)
        print("chaos: seed \(options.seed), \(options.duration) with \(options.processes) processes")
        fflush(nil)
        let house = try await House(options)
        try await house.moveIn()
        let report = await run(house)
        report.show()
        if !report.violations.isEmpty, options.keeps {
            print("kept for a look: \(house.pair.url(database: "household")), \(house.downloads)")
            for process in house.processes { print("  \(process.usher.directory)/usher.log") }
            print("Return ends it.")
            _ = readLine()  // whatever is typed
        }
        for process in house.processes { process.isOver() }
        house.close()
        exit(report.violations.isEmpty ? 0 : 1)
    }

    private static func run(_ house: House) async -> Report {
        let breaking = Breaking(house)
        let history = History(house: house)
        var violations: [String] = []
        let supervision = house.processes.map { process in Task { await process.supervise() } }
        let people = House.people.map { name in
            Task {
                var person = Person(name, in: house)
                await person.live()
            }
        }
        // What must hold at any moment is looked at all the time.
        let watch = Task {
            var seen: Set<String> = []
            while !Task.isCancelled {
                // The database may be away, that is what this is about; the last look is not lost.
                seen.formUnion((try? await history.invariants()) ?? [])
                do { try await Task.sleep(for: .seconds(2)) } catch { break }
            }
            return seen
        }
        let start = ContinuousClock.now
        await breaking.run(until: start + house.options.duration)
        let rest = start + house.options.duration
        if rest > .now { try? await Task.sleep(until: rest) }  // nobody cancels this
        for person in people { person.cancel() }
        for person in people { await person.value }
        watch.cancel()
        violations += await watch.value.sorted()

        do { try await house.swarm.limitUpload(to: "0") } catch { violations.append("the swarm is away: \(error)") }
        let settled = await Rest(house: house).come(within: house.options.rest)
        violations += settled.wrong
        var transitions: Int64 = 0
        do {
            violations += try await history.contradictions()
            transitions = try await house.database.query("SELECT count(*) AS n FROM events")[0].get("n")
        } catch {
            violations.append("the history cannot be read: \(error)")
        }
        violations += house.processes.flatMap { process in
            process.surprises.map {
                "process \(process.number) ended by itself with status \($0.status):\n\($0.lastWords)"
            }
        }
        violations += house.ledger.all.compactMap { entry in
            guard case .failed(let status) = entry.answer else { return nil }
            return "\(entry.person) was answered \(status) to “\(entry.deed.name)”"
        }
        violations += house.processes.flatMap(\.failedPages)
        withExtendedLifetime(supervision) {}
        return Report(
            house: house, breaking: breaking, transitions: transitions, took: settled.took,
            violations: Array(Set(violations)).sorted())
    }
}
