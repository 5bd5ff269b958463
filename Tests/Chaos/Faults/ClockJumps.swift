import Foundation

/// The clock of Usher's processes jumps, forwards or backwards, and back after a while.
struct ClockJumps: Fault {
    let kind = "clock jumps"
    let victim = Victim.usher

    static let library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"

    /// What a process needs for it; nothing where the library is not installed.
    static func environment(file: String) -> [String: String] {
        guard FileManager.default.fileExists(atPath: library) else { return [:] }
        return [
            "LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": file, "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        ]
    }

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        guard FileManager.default.fileExists(atPath: Self.library),
            let jump = dice.pick(["+1d", "-1h", "-400d", "+40y", "+61s", "-30s"])
        else { return false }
        try jump.write(toFile: house.clockFile, atomically: true, encoding: .utf8)
        try await Task.sleep(for: dice.milliseconds(500...3000))
        try "+0".write(toFile: house.clockFile, atomically: true, encoding: .utf8)
        return true
    }
}
