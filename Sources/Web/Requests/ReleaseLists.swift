import FoundationEssentials
import Lifecycle
import Releases
import Storage

/// The releases of a request: those of the latest search, and what earlier ones saw.
struct ReleaseLists {
    let view: RequestPageView

    var latest: ReleaseTable? {
        table(view.details.releases.filter { $0.search == view.details.search?.id })
    }

    var older: ReleaseTable? {
        table(view.details.releases.filter { $0.search != view.details.search?.id })
    }

    private func table(_ releases: [ReleaseDetails]) -> ReleaseTable? {
        guard !releases.isEmpty else { return nil }
        let isComplete =
            !view.details.items.isEmpty && view.details.items.allSatisfy { $0.item.status == .completed }
        return ReleaseTable(
            action: "\(view.path)/selections", csrf: view.visit.csrf, rows: releases.map(row),
            canChoose: view.canAct && !isComplete)
    }

    private func row(_ release: ReleaseDetails) -> ReleaseRow {
        ReleaseRow(
            id: String(release.id), name: release.name, indexer: release.indexer,
            size: release.size.map(Figures.bytes) ?? "unknown", seeders: release.seeders.map(String.init) ?? "unknown",
            age: release.publishedAt.map { Times.relative($0, to: view.visit.now) } ?? "unknown",
            tags: Self.tags(of: release.name), isAccepted: release.isAccepted, isChosen: release.isChosen,
            reasons: release.reasons + (release.isBlocked ? ["Its download failed before."] : []))
    }

    private static func tags(of name: String) -> [String] {
        let parsed = ParsedRelease(name)
        return [
            parsed.resolution?.rawValue, parsed.source?.rawValue, parsed.modifier?.rawValue, parsed.codec?.rawValue,
        ].compactMap(\.self)
    }
}
