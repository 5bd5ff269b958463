import TestSupport

/// Every call that changes a folder or a file takes long, for a process of Usher's or for aria2.
struct SlowDisk: Fault {
    let victim: Victim
    var kind: String { "slow disk of \(victim.rawValue)" }

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        let pid: Int32
        let calls: String
        switch victim {
        case .usher:
            guard let process = dice.pick(house.processes) else { return false }
            pid = process.usher.pid
            calls = "link,linkat,rename,renameat,renameat2,mkdir,unlink,unlinkat,rmdir,fsync,getdents64"
        default:
            pid = try house.aria2PID()
            calls = "pwrite64,fsync,unlink,rename,mkdir"
        }
        let seconds = "\(dice.number(1...4))"
        return try await Tool.run(
            "timeout", "-s", "INT", seconds, "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(calls)", "-e",
            "inject=\(calls):delay_enter=\(dice.number(20...400) * 1000)", "-p", "\(pid)", expecting: [0, 124])
    }
}
