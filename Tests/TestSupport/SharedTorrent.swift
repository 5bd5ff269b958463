import Cryptography
import Foundation

/// A torrent made for a test, with every byte of its files known.
public struct SharedTorrent: Sendable {
    /// What a torrent is made of.
    public enum Content: Sendable {
        /// One file, of so many bytes.
        case file(size: Int)
        /// A folder of files: path below the folder, with slashes, and so many bytes each.
        case folder([(path: String, size: Int)])
        /// A folder with an episode a file: `Show.S01E01.mkv` to the last one.
        case season(of: String, Int, episodes: Int, size: Int)
    }

    /// Its name, also that of its only file or of its folder.
    public let name: String
    /// The `.torrent`.
    public let metainfo: [UInt8]
    /// 40 hexadecimal digits, lower case.
    public let infohash: String
    /// With infohash, name and tracker.
    public let magnet: String
    /// In bytes, of all files.
    public let size: Int
    /// Path below the download's directory, with slashes, and content.
    public let files: [(path: String, bytes: [UInt8])]

    /// Makes one. The same name and content make the same bytes, always.
    public init(named name: String, _ content: Content, pieceLength: Int = 16 << 10, announce: String) {
        self.name = name
        let parts: [(path: String, size: Int)]? =
            switch content {
            case .file: nil
            case .folder(let files): files
            case .season(let show, let season, let episodes, let size):
                (1...episodes).map {
                    ("\(show).S\(Self.two(season))E\(Self.two($0)).1080p.WEB.h264-TEST.mkv", size)
                }
            }
        if let parts {
            files = parts.map { ("\(name)/\($0.path)", Self.bytes($0.size, seed: "\(name)/\($0.path)")) }
        } else if case .file(let size) = content {
            files = [(name, Self.bytes(size, seed: name))]
        } else {
            files = []
        }
        let all = files.flatMap(\.bytes)
        size = all.count
        let pieces = stride(from: 0, to: all.count, by: pieceLength).flatMap { start in
            Digest.sha1(Array(all[start..<min(start + pieceLength, all.count)]))
        }
        var info = Array("d".utf8)
        if let parts {
            info += Self.string("files") + Array("l".utf8)
            for part in parts {
                info += Array("d6:lengthi\(part.size)e4:pathl".utf8)
                info += part.path.split(separator: "/").flatMap { Self.string(String($0)) } + Array("ee".utf8)
            }
            info += Array("e".utf8)
        } else {
            info += Array("6:lengthi\(all.count)e".utf8)
        }
        info += Self.string("name") + Self.string(name)
        info += Array("12:piece lengthi\(pieceLength)e6:pieces\(pieces.count):".utf8) + pieces + Array("e".utf8)
        let head = Array("d".utf8) + Self.string("announce") + Self.string(announce)
        metainfo = head + Self.string("info") + info + Array("e".utf8)
        infohash = Digest.sha1(info).hex
        let (dn, tr) = (Self.escaped(name), Self.escaped(announce))
        magnet = "magnet:?xt=urn:btih:\(infohash)&dn=\(dn)&tr=\(tr)"
    }

    /// Writes the files below a folder.
    public func write(into directory: String) throws {
        for file in files {
            let url = URL(fileURLWithPath: "\(directory)/\(file.path)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(file.bytes).write(to: url)
        }
    }

    /// The paths of the files that are not below the folder byte for byte.
    public func differences(in directory: String) -> [String] {
        files.filter { FileManager.default.contents(atPath: "\(directory)/\($0.path)") != Data($0.bytes) }.map(\.path)
    }

    private static func string(_ text: String) -> [UInt8] {
        Array("\(text.utf8.count):\(text)".utf8)
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func two(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }

    /// Bytes that look random and follow from the seed (xorshift).
    private static func bytes(_ count: Int, seed: String) -> [UInt8] {
        var state = seed.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 } | 1
        var bytes = [UInt8]()
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            withUnsafeBytes(of: state) { bytes.append(contentsOf: $0) }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}
