import Cryptography

/// A magnet link: a torrent by its infohash alone. Only what is understood is kept, so that nothing else reaches aria2.
public struct Magnet: Sendable, Equatable {
    static let maxBytes = 64 << 10
    static let maxTrackers = 50

    /// 40 hexadecimal digits, lower case.
    public let infohash: String
    /// What it calls itself, without control characters.
    public let name: String?
    /// Where peers are found, as it says itself.
    public let trackers: [String]

    /// Reads a magnet link of the first version (`btih`).
    public init(parsing text: String) throws(MagnetError) {
        guard text.utf8.count <= Self.maxBytes else { throw .tooLong }
        guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else { throw .controlCharacters }
        let prefix = "magnet:?"
        guard text.prefix(prefix.count).lowercased() == prefix else { throw .notMagnet }
        var hashes: Set<String> = []
        var name: String?
        var trackers: [String] = []
        var isVersionTwo = false
        for parameter in text.dropFirst(prefix.count).split(separator: "&") {
            let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            switch parts[0].lowercased().split(separator: ".").first {  // "xt.1", "tr.2"
            case "xt":
                let topic = String(decoding: PercentCoding.decode(parts[1]), as: UTF8.self)
                if topic.lowercased().hasPrefix("urn:btih:") {
                    guard let hash = Self.infohash(topic.dropFirst("urn:btih:".count)) else { throw .badInfohash }
                    hashes.insert(hash)
                }
                if topic.lowercased().hasPrefix("urn:btmh:") { isVersionTwo = true }
            case "dn":
                let decoded = String(decoding: PercentCoding.decode(parts[1], plusIsSpace: true), as: UTF8.self)
                let scalars = decoded.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? " " : $0 }
                name = name ?? String(String.UnicodeScalarView(scalars.prefix(300)))
            case "tr" where trackers.count < Self.maxTrackers:
                if let tracker = String(validating: PercentCoding.decode(parts[1]), as: UTF8.self) {
                    trackers.append(tracker)
                }
            default: continue  // exact sources and web seeds would have aria2 fetch what they name
            }
        }
        guard hashes.count <= 1 else { throw .severalInfohashes }
        guard let infohash = hashes.first else { throw isVersionTwo ? .versionTwoOnly : .noInfohash }
        self.infohash = infohash
        self.name = name.flatMap { $0.isEmpty ? nil : $0 }
        self.trackers = trackers
    }

    /// The link, made of what was understood.
    ///
    /// - Parameter allowingPrivateTrackers: as in ``Metainfo/rebuilt(allowingPrivateTrackers:)``.
    public func uri(allowingPrivateTrackers: Bool) -> String {
        var uri = "magnet:?xt=urn:btih:\(infohash)"
        if let name { uri += "&dn=\(PercentCoding.encode(name.utf8))" }
        for tracker in trackers where Tracker.isUsable(tracker, allowingPrivate: allowingPrivateTrackers) {
            uri += "&tr=\(PercentCoding.encode(tracker.utf8))"
        }
        return uri
    }

    private static func infohash(_ text: Substring) -> String? {
        if text.utf8.count == 40 { return [UInt8](hex: text.lowercased())?.hex }
        guard text.utf8.count == 32 else { return nil }
        // Base 32 (RFC 4648 section 6): five bits a letter, 160 in all.
        var bytes: [UInt8] = []
        var bits: UInt64 = 0
        var count = 0
        for letter in text.uppercased().utf8 {
            let value: UInt8
            switch letter {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = letter - UInt8(ascii: "A")
            case UInt8(ascii: "2")...UInt8(ascii: "7"): value = letter - UInt8(ascii: "2") + 26
            default: return nil
            }
            bits = bits << 5 | UInt64(value)
            count += 5
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(count)))
            }
        }
        return bytes.hex
    }
}

/// Why a magnet link is not used.
public enum MagnetError: Error, Sendable, Equatable {
    /// Another kind of link.
    case notMagnet
    /// More than 64 KiB.
    case tooLong
    /// Line breaks and the like.
    case controlCharacters
    /// It names no torrent.
    case noInfohash
    /// Neither 40 hexadecimal digits nor 32 of base 32.
    case badInfohash
    /// It names several torrents.
    case severalInfohashes
    /// Only the second version's hash (BEP 52), which aria2 does not know.
    case versionTwoOnly

    /// The reason in words for people.
    public var sentence: String {
        switch self {
        case .notMagnet: "This is not a magnet link."
        case .tooLong: "The magnet link is longer than 64 KiB."
        case .controlCharacters: "The magnet link has control characters in it."
        case .noInfohash: "The magnet link names no torrent."
        case .badInfohash: "The magnet link's infohash is neither 40 hexadecimal digits nor 32 letters of base 32."
        case .severalInfohashes: "The magnet link names several torrents."
        case .versionTwoOnly: "The magnet link is of the second version only, which aria2 cannot download."
        }
    }
}
