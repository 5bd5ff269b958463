// What the judge derives from a name.

extension ParsedRelease {
    /// The quality, from the resolution, or from a source that has but one.
    public var quality: Quality? {
        if let resolution { return resolution.quality }
        if isRawDisc, source == .bluray { return .p1080 }
        if codec == .xvid || codec == .divx { return .p480 }
        switch source {
        // Where no height is named, it is the standard one.
        case .dvd, .tv, .webrip, .hdrip, .cam, .telesync, .telecine, .screener, .workprint: return .p480
        case .webdl: return .p480
        case .bluray, nil: return nil
        }
    }

    /// How the name of a program ends, where this one does; in small letters, with the dot.
    public var programEnding: String? {
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")),
            name.utf8.distance(from: dot, to: name.utf8.endIndex) <= 5
        else { return nil }
        let ending = name[dot...].lowercased()
        return Self.programEndings.contains(ending) ? ending : nil
    }

    private static let programEndings: Set<String> = [
        ".exe", ".scr", ".bat", ".cmd", ".msi", ".lnk", ".vbs", ".ps1", ".arj", ".lzh", ".zipx", ".apk",
    ]

    /// The name speaks of a password, and the title does not.
    var hasPassword: Bool { Self.speaksOfPassword(name) && !Self.speaksOfPassword(title) }

    private static func speaksOfPassword(_ text: String) -> Bool {
        let word = "password".utf8
        var rest = text.utf8[...]
        while let start = rest.firstIndex(where: { $0.lowercased == UInt8(ascii: "p") }) {
            if rest[start...].lazy.map(\.lowercased).starts(with: word) { return true }
            rest = rest[rest.index(after: start)...]
        }
        return false
    }

    /// The formats to tick that it would answer, in one group.
    func formats(in group: Format.Group) -> Set<Format> {
        switch group {
        case .codec:
            switch codec {
            case .h264: [.x264]
            case .h265: [.x265]
            case .av1: [.av1]
            case .xvid, .divx: [.xvid]
            case .mpeg2: [.mpeg2]
            case .vp9: [.vp9]
            case .vc1, nil: []
            }
        case .source:
            switch (source, modifier) {
            case (_, .remux): [.remux]
            case (.webdl, _): [.webdl]
            case (.webrip, _): [.webrip]
            case (.bluray, _): [.bluray]
            case (.tv, _): [.hdtv]
            case (.dvd, _): [.dvd]
            case (.cam, _), (.telesync, _), (.telecine, _), (.screener, _), (.workprint, _), (.hdrip, _), (nil, _): []
            }
        }
    }

    /// What the name says in a group of formats, for people.
    func formatName(in group: Format.Group) -> String? {
        if let format = formats(in: group).first { return format.label }
        return switch group {
        case .codec: codec == .vc1 ? "VC-1" : nil
        case .source: source?.label
        }
    }

    /// Megabytes a minute: below is no such video, above is something else.
    var sizePerMinute: (low: Int64, high: Int64) {
        if modifier == .remux || isRawDisc { return (8, 1_200) }
        return switch quality {
        case .p480: (1, 60)
        case .p720: (2, 150)
        case .p1080: (3, 400)
        case .p2160: (6, 1_200)
        case nil: (1, 1_200)
        }
    }
}

extension ReleaseKind {
    var label: String {
        switch self {
        case .movie: "movie"
        case .tv: "show"
        case .game: "game"
        }
    }
}

extension Source {
    /// What people read.
    public var label: String {
        switch self {
        case .cam: "camera recording"
        case .telesync: "telesync"
        case .telecine: "telecine"
        case .screener: "screener"
        case .workprint: "workprint"
        case .tv: "HDTV"
        case .dvd: "DVD"
        case .webdl: "WEB-DL"
        case .webrip: "WEBRip"
        case .hdrip: "HDRip"
        case .bluray: "BluRay"
        }
    }
}

extension EpisodeNumber {
    /// `S01E02`.
    public var label: String { "S\(season.padded)E\(episode.padded)" }
}

extension Int {
    fileprivate var padded: String { self < 10 ? "0\(self)" : "\(self)" }
}

extension [Int] {
    /// `1, 2 and 3`.
    var listed: String {
        guard count > 1, let last else { return first.map(String.init) ?? "" }
        return dropLast().map(String.init).joined(separator: ", ") + " and \(last)"
    }
}

extension Int64 {
    /// As a number of bytes: `4.5 GB`, `350 MB`.
    public var sized: String {
        if self >= 1_000_000_000 {
            let tenths = (self + 50_000_000) / 100_000_000
            return "\(tenths / 10).\(tenths % 10) GB"
        }
        return "\((self + 500_000) / 1_000_000) MB"
    }
}
