import Releases
import Storage

/// How large each quality usually is, by what the house's indexers have offered lately.
struct SizeEstimates {
    /// Fewer releases of other titles say nothing.
    static let fewest = 3

    private let hints: [Quality: String]

    init(_ kind: Kind, seen: [SeenSize]) {
        var sizes: [Quality: [Int64]] = [:]
        for release in seen {
            guard let quality = ParsedRelease(release.name).quality else { continue }
            sizes[quality, default: []].append(release.each)
        }
        hints = sizes.filter { $1.count >= Self.fewest }.mapValues { sizes in
            "about \(Figures.bytes(Self.middle(of: sizes)))\(kind == .show ? " an episode" : "")"
        }
    }

    /// "about 4.2 GB"; nil where too little was seen.
    subscript(_ quality: Quality) -> String? { hints[quality] }

    /// The median of at least one.
    static func middle(of sizes: [Int64]) -> Int64 {
        let sorted = sizes.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}

extension SeenSize {
    /// Bytes a movie, an episode or a game.
    var each: Int64 { bytes / Int64(parts) }
}
