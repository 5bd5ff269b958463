// What a person ticks on a form. Raw values are stored and sent in forms; labels are shown.

/// A height of picture to choose.
public enum Quality: String, Sendable, CaseIterable, Codable, Comparable {
    case p480 = "480p"
    case p720 = "720p"
    case p1080 = "1080p"
    case p2160 = "2160p"

    /// What people read.
    public var label: String {
        switch self {
        case .p480: "480p (SD)"
        case .p720: "720p (HD)"
        case .p1080: "1080p (Full HD)"
        case .p2160: "2160p (4K)"
        }
    }

    /// Fewer lines are less.
    public static func < (a: Quality, b: Quality) -> Bool { a.rank < b.rank }

    private var rank: Int {
        switch self {
        case .p480: 0
        case .p720: 1
        case .p1080: 2
        case .p2160: 3
        }
    }
}

/// A codec or a source to choose.
public enum Format: String, Sendable, CaseIterable, Codable {
    case x264, x265, av1, xvid, mpeg2, vp9
    case webdl, webrip, bluray, remux, hdtv, dvd

    /// The two groups of formats. A release is judged in each group in which something is ticked.
    public enum Group: Sendable, CaseIterable {
        case codec, source
    }

    /// The group it belongs to.
    public var group: Group {
        switch self {
        case .x264, .x265, .av1, .xvid, .mpeg2, .vp9: .codec
        case .webdl, .webrip, .bluray, .remux, .hdtv, .dvd: .source
        }
    }

    /// What people read.
    public var label: String {
        switch self {
        case .x264: "x264"
        case .x265: "x265 / HEVC"
        case .av1: "AV1"
        case .xvid: "XviD / DivX"
        case .mpeg2: "MPEG-2"
        case .vp9: "VP9"
        case .webdl: "WEB-DL"
        case .webrip: "WEBRip"
        case .bluray: "BluRay"
        case .remux: "Remux"
        case .hdtv: "HDTV"
        case .dvd: "DVD"
        }
    }
}

/// What a game runs on.
public enum Platform: String, Sendable, CaseIterable, Codable {
    case windows, mac, linux, dos
    case `switch`, switch2, wiiu, wii, gamecube, n64, snes, nes, threeDS = "3ds", nds, gba, gbc, gb
    case ps5, ps4, ps3, ps2, ps1, psp, vita
    case xboxseries, xboxone, xbox360, xbox
    case dreamcast, saturn, megadrive
    case android, ios

    /// What people read.
    public var label: String {
        switch self {
        case .windows: "Windows"
        case .mac: "macOS"
        case .linux: "Linux"
        case .dos: "DOS"
        case .switch: "Nintendo Switch"
        case .switch2: "Nintendo Switch 2"
        case .wiiu: "Wii U"
        case .wii: "Wii"
        case .gamecube: "GameCube"
        case .n64: "Nintendo 64"
        case .snes: "Super Nintendo"
        case .nes: "NES"
        case .threeDS: "Nintendo 3DS"
        case .nds: "Nintendo DS"
        case .gba: "Game Boy Advance"
        case .gbc: "Game Boy Color"
        case .gb: "Game Boy"
        case .ps5: "PlayStation 5"
        case .ps4: "PlayStation 4"
        case .ps3: "PlayStation 3"
        case .ps2: "PlayStation 2"
        case .ps1: "PlayStation"
        case .psp: "PSP"
        case .vita: "PS Vita"
        case .xboxseries: "Xbox Series X|S"
        case .xboxone: "Xbox One"
        case .xbox360: "Xbox 360"
        case .xbox: "Xbox"
        case .dreamcast: "Dreamcast"
        case .saturn: "Saturn"
        case .megadrive: "Mega Drive"
        case .android: "Android"
        case .ios: "iOS"
        }
    }
}

/// What sort of game it is.
public enum Genre: String, Sendable, CaseIterable, Codable {
    case action, adventure, rpg, strategy, simulation, sports, racing, puzzle, platformer, shooter, fighting, horror
    case arcade, sandbox, survival, roguelike, visualNovel = "visual-novel", music, party, casual

    /// What people read.
    public var label: String {
        switch self {
        case .action: "Action"
        case .adventure: "Adventure"
        case .rpg: "Role-playing"
        case .strategy: "Strategy"
        case .simulation: "Simulation"
        case .sports: "Sports"
        case .racing: "Racing"
        case .puzzle: "Puzzle"
        case .platformer: "Platformer"
        case .shooter: "Shooter"
        case .fighting: "Fighting"
        case .horror: "Horror"
        case .arcade: "Arcade"
        case .sandbox: "Sandbox"
        case .survival: "Survival"
        case .roguelike: "Roguelike"
        case .visualNovel: "Visual novel"
        case .music: "Music"
        case .party: "Party"
        case .casual: "Casual"
        }
    }
}
