import Foundation
import Glibc
import Testing

@testable import Aria2

/// A download folder with a download in it.
private final class Place {
    let root = "/tmp/usher-test-place-\(UInt64.random(in: .min ... .max))"
    var incoming: String { "\(root)/.incoming/x" }

    init() throws {
        try FileManager.default.createDirectory(atPath: incoming, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: root)  // it lies in /tmp
    }

    func write(_ text: String, to path: String) throws {
        let url = URL(fileURLWithPath: "\(root)/\(path)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func read(_ path: String) -> String? {
        FileManager.default.contents(atPath: "\(root)/\(path)").map { String(decoding: $0, as: UTF8.self) }
    }

    func inode(_ path: String) -> UInt {
        var status = stat()
        return lstat("\(root)/\(path)", &status) == 0 ? UInt(status.st_ino) : 0
    }

    func place(_ moves: [FilePlacement.Move]) throws(FilePlacementError) -> [[String]] {
        try FilePlacement.place(moves, from: incoming, under: root)
    }
}

@Suite struct FilePlacementTests {
    private let here = try? Place()
    private let move: FilePlacement.Move = (["Film", "a.mkv"], ["Movies", "Film (1999)", "a.mkv"])

    @Test func linksAndCanBeRepeated() throws {
        let here = try #require(here)
        try here.write("film", to: ".incoming/x/Film/a.mkv")
        try here.write("000", to: ".incoming/x/Film/.pad/3")
        let moves = [move, (["Film", ".pad", "3"], ["Movies", "Film (1999)", "3"])]
        for _ in 0..<2 {
            #expect(try here.place(moves) == [["Movies", "Film (1999)", "a.mkv"]])
            #expect(here.inode("Movies/Film (1999)/a.mkv") == here.inode(".incoming/x/Film/a.mkv"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: here.root + "/Movies/Film (1999)") == ["a.mkv"])
        }
    }

    @Test func neverOverAnotherFile() throws {
        let here = try #require(here)
        try here.write("film", to: ".incoming/x/Film/a.mkv")
        try here.write("gone", to: "Movies/Film (1999)/a.mkv")
        for _ in 0..<2 { #expect(try here.place([move]) == [["Movies", "Film (1999)", "a (2).mkv"]]) }
        #expect(here.read("Movies/Film (1999)/a.mkv") == "gone")
        #expect(here.read("Movies/Film (1999)/a (2).mkv") == "film")
    }

    @Test func theSameContentIsDone() throws {
        let here = try #require(here)
        try here.write("film", to: ".incoming/x/Film/a.mkv")
        try here.write("film", to: "Movies/Film (1999)/a.mkv")
        #expect(try here.place([move]) == [["Movies", "Film (1999)", "a.mkv"]])
        #expect(here.inode("Movies/Film (1999)/a.mkv") != here.inode(".incoming/x/Film/a.mkv"))
    }

    @Test func copiesFromDiskToDisk() throws {
        let here = try #require(here)
        try here.write("film", to: ".incoming/x/a.mkv")
        try FileManager.default.createDirectory(atPath: here.root + "/to", withIntermediateDirectories: true)
        let file = try PlacedFile("a.mkv", in: Folder(opening: here.incoming), path: ["a.mkv"])
        let target = try Folder(opening: here.root + "/to")
        #expect(try file.copy(as: "b.mkv", in: target))
        #expect(here.read("to/b.mkv") == "film")
        try here.write("other", to: "to/c.mkv")
        #expect(try !file.copy(as: "c.mkv", in: target))
        #expect(here.read("to/c.mkv") == "other")
        #expect(Set(try FileManager.default.contentsOfDirectory(atPath: here.root + "/to")) == ["b.mkv", "c.mkv"])
    }

    @Test func copiesFromAnotherDisk() throws {
        guard FileManager.default.isWritableFile(atPath: "/dev/shm") else { return }
        let here = try #require(here)
        let elsewhere = "/dev/shm/usher-test-\(UInt64.random(in: .min ... .max))"
        try FileManager.default.createDirectory(atPath: elsewhere, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: elsewhere) }  // it lies in memory
        let content = Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        try content.write(to: URL(fileURLWithPath: elsewhere + "/a.mkv"))
        for _ in 0..<2 {
            let placed = try FilePlacement.place([(["a.mkv"], ["Movies", "a.mkv"])], from: elsewhere, under: here.root)
            #expect(placed == [["Movies", "a.mkv"]])
            #expect(FileManager.default.contents(atPath: here.root + "/Movies/a.mkv") == content)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: here.root + "/Movies") == ["a.mkv"])
    }

    @Test(arguments: [
        ["..", "a"], ["Movies", "..", "..", "a"], ["a/b"], ["/etc"], ["a\0b"], ["a\nb"], [""], ["."], ["a\\b"],
        [String(repeating: "x", count: 256)], [],
    ])
    func refusesNames(_ path: [String]) throws {
        let here = try #require(here)
        try here.write("film", to: ".incoming/x/a")
        #expect(throws: FilePlacementError.self) { try here.place([(["a"], path)]) }
        #expect(throws: FilePlacementError.self) { try here.place([(path, ["b"])]) }
    }

    @Test func followsNoLinks() throws {
        let here = try #require(here)
        try here.write("film", to: ".incoming/x/a")
        try FileManager.default.createSymbolicLink(atPath: here.root + "/Movies", withDestinationPath: "/tmp")
        try FileManager.default.createSymbolicLink(atPath: here.incoming + "/b", withDestinationPath: "/etc/passwd")
        try FileManager.default.createSymbolicLink(atPath: here.incoming + "/c", withDestinationPath: "/etc")
        #expect(throws: FilePlacementError.self) { try here.place([(["a"], ["Movies", "a"])]) }
        #expect(throws: FilePlacementError.self) { try here.place([(["b"], ["b"])]) }
        #expect(throws: FilePlacementError.self) { try here.place([(["c", "passwd"], ["b"])]) }
        #expect(throws: FilePlacementError.missing("d")) { try here.place([(["d"], ["b"])]) }
        try FileManager.default.createSymbolicLink(atPath: here.root + "/b", withDestinationPath: "/etc/passwd")
        #expect(try here.place([(["a"], ["b"])]) == [["b (2)"]])
    }

    @Test func numbersComeBeforeTheEnding() {
        #expect(PlacedFile.numbered("a.mkv", 1) == "a.mkv")
        #expect(PlacedFile.numbered("a.mkv", 3) == "a (3).mkv")
        #expect(PlacedFile.numbered("README", 2) == "README (2)")
        #expect(PlacedFile.numbered(".nfo", 2) == ".nfo (2)")
        let long = PlacedFile.numbered(String(repeating: "ä", count: 125) + ".mkv", 2)
        #expect(long.utf8.count <= 255 && long.hasSuffix("ä (2).mkv"))
    }
}
