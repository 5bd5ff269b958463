import Glibc

/// A process of Usher's is asked to end (SIGTERM), as at an upgrade, and started again.
struct UsherStopped: Fault {
    let kind = "usher stopped"
    let victim = Victim.usher

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        guard let process = dice.pick(house.processes) else { return false }
        let starts = process.starts
        process.expectEnd()
        process.send(SIGTERM)
        try await wait(for: .seconds(60)) { process.starts > starts }
        return true
    }
}
