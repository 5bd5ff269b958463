import Glibc

/// A process of Usher's stands still for longer than its leases, perhaps, and goes on as if nothing had been.
struct UsherFrozen: Fault {
    let kind = "usher frozen"
    let victim = Victim.usher

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        guard let process = dice.pick(house.processes) else { return false }
        process.send(SIGSTOP)
        try await Task.sleep(for: dice.milliseconds(500...(dice.chance(25) ? 20_000 : 4000)))
        process.send(SIGCONT)
        return true
    }
}
