import Glibc

/// A process of Usher's is killed at any moment, without a warning, and started again.
struct UsherKilled: Fault {
    let kind = "usher killed"
    let victim = Victim.usher

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        guard let process = dice.pick(house.processes) else { return false }
        let starts = process.starts
        process.send(SIGKILL)
        try await wait(for: .seconds(30)) { process.starts > starts }
        return true
    }
}
