import Glibc
import Orchestrator

/// A process of Usher's dies between two named steps, and the next that comes by the same step dies there as well.
struct UsherAtFaultPoint: Fault {
    let kind = "usher at a fault point"
    let victim = Victim.anyUsher

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        // One of those that were met least; which, and by whom, is up to what people and the world have them do.
        let reached = house.reached
        let least = FaultPoint.allCases.map { reached[$0.rawValue] ?? 0 }.min() ?? 0
        let points = FaultPoint.allCases.map(\.rawValue).filter { reached[$0] ?? 0 <= least + 1 }
        guard let point = try await death(atAnyOf: points, house) else { return false }
        _ = try await death(atAnyOf: [point], house)
        return true
    }

    /// Where the first of the processes died; nil if none came by any of these within a while.
    private func death(atAnyOf points: [String], _ house: House) async throws -> String? {
        for process in house.processes { try process.die(atAnyOf: points) }
        // They may not come by any.
        try? await wait(for: .seconds(8)) { house.processes.contains { $0.lastPoint != nil } }
        let point = house.processes.lazy.compactMap(\.lastPoint).first
        for process in house.processes { try process.die(atAnyOf: []) }
        return point
    }
}
