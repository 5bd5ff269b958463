import Glibc
import Orchestrator

/// A process of Usher's dies between two named steps, and once more at the same one after its next start.
struct UsherAtFaultPoint: Fault {
    let kind = "usher at a fault point"
    let victim = Victim.lastUsher

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        guard let process = house.processes.last else { return false }
        // One of those that were met least; which, is up to what people and the world have it do.
        let reached = house.reached
        let least = FaultPoint.allCases.map { reached[$0.rawValue] ?? 0 }.min() ?? 0
        let points = FaultPoint.allCases.map(\.rawValue).filter { reached[$0] ?? 0 <= least + 1 }
        process.die(atAnyOf: points)
        try await restart(process)
        try? await wait(for: .seconds(10)) { process.lastPoint != nil }  // it may not come by any
        guard let point = process.lastPoint else {
            process.die(atAnyOf: [])
            try await restart(process)
            return false
        }
        process.die(atAnyOf: [point])
        try await restart(process)
        try? await wait(for: .seconds(6)) { process.lastPoint != nil }  // nor the same again
        process.die(atAnyOf: [])
        try await restart(process)
        return true
    }

    private func restart(_ process: Process) async throws {
        let starts = process.starts
        process.send(SIGKILL)
        try await wait(for: .seconds(30)) { process.starts > starts }
    }
}
