import Aria2
import FoundationEssentials

/// Where downloads lie: on their way in `.incoming/<infohash>`, complete where people look for them.
public struct DownloadFolder: Sendable {
    /// The folder, absolute.
    public var root: String

    /// Names the folder.
    public init(root: String) {
        self.root = root
    }

    /// Where aria2 puts a torrent while it downloads.
    public func incoming(_ infohash: String) -> String {
        "\(root)/.incoming/\(infohash)"
    }

    /// A torrent as aria2 has written it beside the files of a magnet; `nil` while it has not.
    func metainfo(of infohash: String) throws -> Metainfo? {
        guard let bytes = FileManager.default.contents(atPath: "\(incoming(infohash))/\(infohash).torrent") else {
            return nil
        }
        return try Metainfo(parsing: [UInt8](bytes))
    }

    /// The infohashes of all torrents that have a folder there.
    func allIncoming() throws -> Set<String> {
        let folder = "\(root)/.incoming"
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        return Set(try FileManager.default.contentsOfDirectory(atPath: folder)).filter { name in
            name.utf8.count == 40 && name.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        }
    }

    /// A title or a platform as the name of one folder: without separators, control characters and leading dots,
    /// and short enough for every file system.
    public static func component(_ text: String) -> String {
        var name = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "/", "\\", ":", "*", "?", "\"", "<", ">", "|": name.append(" ")
            case _ where scalar.value < 0x20 || scalar.value == 0x7f: name.append(" ")
            // Marks that turn the direction of writing would show another name than the one on disk.
            case "\u{200e}", "\u{200f}", "\u{202a}"..."\u{202e}", "\u{2066}"..."\u{2069}": continue
            default: name.unicodeScalars.append(scalar)
            }
        }
        var words = name.split(separator: " ").joined(separator: " ")
        while words.hasPrefix(".") || words.hasPrefix(" ") { words.removeFirst() }
        while words.utf8.count > 180 { words.removeLast() }
        while words.hasSuffix(".") || words.hasSuffix(" ") { words.removeLast() }
        return words.isEmpty ? "Untitled" : words
    }
}
