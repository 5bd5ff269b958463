import TestSupport

/// The server is killed, and there again a while later.
struct PostgresKilled: Fault {
    let kind = "postgres killed"
    let victim = Victim.postgres

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        let primary = house.primary
        try await primary.kill()
        try await Task.sleep(for: dice.milliseconds(0...3000))
        try await primary.restart()
        return true
    }
}

/// The server is restarted in order, as when it is upgraded.
struct PostgresRestarted: Fault {
    let kind = "postgres restarted"
    let victim = Victim.postgres

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        let primary = house.primary
        try await primary.stop()
        try await Task.sleep(for: dice.milliseconds(0...2000))
        try await primary.restart()
        return true
    }
}

/// The server's disk is full: writes fail now and then (ENOSPC), and where that meets the log of changes the server goes
/// down by itself. Somebody makes room and starts it again.
struct PostgresDiskFull: Fault {
    let kind = "postgres disk full"
    let victim = Victim.postgres

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        let primary = house.primary
        let calls = "pwrite64,pwritev,pwritev2,fallocate"
        let processes = try primary.processes().flatMap { ["-p", "\($0)"] }
        let hasStruck = try await Tool.run(
            [
                "timeout", "-s", "INT", "\(dice.number(1...3))", "strace", "-f", "-qq", "-o", "/dev/null", "-e",
                "trace=\(calls)", "-e",
                "inject=\(calls):error=ENOSPC:when=\(dice.number(1...10))+\(dice.number(1...20))",
            ] + processes, expecting: [0, 124])
        try await primary.kill()
        try await primary.restart()
        return hasStruck
    }
}

/// The server takes connections and answers nobody.
struct PostgresFrozen: Fault {
    let kind = "postgres frozen"
    let victim = Victim.postgres

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        let primary = house.primary
        try await primary.freeze()
        try await Task.sleep(for: dice.milliseconds(300...(dice.chance(10) ? 15_000 : 2500)))
        try await primary.thaw()
        return true
    }
}

/// The primary is lost; its standby takes over, and the old one comes back as a standby.
struct Failover: Fault {
    let kind = "failover"
    let victim = Victim.postgres

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        let (old, new) = (house.primary, house.standby)
        try await old.kill()
        try await Task.sleep(for: dice.milliseconds(0...1000))
        try await house.pair.promote(new)
        house.swapPrimary()
        try await Task.sleep(for: dice.milliseconds(0...2000))
        try await house.pair.rejoin(old, following: new, synchronous: true)
        return true
    }
}

/// The server ends all of Usher's sessions.
struct SessionsTerminated: Fault {
    let kind = "sessions terminated"
    let victim = Victim.postgres

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        for _ in 0..<dice.number(1...5) {
            try await house.terminateBackends()
            try await Task.sleep(for: dice.milliseconds(50...600))
        }
        return true
    }
}

/// The database takes no writes.
struct ReadOnly: Fault {
    let kind = "read-only"
    let victim = Victim.postgres

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        try await house.alterRole("SET default_transaction_read_only = on")
        try await house.terminateBackends()
        try await Task.sleep(for: dice.milliseconds(500...2500))
        try await house.alterRole("RESET default_transaction_read_only")
        try await house.terminateBackends()
        return true
    }
}

/// There are fewer connections to be had than Usher would like.
struct ConnectionLimit: Fault {
    let kind = "connection limit"
    let victim = Victim.postgres

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        try await house.alterRole("CONNECTION LIMIT \(dice.number(0...3))")
        try await house.terminateBackends()
        try await Task.sleep(for: dice.milliseconds(500...2500))
        try await house.alterRole("CONNECTION LIMIT -1")
        return true
    }
}
