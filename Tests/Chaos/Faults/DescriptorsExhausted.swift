import TestSupport

/// A process of Usher's may open no file and no connection any more, for a while.
struct DescriptorsExhausted: Fault {
    let kind = "descriptors exhausted"
    let victim = Victim.usher

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        guard let process = dice.pick(house.processes) else { return false }
        let pid = "\(process.usher.pid)"
        process.starve(true)
        guard try await Tool.run("prlimit", "--pid", pid, "--nofile=10:") else { return false }
        try await Task.sleep(for: dice.milliseconds(500...3000))
        // It may have been started again meanwhile, with all that it needs.
        _ = try await Tool.run("prlimit", "--pid", pid, "--nofile=1024:")
        // Its end may still be on its way to whoever looks after it.
        try await Task.sleep(for: .seconds(1))
        process.starve(false)
        return true
    }
}
