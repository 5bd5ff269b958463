import Aria2
import Foundation
import TestSupport

/// Files are deleted under aria2.
struct FilesDeleted: Fault {
    let kind = "files deleted"
    let victim = Victim.aria2

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        guard let folder = dice.pick(try house.incomingFolders()) else { return false }
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where dice.chance(70) {
            // aria2 or Usher may have been faster.
            try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
        return true
    }
}

/// Some bytes are changed under aria2.
struct FilesCorrupted: Fault {
    let kind = "files corrupted"
    let victim = Victim.aria2

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        guard let folder = dice.pick(try house.incomingFolders()) else { return false }
        let infohash = folder.split(separator: "/").last.map(String.init) ?? ""
        house.corrupt(infohash)
        // Noted again: a disk may be slow.
        defer { house.corrupt(infohash) }
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder) where !path.hasSuffix(".torrent") {
            guard let file = FileHandle(forUpdatingAtPath: "\(folder)/\(path)") else { continue }
            defer { try? file.close() }  // nothing is buffered
            let size = try file.seekToEnd()
            guard size > 100, !path.hasSuffix(".aria2") else { continue }
            try file.seek(toOffset: UInt64(dice.number(0...Int(size - 64))))
            try file.write(contentsOf: Data(repeating: 0xa5, count: 50))
            var status = stat()
            if fstat(file.fileDescriptor, &status) == 0, status.st_nlink > 1 { house.spoil(UInt64(status.st_ino)) }
        }
        return true
    }
}

/// The disk that is downloaded to is full. As root only, with a file system of its own for it.
struct DiskFull: Fault {
    let kind = "disk full"
    let victim = Victim.aria2

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        guard try await house.scratch.fill() else { return false }
        try await Task.sleep(for: dice.milliseconds(1500...4000))
        try await house.scratch.drain()
        return true
    }
}
