import FoundationEssentials
import Lifecycle
import Releases
import Storage

/// The releases of a request: those of the latest search and of the one under way, and what earlier ones saw.
struct ReleaseLists {
    let view: RequestPageView

    var latest: ReleaseTable? {
        table(view.details.releases.filter(isLatest))
    }

    var older: ReleaseTable? {
        table(view.details.releases.filter { !isLatest($0) })
    }

    private func isLatest(_ release: ReleaseDetails) -> Bool {
        release.search == view.details.search?.id || release.search == view.details.running?.id
    }

    /// Whether the latest search's best release still stands first: what failed since goes behind the others.
    var isBestFirst: Bool {
        view.details.releases.first { $0.search == view.details.search?.id }.map(Self.fits) ?? false
    }

    private func table(_ releases: [ReleaseDetails]) -> ReleaseTable? {
        guard !releases.isEmpty else { return nil }
        let isComplete =
            !view.details.items.isEmpty && view.details.items.allSatisfy { $0.item.status == .completed }
        return ReleaseTable(
            action: "\(view.path)/selections", csrf: view.visit.csrf,
            over: view.details.summary.downloads.map(String.init).joined(separator: " "),
            rows: (releases.filter(Self.fits) + releases.filter { !Self.fits($0) }).map(row),
            canChoose: view.canAct && !isComplete && view.details.summary.approval == nil)
    }

    private func row(_ release: ReleaseDetails) -> ReleaseRow {
        ReleaseRow(
            id: String(release.id), name: release.name, indexer: release.indexer,
            size: release.size.map(Figures.bytes) ?? "unknown", seeders: release.seeders.map(String.init) ?? "unknown",
            age: release.publishedAt.map { view.visit.times.relative($0) } ?? "unknown",
            tags: Self.tags(of: release.name), isAccepted: Self.fits(release), isChosen: release.isChosen,
            reasons: release.reasons + (release.isBlocked && release.isAccepted ? ["Its download failed before."] : []))
    }

    private static func fits(_ release: ReleaseDetails) -> Bool { release.isAccepted && !release.isBlocked }

    private static func tags(of name: String) -> [String] {
        let parsed = ParsedRelease(name)
        return [
            parsed.resolution?.rawValue, parsed.source.map(label), parsed.modifier.map(label), parsed.codec.map(label),
        ].compactMap(\.self)
    }

    private static func label(_ source: Source) -> String {
        switch source {
        case .cam: "CAM"
        case .telesync: "Telesync"
        case .telecine: "Telecine"
        case .screener: "Screener"
        case .workprint: "Workprint"
        case .tv: "TV"
        case .dvd: "DVD"
        case .webdl: "WEB-DL"
        case .webrip: "WEBRip"
        case .hdrip: "HDRip"
        case .bluray: "BluRay"
        }
    }

    private static func label(_ modifier: Modifier) -> String {
        switch modifier {
        case .remux: "Remux"
        case .brdisk: "Whole disc"
        case .rawhd: "Raw HD"
        }
    }

    private static func label(_ codec: Codec) -> String {
        switch codec {
        case .h264: "x264"
        case .h265: "x265"
        case .av1: "AV1"
        case .xvid: "XviD"
        case .divx: "DivX"
        case .mpeg2: "MPEG-2"
        case .vc1: "VC-1"
        case .vp9: "VP9"
        }
    }
}
