import Aria2
import Foundation
import TestSupport

/// aria2 is killed, and is there again a while later, with nothing in it.
struct Aria2Killed: Fault {
    let kind = "aria2 killed"
    let victim = Victim.aria2

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        try await house.aria2.kill()
        try await Task.sleep(for: dice.milliseconds(0...4000))
        try await house.aria2.restart()
        return true
    }
}

/// aria2 is killed, and all that it had downloaded is gone with it.
struct Aria2Emptied: Fault {
    let kind = "aria2 emptied"
    let victim = Victim.aria2

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        try await house.aria2.kill()
        for folder in try house.incomingFolders() {
            try FileManager.default.removeItem(atPath: folder)
        }
        try await Task.sleep(for: dice.milliseconds(0...2000))
        try await house.aria2.restart()
        return true
    }
}

/// aria2 takes connections and answers nobody.
struct Aria2Frozen: Fault {
    let kind = "aria2 frozen"
    let victim = Victim.aria2

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        try await house.aria2.freeze()
        try await Task.sleep(for: dice.milliseconds(300...(dice.chance(10) ? 15_000 : 2500)))
        try await house.aria2.thaw()
        return true
    }
}

/// Somebody with another interface to aria2 takes downloads out of it.
struct DownloadsRemoved: Fault {
    let kind = "downloads removed"
    let victim = Victim.aria2

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        guard let transfer = try await house.someTransfer(&dice) else { return false }
        // Noted before: afterwards it might be too late to say so.
        house.meddle(with: transfer.infohash)
        try await house.aria2.client.forceRemove(transfer.gid)
        return true
    }
}

/// Somebody with another interface to aria2 pauses downloads, and lets them go on later.
struct DownloadsPaused: Fault {
    let kind = "downloads paused"
    let victim = Victim.aria2

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        try await house.aria2.call("aria2.forcePauseAll")
        try await Task.sleep(for: dice.milliseconds(300...2500))
        try await house.aria2.call("aria2.unpauseAll")
        return true
    }
}
