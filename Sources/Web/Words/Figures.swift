/// Amounts in words.
enum Figures {
    /// "1.2 GB": powers of a thousand, as disks and downloads are counted.
    static func bytes(_ count: Int64) -> String {
        let units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"]
        var value = Double(max(count, 0))
        var unit = 0
        while value >= 999.5, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return unit == 0 ? Times.count(Int(value), "byte") : "\(short(value)) \(units[unit])"
    }

    /// "3.1 MB/s".
    static func speed(_ bytesPerSecond: Int64) -> String { "\(bytes(bytesPerSecond))/s" }

    /// "1.2 of 3.4 GB".
    static func part(_ done: Int64, of total: Int64) -> String { "\(bytes(done)) of \(bytes(total))" }

    /// "4 min left", from seconds.
    static func left(_ seconds: Int64) -> String {
        switch seconds {
        case ..<60: "less than a minute left"
        case ..<3600: "\(seconds / 60) min left"
        case ..<86_400: "\(seconds / 3600) h \(seconds / 60 % 60) min left"
        default: "\(Times.count(Int(seconds / 86_400), "day")) left"
        }
    }

    /// "340 ms", "1.2 s", "4 min".
    static func duration(milliseconds: Int) -> String {
        switch milliseconds {
        case ..<1000: "\(max(milliseconds, 0)) ms"
        case ..<120_000: "\(short(Double(milliseconds) / 1000)) s"
        case ..<7_200_000: "\(milliseconds / 60_000) min"
        // An outage is one line, from its beginning on.
        default: Times.count(milliseconds / 3_600_000, "hour")
        }
    }

    private static func short(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths >= 100 ? "\(Int(value.rounded()))" : "\(tenths / 10).\(tenths % 10)"
    }
}
