// What a name says besides title, numbering and quality. Raw values are printed by `usher release parse`, and never change.

/// A language of sound or subtitles, as ISO 639-1 writes it.
public enum Language: String, Sendable, CaseIterable {
    case ar, bg, bn, cs, da, de, el, en, es, fa, fi, fr, gu, he, hi, hr, hu, id, `is`, it, ja, kn, ko, lt, lv, ml, mr,
        ms, nl
    case no, pa, pl, pt, ro, ru, sk, sl, sr, sv, ta, te, th, tr, uk, ur, vi, zh
    /// Several, without saying which: `MULTi`, `Dual Audio`.
    case multi
}

/// Which cut or restoration it is.
public enum Edition: String, Sendable, CaseIterable {
    case extended = "Extended Edition"
    case directors = "Director's Cut"
    case final = "Final Cut"
    case theatrical = "Theatrical"
    case unrated = "Unrated"
    case uncut = "Uncut"
    case uncensored = "Uncensored"
    case remastered = "Remastered"
    case anniversary = "Anniversary Edition"
    case special = "Special Edition"
    case collectors = "Collector's Edition"
    case ultimate = "Ultimate Edition"
    case limited = "Limited"
    case criterion = "Criterion"
    case imax = "IMAX"
    case openMatte = "Open Matte"
    case despecialized = "Despecialized"
    case fan = "Fan Edit"
}

/// How light and dark are told apart beyond the usual.
public enum DynamicRange: String, Sendable, CaseIterable {
    case dolbyVision = "DV"
    case hdr10plus = "HDR10+"
    case hdr = "HDR"
    case hlg = "HLG"
    case sdr = "SDR"
}

/// How the sound is encoded.
public enum Audio: String, Sendable, CaseIterable {
    case atmos = "Atmos"
    case trueHD = "TrueHD"
    case dtsX = "DTS:X"
    case dtsHD = "DTS-HD"
    case dts = "DTS"
    case dolbyDigitalPlus = "DDP"
    case dolbyDigital = "DD"
    case flac = "FLAC"
    case pcm = "PCM"
    case aac = "AAC"
    case opus = "Opus"
    case vorbis = "Vorbis"
    case mp3 = "MP3"
    case mp2 = "MP2"
}

/// The streaming service or network that it was taken from.
public enum Network: String, Sendable, CaseIterable {
    case amazon = "Amazon"
    case netflix = "Netflix"
    case hulu = "Hulu"
    case hbo = "HBO"
    case max = "Max"
    case disney = "Disney"
    case appleTV = "Apple TV"
    case iTunes = "iTunes"
    case peacock = "Peacock"
    case paramount = "Paramount"
    case crave = "Crave"
    case stan = "Stan"
    case crunchyroll = "Crunchyroll"
    case iPlayer = "BBC iPlayer"
    case googlePlay = "Google Play"
    case movistar = "Movistar"
    case showtime = "Showtime"
    case starz = "Starz"
    case roku = "Roku"
    case youTube = "YouTube"
    case hotstar = "Hotstar"
    case zee5 = "ZEE5"
    case sonyLIV = "SonyLIV"
    case viki = "Viki"
    case vrv = "VRV"
    case cartoonNetwork = "Cartoon Network"
}
