/// One kind of fault.
protocol Fault: Sendable {
    /// Its name in options and reports.
    var kind: String { get }
    /// What it happens to: two faults never happen to the same at once.
    var victim: Victim { get }
    /// Breaks something, perhaps for a while, and has it whole again when it returns. Answers whether anything was
    /// there to be broken.
    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool
}

/// Who or what suffers from a fault.
enum Victim: String, CaseIterable, Sendable {
    case usher, postgres, aria2, outside
    /// Whichever of Usher's processes comes by a fault point first.
    case anyUsher = "any usher"
}

/// Every kind there is.
let allFaults: [any Fault] =
    [
        UsherKilled(), UsherAtFaultPoint(), UsherFrozen(), UsherStopped(), DescriptorsExhausted(), ClockJumps(),
        SlowDisk(victim: .usher), Aria2Killed(), Aria2Emptied(), Aria2Frozen(), DownloadsRemoved(), DownloadsPaused(),
        FilesDeleted(), FilesCorrupted(), DiskFull(), SlowDisk(victim: .aria2), PostgresKilled(), PostgresRestarted(),
        PostgresDiskFull(), PostgresFrozen(), Failover(), SessionsTerminated(), ReadOnly(), ConnectionLimit(),
        ConnectionsCut(onlyListeners: false), ConnectionsCut(onlyListeners: true),
    ] + WayMisbehaves.all + IndexersMisbehave.all + TVmazeMisbehaves.all + WebhooksMisbehave.all
