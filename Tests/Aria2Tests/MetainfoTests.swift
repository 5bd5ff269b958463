import Foundation
import TestSupport
import Testing

@testable import Aria2

/// A `.torrent` written by hand: `info` and what surrounds it.
private func torrent(_ info: String, around: String = "") -> [UInt8] {
    Array("d\(around)4:infod\(info)ee".utf8)
}

private let pieces = "12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaa"

private func files(_ paths: String...) -> [UInt8] {
    torrent("5:filesl\(paths.map { "d6:lengthi5e4:pathl\($0)ee" }.joined())e4:name1:n\(pieces)")
}

@Suite struct MetainfoTests {
    @Test func readsOneFile() throws {
        let shared = SharedTorrent(named: "Film.mkv", .file(size: 100_000), announce: "http://t.example/a")
        let metainfo = try Metainfo(parsing: shared.metainfo)
        #expect(metainfo.infohash == shared.infohash)
        #expect(metainfo.name == "Film.mkv")
        #expect(metainfo.isSingleFile)
        #expect(metainfo.files == [.init(path: ["Film.mkv"], length: 100_000, isPadding: false)])
        #expect(metainfo.totalSize == 100_000)
        #expect(!metainfo.isPrivate)
        #expect(metainfo.rebuilt(allowingPrivateTrackers: false).count > 100)
    }

    @Test func readsSeasons() throws {
        let shared = SharedTorrent(
            named: "Show.S01", .season(of: "Show", 1, episodes: 3, size: 20_000), announce: "http://t.example/a")
        let metainfo = try Metainfo(parsing: shared.metainfo)
        #expect(metainfo.files.map { $0.path.joined(separator: "/") } == shared.files.map(\.path))
        #expect(metainfo.totalSize == 60_000)
        #expect(!metainfo.isSingleFile)
    }

    @Test func rebuildsWithoutWhatIsNotNeeded() throws {
        let around =
            "8:announce17:http://t.example/13:announce-listll17:http://t.example/24:http://127.0.0.1:80/rpc1"
            + "el21:udp://u.example:80/an8:ftp://x/e"
        let info = "6:lengthi5e4:name1:n\(pieces)7:privatei1e1:xi7e"
        let original = torrent(
            info, around: around + "e13:creation datei1e8:url-list19:http://127.0.0.1/w/9:httpseedsl3:abce")
        let metainfo = try Metainfo(parsing: original)
        let strict = metainfo.rebuilt(allowingPrivateTrackers: false)
        let text = String(decoding: strict, as: UTF8.self)
        #expect(
            text == "d8:announce17:http://t.example/13:announce-listll17:http://t.example/el21:udp://u.example:80/anee"
                + "4:infod\(info)ee")
        #expect(String(decoding: metainfo.rebuilt(allowingPrivateTrackers: true), as: UTF8.self).contains("127.0.0.1"))
        let again = try Metainfo(parsing: strict)
        #expect(again.infohash == metainfo.infohash)
        #expect(again.isPrivate)
        #expect(again.rebuilt(allowingPrivateTrackers: false) == strict)
    }

    @Test func marksPadding() throws {
        let metainfo = try Metainfo(
            parsing: torrent(
                "5:filesld6:lengthi5e4:pathl1:aeed4:attr1:p6:lengthi3e4:pathl4:.pad1:3eee4:name1:n\(pieces)"))
        #expect(metainfo.files.map(\.isPadding) == [false, true])
    }

    @Test func namesAreAsOnDisk() throws {
        var bytes = torrent("6:lengthi5e4:name3:aX!\(pieces)")
        bytes[bytes.firstIndex(of: UInt8(ascii: "X"))!] = 0xe9
        #expect(try Metainfo(parsing: bytes).name == "a%E9%21")
    }

    @Test(arguments: [
        "2:..", "1:.", "0:", "3:a/b", "4:/etc", "3:a\\b", "3:a\nb", "3:a\0b", "1:\u{7f}",
        "300:" + String(repeating: "x", count: 300), "1:ai5e", "2:..1:a", "1:a2:..", "",
    ])
    func refusesPaths(_ path: String) {
        #expect(throws: MetainfoError.self) { try Metainfo(parsing: files(path)) }
    }

    /// Look-alikes of dots and separators are only letters on a disk (OWASP ASVS 5.0.0, 5.3.2).
    @Test(arguments: ["6:．．", "3:／", "3:⁄", "3:‥", "3:∖"]) func looksAreNotPaths(_ path: String) throws {
        let metainfo = try Metainfo(parsing: files(path))
        #expect(metainfo.files[0].path.count == 2)
    }

    /// Links (BEP 47) have no content of their own, so that there is nothing to download.
    @Test func linksAreNotMade() throws {
        let link = "d4:attr1:l4:pathl1:ae12:symlink pathl3:etc6:passwdee"
        #expect(throws: MetainfoError.self) { try Metainfo(parsing: torrent("5:filesl\(link)e4:name1:n\(pieces)")) }
    }

    @Test func refusesPathsInEachOthersWay() {
        #expect(throws: MetainfoError.unsafeName("two files of the same name")) {
            try Metainfo(parsing: files("1:a", "1:a"))
        }
        #expect(throws: MetainfoError.unsafeName("a file and a folder of the same name")) {
            try Metainfo(parsing: files("1:a", "1:a1:b"))
        }
    }

    @Test(arguments: [
        // Would divide by zero in aria2.
        "6:lengthi5e4:name1:n12:piece lengthi0e6:pieces20:aaaaaaaaaaaaaaaaaaaa",
        "6:lengthi5e4:name1:n12:piece lengthi-16384e6:pieces20:aaaaaaaaaaaaaaaaaaaa",
        "6:lengthi5e4:name1:n12:piece lengthi16385e6:pieces20:aaaaaaaaaaaaaaaaaaaa",
        "6:lengthi5e4:name1:n12:piece lengthi8192e6:pieces20:aaaaaaaaaaaaaaaaaaaa",
        "6:lengthi5e4:name1:n12:piece lengthi134217728e6:pieces20:aaaaaaaaaaaaaaaaaaaa",
        "6:lengthi5e4:name1:n12:piece lengthi16384e6:pieces19:aaaaaaaaaaaaaaaaaaa",
        "6:lengthi5e4:name1:n12:piece lengthi16384e6:pieces0:",
        "6:lengthi16385e4:name1:n\(pieces)", "6:lengthi0e4:name1:n\(pieces)", "6:lengthi-5e4:name1:n\(pieces)",
        "6:length1:54:name1:n\(pieces)", "4:name1:n\(pieces)", "6:lengthi5e\(pieces)", "6:lengthi5e4:namei1e\(pieces)",
        "6:lengthi5e4:name2:..\(pieces)", "6:lengthi5e4:name0:\(pieces)", "6:lengthi5e4:name3:a/b\(pieces)",
        "5:filesle4:name1:n\(pieces)", "5:filesi1e4:name1:n\(pieces)", "5:filesli1ee4:name1:n\(pieces)",
        "5:filesld6:lengthi5e4:pathl1:aeee6:lengthi5e4:name1:n\(pieces)",
        "5:filesld6:lengthi9223372036854775807e4:pathl1:aeed6:lengthi9223372036854775807e4:pathl1:beee4:name1:n\(pieces)",
        "6:lengthi5e4:name1:n",
    ])
    func refusesContradictions(_ info: String) {
        #expect(throws: MetainfoError.self) { try Metainfo(parsing: torrent(info)) }
    }

    @Test(
        arguments: [
            ([], 5, ""), ([0], 5, "2-5"), ([1, 3], 5, "1,3,5"), ([2, 3], 5, "1-2,5"), ([0, 1, 2, 3], 5, "5"),
            ([0, 1, 2, 3, 4], 5, ""),
        ] as [(Set<Int>, Int, String)])
    func filesAsAria2NumbersThem(unwanted: Set<Int>, count: Int, text: String) {
        #expect(FileSelection(without: unwanted, of: count).text == text)
    }

    @Test("A torrent is whole without what nobody wants, but for what shares a piece with the rest")
    func wholeWithout() throws {
        let sizes = [40_000, 10, 50_001, 0, 16_384, 70_003]
        let torrent = SharedTorrent(
            named: "Pack", .folder(sizes.enumerated().map { ("\($0).bin", $1) }), announce: "http://127.0.0.1:1/")
        let metainfo = try Metainfo(parsing: torrent.metainfo)
        let folder = FileManager.default.temporaryDirectory.appending(path: "usher-whole-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }  // it lies where what is left is removed
        try torrent.write(into: folder)
        #expect(try metainfo.isWhole(in: folder))
        func spoil(_ file: Int, at offset: Int) throws {
            let path = "\(folder)/Pack/\(file).bin"
            var bytes = try #require(FileManager.default.contents(atPath: path))
            bytes[offset] ^= 1
            try bytes.write(to: URL(filePath: path))
        }
        // Pieces are 16,384 bytes long: the first of these lies in one that only the first file has.
        try spoil(0, at: 100)
        #expect(try !metainfo.isWhole(in: folder))
        #expect(try metainfo.isWhole(in: folder, without: [0]))
        #expect(try !metainfo.isWhole(in: folder, without: [1, 2, 3, 4, 5]))
        // The end of the first file shares a piece with the third.
        try spoil(0, at: 39_999)
        #expect(try !metainfo.isWhole(in: folder, without: [0]))
        #expect(try metainfo.isWhole(in: folder, without: [0, 1, 2]))
        try torrent.write(into: folder)
        #expect(try metainfo.isWhole(in: folder))
        try FileManager.default.removeItem(atPath: "\(folder)/Pack/5.bin")
        #expect(try !metainfo.isWhole(in: folder, without: [5]), "its beginning shares a piece with the one before")
        #expect(try metainfo.isWhole(in: folder, without: [4, 5]))
        #expect(try metainfo.isWhole(in: folder, without: [2, 4, 5]))
    }

    @Test func refusesWhatIsNoTorrent() {
        #expect(throws: MetainfoError.noInfo) { try Metainfo(parsing: Array("de".utf8)) }
        #expect(throws: MetainfoError.noInfo) { try Metainfo(parsing: Array("i1e".utf8)) }
        #expect(throws: MetainfoError.noInfo) { try Metainfo(parsing: Array("d4:infoi1ee".utf8)) }
        #expect(throws: MetainfoError.self) { try Metainfo(parsing: Array("<html>".utf8)) }
        #expect(throws: MetainfoError.tooLarge) { try Metainfo(parsing: [UInt8](repeating: 0, count: 10 << 20 + 1)) }
        #expect(throws: MetainfoError.versionTwoOnly) {
            try Metainfo(parsing: torrent("9:file treede12:meta versioni2e4:name1:n12:piece lengthi16384e"))
        }
        let many = (0...Metainfo.maxFiles).map { "d6:lengthi1e4:pathl5:\(10_000 + $0)ee" }.joined()
        #expect(throws: MetainfoError.tooManyFiles) {
            try Metainfo(parsing: torrent("5:filesl\(many)e4:name1:n\(pieces)"))
        }
    }
}

@Suite struct TrackerTests {
    @Test(arguments: [
        "http://tracker.example/announce", "https://t.example:8443/a?passkey=1", "udp://t.example:1337/announce",
        "HTTP://8.8.8.8/a", "http://[2001:4860:4860::8888]:80/a",
    ])
    func takes(_ url: String) {
        #expect(Tracker.isUsable(url, allowingPrivate: false))
    }

    @Test(arguments: [
        "http://127.0.0.1/a", "http://localhost/a", "http://192.168.1.1/", "udp://10.0.0.1:80", "http://2130706433/",
        "http://0x7f.1/", "http://0177.0.0.1/", "http://[::1]/a", "http://[::ffff:127.0.0.1]/", "http://router/a",
        "http://nas.local/a", "http://nas.local./a",
    ])
    func takesInTheHouseIfAllowed(_ url: String) {
        #expect(!Tracker.isUsable(url, allowingPrivate: false))
        #expect(Tracker.isUsable(url, allowingPrivate: true))
    }

    @Test(arguments: [
        "", "http://", "http:///a", "ftp://t.example/", "file:///etc/passwd", "wss://t.example/", "http://a@127.0.0.1/",
        "http://t.example\\@127.0.0.1/", "http://t.example/\n", "http://t.example/ a", "http://169.254.169.254/latest",
        "http://0.0.0.0/", "http://224.0.0.1/", "http://[fe80::1]/", "http://[::]/", "http://t.example:0/",
        "http://t.example:99999/", "http://t.example:80:80/", "http://[::1", "http://exämple/", "http://t%2eexample/",
        "http://" + String(repeating: "a", count: 3000),
    ])
    func refuses(_ url: String) {
        #expect(!Tracker.isUsable(url, allowingPrivate: true))
    }
}
