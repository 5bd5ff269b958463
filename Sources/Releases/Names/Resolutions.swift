extension NameReader {
    /// `1080p`, `m1080p`, `BD720p`, `1280x720`, `[720]`, and the slips `7200p` and `10800p`.
    func resolution(at index: Int) -> Resolution? {
        let token = tokens[index]
        if let number = token.number {
            if let bracketed = bracketedHeight(number, at: index) { return bracketed }
            return spacedDimensions(number, at: index)
        }
        guard token.count >= 4, bytes[token.end - 1].isLetter || bytes[token.end - 1].isDigit else { return nil }
        if let height = dimensions(token) { return height }
        let last = bytes[token.end - 1].lowercased
        guard last == UInt8(ascii: "p") || last == UInt8(ascii: "i") else { return nil }
        var at = token.end - 1
        var height = 0
        var scale = 1
        while at > token.start, bytes[at - 1].isDigit, scale <= 10_000 {
            at -= 1
            height += Int(bytes[at] - 48) * scale
            scale *= 10
        }
        guard scale >= 1_000, at == token.start || bytes[at - 1].isLetter || bytes[at - 1] >= 0x80 else { return nil }
        let isInterlaced = last == UInt8(ascii: "i")
        if let exact = Resolution(lines: height, isInterlaced: isInterlaced) { return exact }
        if height % 10 == 0, let slip = Resolution(lines: height / 10, isInterlaced: isInterlaced) { return slip }
        return at == token.start && !isInterlaced && (300...1_200).contains(height) ? Resolution(lines: height) : nil
    }

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
