/// What a word of a release name can mean.
enum Meaning: Equatable {
    case resolution(Resolution)
    case source(Source)
    case remux(Source?)
    case rawDisc(Source)
    case rawStream
    case codec(Codec)
    /// `AVC`, `VC-1`: how a disc's own streams are called.
    case discCodec(Codec)
    /// Sound; nil where the word says only that it is of sound.
    case audio(Audio?)
    case dynamicRange(DynamicRange)
    case picture
    case language(Language)
    /// Subtitles; nil where it does not say in which language.
    case subtitles(Language?)
    /// A cut of its own; nil where it is a word that goes with one.
    case edition(Edition?)
    /// Who shows it; nil for the many that nobody chooses by.
    case service(Network?)
    case proper, repack, real
    case complete, extras, otherThings, sample, container
    /// What a group says of its release: `READNFO`.
    case notice
    case platform(Platform)
    /// A game's, in brackets.
    case genre(Genre)
    /// What stands behind a group's name where it was posted: `-Obfuscated`.
    case posted
    case game, gameGroup, update, version, downloadable, gameExtra, gameEdition
    case season, episode, part, to, and, of
    case other
}

/// How much it takes for a word to be a tag, and not a word of the title.
enum Strength {
    /// Nobody calls a film so: it ends the title wherever it stands.
    case strong
    /// Strong in capitals, weak otherwise.
    case capitals
    /// Only behind the year or a strong tag, or right before one.
    case weak
}

struct Tag: Equatable {
    let strength: Strength
    let meaning: Meaning
}

/// The table's words, by what they mean.
struct TagIndex {
    struct Entry {
        var tag: Tag?
        /// A tag of several words may begin here.
        var isHead = false
    }

    private var keys: [Word]
    private var entries: [Entry]
    private let mask: Int

    /// A phrase's words are kept joined, with their number, so that `web` `dl` is found and `we` `bdl` is not.
    private static func key(_ word: Word, pieces: Int) -> Word {
        guard pieces > 1 else { return word }
        var key = word
        key.append(UInt8(pieces))
        return key
    }

    init(_ lines: [TagLine]) {
        var all: [Word: Entry] = [:]
        for line in lines {
            for phrase in line.words.split(separator: " ") {
                let pieces = phrase.split(separator: "-").map { Word($0.utf8) }
                precondition(phrase.utf8.count <= Word.longest, "“\(phrase)” is too long for the table.")
                // Each way in which the pieces may be written together: the bits say where a separator stands.
                for cuts in 0..<(1 << (pieces.count - 1)) {
                    var words = [pieces[0]]
                    for index in 1..<pieces.count {
                        if cuts >> (index - 1) & 1 == 1 {
                            words.append(pieces[index])
                        } else {
                            words[words.count - 1] = words[words.count - 1].joined(pieces[index])
                        }
                    }
                    let whole = words.dropFirst().reduce(words[0]) { $0.joined($1) }
                    all[Self.key(whole, pieces: words.count), default: Entry()].tag = line.tag
                    if words.count > 1 { all[words[0], default: Entry()].isHead = true }
                }
            }
        }
        var capacity = 64
        while capacity < all.count * 3 { capacity *= 2 }
        mask = capacity - 1
        keys = Array(repeating: Word(), count: capacity)
        entries = Array(repeating: Entry(), count: capacity)
        for (word, entry) in all {
            var slot = word.slot & mask
            while !keys[slot].isEmpty { slot = (slot + 1) & mask }
            keys[slot] = word
            entries[slot] = entry
        }
    }

    /// What one word, or several joined, are known as.
    func find(_ word: Word, pieces: Int = 1) -> Entry? {
        guard word.fits, !word.isEmpty else { return nil }
        let key = Self.key(word, pieces: pieces)
        var slot = key.slot & mask
        while !keys[slot].isEmpty {
            if keys[slot] == key { return entries[slot] }
            slot = (slot + 1) & mask
        }
        return nil
    }
}

/// One line of the table.
struct TagLine {
    let tag: Tag
    /// Words between spaces; a dash stands where a name may have a separator or nothing.
    let words: String

    init(_ strength: Strength, _ meaning: Meaning, _ words: String) {
        tag = Tag(strength: strength, meaning: meaning)
        self.words = words
    }
}
