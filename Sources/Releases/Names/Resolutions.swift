extension NameReader {
    /// `1080p`, `m1080p`, `BD720p`, `1080p60`, `hd720`, `1280x720`, `[720]`, and the slips `7200p`, `10800p` and `1O8Op`.
    func resolution(at index: Int) -> Resolution? {
        let token = tokens[index]
        if let number = token.number {
            if let bracketed = bracketedHeight(number, at: index) { return bracketed }
            return spacedDimensions(number, at: index)
        }
        guard token.count >= 4 else { return nil }
        if let height = dimensions(token) { return height }
        guard let at = (token.start..<token.end).first(where: { height(from: $0, upTo: token.end) != nil }),
            let (height, end) = height(from: at, upTo: token.end), at - token.start <= 10
        else { return nil }
        let prefix = Word(bytes[token.start..<at])
        let next = end < token.end ? bytes[end].lowercased : 0
        // The Cyrillic letter that looks like a `p`.
        if next == 0xD1, end + 2 == token.end, bytes[end + 1] == 0x80 { return Resolution(lines: height) }
        guard next == UInt8(ascii: "p") || next == UInt8(ascii: "i") else {
            let isHD = Word(bytes[end..<token.end]) == Self.hd || next == 0 && Self.heads.contains(prefix)
            return isHD ? Resolution(lines: height) : nil
        }
        let isInterlaced = next == UInt8(ascii: "i")
        if let exact = Resolution(lines: height, isInterlaced: isInterlaced) { return exact }
        guard end + 1 == token.end else { return nil }
        if height % 10 == 0, let slip = Resolution(lines: height / 10, isInterlaced: isInterlaced) { return slip }
        return prefix.isEmpty && !isInterlaced && (300...1_200).contains(height) ? Resolution(lines: height) : nil
    }

    /// `720`, `1080` and `2160` alone: heights only where other tags are.
    func bareHeight(_ number: Int?) -> Resolution? {
        switch number {
        case 720: .p720
        case 1_080: .p1080
        case 2_160: .p2160
        default: nil
        }
    }

    /// Three to five figures, the letter O taken for a zero between them.
    private func height(from start: Int, upTo end: Int) -> (Int, Int)? {
        guard bytes[start].isDigit, start == 0 || !bytes[start - 1].isDigit else { return nil }
        var at = start
        var height = 0
        while at < end, at - start < 6 {
            let isZero = at > start && bytes[at].lowercased == UInt8(ascii: "o")
            guard bytes[at].isDigit || isZero else { break }
            height = height * 10 + (isZero ? 0 : Int(bytes[at] - 48))
            at += 1
        }
        return (3...5).contains(at - start) ? (height, at) : nil
    }

    private static let hd = Word("hd")
    private static let heads = Set(["hd", "bd", "br", "web", "uhd", "fhd", "bdrip", "webrip"].map { Word($0) })

    private func bracketedHeight(_ number: Int, at index: Int) -> Resolution? {
        guard number == 720 || number == 1_080 || number == 2_160, tokens[index].before.contains(.open),
            index + 1 == tokens.count || tokens[index + 1].before.contains(.close)
        else { return nil }
        return Resolution(lines: number)
    }

    /// `1280 x 720`.
    private func spacedDimensions(_ width: Int, at index: Int) -> Resolution? {
        guard width >= 640, index + 2 < tokens.count, tokens[index + 1].word == Word("x"),
            let height = tokens[index + 2].number, height >= 200
        else { return nil }
        return Resolution(width: width, height: height)
    }

    /// `1920x1036`, with or without a `p`.
    private func dimensions(_ token: Token) -> Resolution? {
        var at = token.start
        var numbers = [0, 0]
        for index in 0..<2 {
            let start = at
            while at < token.end, bytes[at].isDigit, at - start < 5 {
                numbers[index] = numbers[index] * 10 + Int(bytes[at] - 48)
                at += 1
            }
            if index == 0 {
                guard at - start >= 3, at < token.end, bytes[at].lowercased == UInt8(ascii: "x") else { return nil }
                at += 1
            }
        }
        guard numbers[0] >= 400, numbers[1] >= 200 else { return nil }
        return Resolution(width: numbers[0], height: numbers[1])
    }
}

extension Resolution {
    fileprivate init?(lines: Int, isInterlaced: Bool = false) {
        self.init(rawValue: "\(lines)\(isInterlaced ? "i" : "p")")
    }

    /// Films are wider than television: the width decides, unless the height is a usual one.
    fileprivate init(width: Int, height: Int) {
        if let exact = Resolution(rawValue: "\(height)p") {
            self = exact
            return
        }
        self =
            switch max(width, height * 16 / 9) {
            case 3_600...: .p2160
            case 2_400...: .p1440
            case 1_800...: .p1080
            case 1_200...: .p720
            default: height >= 540 ? .p576 : .p480
            }
    }
}
