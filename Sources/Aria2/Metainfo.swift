import Cryptography

/// What a `.torrent` file says, checked before anybody acts on it. A value of this type is safe to give to aria2 once
/// it is rebuilt.
public struct Metainfo: Sendable, Equatable {
    /// The largest `.torrent` that is read, in bytes.
    public static let maxBytes = 10 << 20
    /// The largest number of files.
    public static let maxFiles = 10_000
    /// The largest number of trackers that are kept.
    static let maxTrackers = 100

    /// A file of the torrent.
    public struct File: Sendable, Equatable {
        /// Its path as aria2 writes it, below the download's directory. In a torrent of several files the first
        /// component is the torrent's name.
        public let path: [String]
        /// In bytes.
        public let length: Int64
        /// Nobody wants it: it fills up a piece (BEP 47).
        public let isPadding: Bool
    }

    /// SHA-1 of the info dictionary, 40 hexadecimal digits in lower case.
    public let infohash: String
    /// The torrent's name: that of its file, or of the folder of its files.
    public let name: String
    /// At least one.
    public let files: [File]
    /// Of one file, with no folder around it.
    public let isSingleFile: Bool
    /// In bytes, padding included.
    public let totalSize: Int64
    /// In bytes.
    public let pieceLength: Int64
    /// Peers come from its trackers only (BEP 27).
    public let isPrivate: Bool
    /// Where peers are found, as the torrent says it, in tiers (BEP 12).
    let trackers: [[String]]
    /// The info dictionary, byte for byte: its hash is the torrent's identity.
    let info: [UInt8]

    /// Reads a `.torrent`, and refuses what is malformed, would harm aria2, or would lead out of the folder.
    public init(parsing bytes: [UInt8]) throws(MetainfoError) {
        guard bytes.count <= Self.maxBytes else { throw .tooLarge }
        let root: Bencode
        do {
            root = try BencodeParser.parse(bytes)
        } catch {
            throw .malformed(reason: error.reason, offset: error.offset)
        }
        guard let field = root.field("info"), case .dictionary = field.value else { throw .noInfo }
        let info = field.value
        guard let pieces = info["pieces"]?.bytes else {
            throw info["file tree"] == nil ? .invalid("it has no hashes of its pieces") : .versionTwoOnly
        }
        guard let pieceLength = info["piece length"]?.integer, (16 << 10...64 << 20).contains(pieceLength),
            pieceLength & (pieceLength - 1) == 0
        else { throw .invalid("the length of its pieces is not a power of two from 16 KiB to 64 MiB") }

        let name = try Self.name(info["name.utf-8"] ?? info["name"])
        self.name = name
        if let list = info["files"] {
            guard info["length"] == nil, let list = list.list, !list.isEmpty else {
                throw .invalid("its list of files makes no sense")
            }
            guard list.count <= Self.maxFiles else { throw .tooManyFiles }
            var files: [File] = []
            files.reserveCapacity(list.count)
            for file in list { files.append(try Self.file(file, in: name)) }
            self.files = files
            isSingleFile = false
        } else {
            files = [File(path: [name], length: try Self.length(of: info), isPadding: false)]
            isSingleFile = true
        }
        try Self.checkPaths(files)
        var total: Int64 = 0
        for file in files {
            let (sum, overflow) = total.addingReportingOverflow(file.length)
            guard !overflow else { throw .invalid("its files are too large") }
            total = sum
        }
        guard total > 0 else { throw .invalid("its files are empty") }
        let pieceCount = (total - 1) / pieceLength + 1
        guard pieces.count.isMultiple(of: 20), Int64(pieces.count / 20) == pieceCount else {
            throw .invalid("the number of its pieces does not fit its size")
        }
        totalSize = total
        self.pieceLength = pieceLength
        isPrivate = info["private"]?.integer == 1
        trackers = Self.trackers(of: root)
        self.info = Array(bytes[field.span])
        infohash = Digest.sha1(self.info).hex
    }

    /// A `.torrent` that says only what is needed: the info dictionary as it was, and trackers by http, https and udp.
    /// Web seeds and all else are gone. The infohash is the same.
    ///
    /// - Parameter allowingPrivateTrackers: keep trackers on this machine and in the house; without it aria2 cannot be
    ///   made to send requests to them.
    public func rebuilt(allowingPrivateTrackers: Bool) -> [UInt8] {
        let tiers = trackers.map { tier in
            tier.filter { Tracker.isUsable($0, allowingPrivate: allowingPrivateTrackers) }
        }.filter { !$0.isEmpty }
        var bytes = Array("d".utf8)
        if let first = tiers.first?.first {
            bytes += Bencode.encode("announce".utf8) + Bencode.encode(first.utf8)
            bytes += Bencode.encode("announce-list".utf8) + Array("l".utf8)
            for tier in tiers {
                bytes += Array("l".utf8) + tier.flatMap { Bencode.encode($0.utf8) } + Array("e".utf8)
            }
            bytes += Array("e".utf8)
        }
        return bytes + Bencode.encode("info".utf8) + info + Array("e".utf8)
    }
}

// MARK: Parts

extension Metainfo {
    private static func name(_ value: Bencode?) throws(MetainfoError) -> String {
        guard let bytes = value?.bytes else { throw .invalid("it has no name") }
        if let problem = PathComponent.problem(with: bytes) { throw .unsafeName(problem) }
        let name = PathComponent.asOnDisk(bytes)
        if let problem = PathComponent.problem(with: name.utf8) { throw .unsafeName(problem) }
        return name
    }

    private static func length(of entry: Bencode) throws(MetainfoError) -> Int64 {
        guard let length = entry["length"]?.integer, length >= 0 else { throw .invalid("a file has no length") }
        return length
    }

    private static func file(_ entry: Bencode, in folder: String) throws(MetainfoError) -> File {
        guard let components = (entry["path.utf-8"] ?? entry["path"])?.list, !components.isEmpty else {
            throw .invalid("a file has no path")
        }
        guard components.count <= 30 else { throw .unsafeName("a path of more than 30 folders") }
        var path = [folder]
        for component in components { path.append(try name(component)) }
        let isMarked = entry["attr"]?.bytes?.contains(UInt8(ascii: "p")) ?? false
        return File(path: path, length: try length(of: entry), isPadding: isMarked || path[1] == ".pad")
    }

    /// No two files in one place, and none where another needs a folder. Padding may repeat: it is zeros.
    private static func checkPaths(_ files: [File]) throws(MetainfoError) {
        var paths: Set<[String]> = []
        var folders: Set<[String]> = []
        for file in files {
            guard paths.insert(file.path).inserted || file.isPadding else {
                throw .unsafeName("two files of the same name")
            }
            for depth in 1..<max(file.path.count, 1) { folders.insert(Array(file.path.prefix(depth))) }
        }
        guard paths.isDisjoint(with: folders) else { throw .unsafeName("a file and a folder of the same name") }
    }

    private static func trackers(of root: Bencode) -> [[String]] {
        var left = maxTrackers
        func texts(_ values: [Bencode]) -> [String] {
            let found = values.prefix(left).compactMap { $0.bytes.flatMap { String(validating: $0, as: UTF8.self) } }
            left -= found.count
            return found
        }
        let tiers = (root["announce-list"]?.list ?? []).map { texts($0.list ?? []) }.filter { !$0.isEmpty }
        return tiers.isEmpty ? [texts(root["announce"].map { [$0] } ?? [])].filter { !$0.isEmpty } : tiers
    }
}

/// Why a `.torrent` is not used.
public enum MetainfoError: Error, Sendable, Equatable {
    /// More than ``Metainfo/maxBytes``.
    case tooLarge
    /// Not bencoding; with the reason and the byte at which it shows.
    case malformed(reason: String, offset: Int)
    /// Bencoding, but no torrent.
    case noInfo
    /// A torrent of the second version only (BEP 52), which aria2 cannot download.
    case versionTwoOnly
    /// More than ``Metainfo/maxFiles``.
    case tooManyFiles
    /// A name that must not become part of a path; with the reason.
    case unsafeName(String)
    /// A torrent that contradicts itself or would harm aria2; with the reason.
    case invalid(String)

    /// The reason in words for people.
    public var sentence: String {
        switch self {
        case .tooLarge: "The torrent file is larger than 10 MiB."
        case .malformed(let reason, let offset): "This is not a torrent file: \(reason) (at byte \(offset))."
        case .noInfo: "This is not a torrent file: it does not describe any files."
        case .versionTwoOnly: "The torrent is of the second version only, which aria2 cannot download."
        case .tooManyFiles: "The torrent has more than 10,000 files."
        case .unsafeName(let reason): "The torrent has \(reason)."
        case .invalid(let reason): "The torrent is invalid: \(reason)."
        }
    }
}
