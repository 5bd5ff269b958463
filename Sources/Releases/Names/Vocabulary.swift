// The words a release name is read into. Raw values are the vocabulary of `usher release parse`; they are stored and
// printed, so they never change.

/// What sort of title a release is of.
public enum ReleaseKind: String, Sendable, CaseIterable, Codable {
    case movie, tv, game
}

/// The picture's height in lines, as named.
public enum Resolution: String, Sendable, CaseIterable {
    case p240 = "240p"
    case p360 = "360p"
    case p480 = "480p"
    case i480 = "480i"
    case p540 = "540p"
    case p576 = "576p"
    case i576 = "576i"
    case p720 = "720p"
    case i720 = "720i"
    case p1080 = "1080p"
    case i1080 = "1080i"
    case p1440 = "1440p"
    case p2160 = "2160p"
    case p4320 = "4320p"

    /// The quality a person ticks that this belongs to.
    public var quality: Quality {
        switch self {
        case .p240, .p360, .p480, .i480, .p540, .p576, .i576: .p480
        case .p720, .i720: .p720
        case .p1080, .i1080, .p1440: .p1080
        case .p2160, .p4320: .p2160
        }
    }
}

/// Where the picture was taken from.
public enum Source: String, Sendable, CaseIterable {
    case cam, telesync, telecine, screener, workprint, tv, dvd, webdl, webrip, hdrip, bluray

    /// A recording made in a cinema, or of a copy that was not meant to be seen.
    public var isPreRelease: Bool {
        switch self {
        case .cam, .telesync, .telecine, .screener, .workprint: true
        case .tv, .dvd, .webdl, .webrip, .hdrip, .bluray: false
        }
    }
}

/// What was done, or left undone, to the source.
public enum Modifier: String, Sendable, CaseIterable {
    /// The disc's streams, untouched, in another container.
    case remux
    /// A whole disc, menus and all.
    case brdisk
    /// The broadcast's stream, untouched.
    case rawhd
}

/// How the picture is encoded.
public enum Codec: String, Sendable, CaseIterable {
    case h264, h265, av1, xvid, divx, mpeg2, vc1, vp9
}

/// How much of a game a release holds.
public enum GameContent: String, Sendable, CaseIterable {
    /// The game, with or without updates and additional content.
    case full
    /// A patch that needs the game.
    case update
    /// Additional content that needs the game.
    case dlc
    /// A crack, a trainer, a language pack, a soundtrack or an art book.
    case extra
}
