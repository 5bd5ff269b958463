extension ParsedRelease {
    /// What was read as one line of JSON, for `usher release parse`. A key is absent where the name does not say.
    public var json: String {
        var object = JSONLine()
        object.add("release", string: name)
        guard !isNoise else { return object.finished() }
        object.add("kind", string: kind.rawValue)
        if !title.isEmpty { object.add("title", string: title) }
        if let year { object.add("year", raw: "\(year)") }
        object.add("seasons", raw: "\(seasons)")
        object.add("episodes", raw: "\(episodes)")
        if kind == .tv {
            object.add("full_season", raw: "\(isFullSeason)")
            object.add("complete", raw: "\(isCompleteSeries)")
        }
        if let day = dailyDate { object.add("date", string: day.text) }
        if let resolution { object.add("resolution", string: resolution.rawValue) }
        if let source { object.add("source", string: source.rawValue) }
        if let modifier { object.add("modifier", string: modifier.rawValue) }
        if let codec { object.add("codec", string: codec.rawValue) }
        object.add("hdr", strings: dynamicRange.map(\.rawValue))
        object.add("audio", strings: audio.map(\.rawValue))
        if let channels { object.add("channels", string: channels) }
        object.add("languages", strings: languages.map(\.rawValue))
        if let edition { object.add("edition", string: edition.rawValue) }
        if let network { object.add("network", string: network.rawValue) }
        if let group { object.add("group", string: group) }
        object.add("proper", raw: "\(isProper)")
        object.add("repack", raw: "\(isRepack)")
        object.add("real", raw: "\(real > 0)")
        object.add("revision", raw: "\(revision)")
        if kind == .game {
            object.add("platform", string: (platforms.first ?? .windows).rawValue)
            object.add("content", string: (content ?? .full).rawValue)
            object.add("genres", strings: genres.map(\.rawValue))
            if let version { object.add("version", string: version) }
        }
        return object.finished()
    }
}

/// One JSON object, built key by key.
private struct JSONLine {
    private var text = "{"

    mutating func add(_ key: String, raw: String) {
        if text.utf8.count > 1 { text += ", " }
        text += "\"\(key)\": \(raw)"
    }

    mutating func add(_ key: String, string: String) {
        add(key, raw: Self.quoted(string))
    }

    mutating func add(_ key: String, strings: [String]) {
        add(key, raw: "[" + strings.map(Self.quoted).joined(separator: ", ") + "]")
    }

    consuming func finished() -> String { text + "}" }

    private static func quoted(_ string: String) -> String {
        var quoted = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case "\u{0}"..<"\u{20}":
                let hex = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
