import Aria2
import FoundationEssentials
import Logging
import Orchestrator

extension Site {
    /// How these downloads are doing now, ready to be shown. Never fails: what is not known says so.
    func progress(of downloads: [Int64]) async -> [Int64: DownloadProgress] {
        guard !downloads.isEmpty else { return [:] }
        do {
            return Self.shown(try await orchestrator.progress(of: downloads), downloads)
        } catch {
            logger.debug("Progress could not be asked for", metadata: ["reason": "\(error)"])
            return Self.shown(.unknown(since: Date()), downloads)
        }
    }

    private static func shown(_ live: LiveProgress, _ downloads: [Int64]) -> [Int64: DownloadProgress] {
        Dictionary(
            downloads.map { id in
                switch live {
                case .known(let transfers): (id, DownloadProgress(id, transfers[id]))
                case .unknown(let since): (id, DownloadProgress(id, unknownSince: since))
                }
            }
        ) { first, _ in first }
    }
}

extension DownloadProgress {
    static func elementID(_ download: Int64) -> String { "download-\(download)" }

    init(_ download: Int64, unknownSince since: Date) {
        // In words that are the same for whoever looks, by whatever clock.
        let minutes = Int(-since.timeIntervalSinceNow / 60)
        let time = minutes < 1 ? "" : " for \(Times.count(minutes, "minute"))"
        self.init(
            id: Self.elementID(download), phase: "Progress unknown: aria2 has not answered\(time)", isUnknown: true)
    }

    /// The figures of a transfer; none when aria2 has not been given it yet.
    init(_ download: Int64, _ transfer: Transfer?) {
        guard let transfer else {
            self.init(id: Self.elementID(download), phase: "Getting the torrent")
            return
        }
        let fraction = transfer.measured
        let isMoving = transfer.phase == .downloading
        self.init(
            id: Self.elementID(download), phase: transfer.words, isPlain: isMoving,
            permille: fraction.map { Int($0 * 1000) }, percent: fraction.map { "\(Int($0 * 100)) %" },
            amount: transfer.total > 0 ? Figures.part(transfer.completed, of: transfer.total) : nil,
            downSpeed: isMoving ? Figures.speed(transfer.downSpeed) : nil,
            upSpeed: transfer.upSpeed > 0 ? Figures.speed(transfer.upSpeed) : nil,
            timeLeft: isMoving ? transfer.secondsLeft.map(Figures.left) : nil,
            peers: Times.count(transfer.connections, "peer"), seeds: Times.count(transfer.seeders, "seed"))
    }
}

extension Transfer {
    /// How much is done, 0 to 1; nil while there is nothing to measure.
    fileprivate var measured: Double? {
        if case .verifying(let fraction) = phase { return min(max(fraction, 0), 1) }
        return total > 0 && phase != .fetchingMetadata ? fraction : nil
    }

    fileprivate var words: String {
        switch phase {
        case .fetchingMetadata: "Fetching metadata"
        case .queued(let position):
            position == 1 ? "Waiting for its turn, which is next" : "Waiting for its turn (number \(position))"
        case .waitingToVerify: "Waiting to be verified"
        case .verifying: "Verifying what is on the disk"
        case .downloading: "Downloading"
        case .paused: "Paused"
        case .finished: "All of it is here"
        case .failed(_, let message): "Failed: \(message)"
        case .removed: "Removed"
        }
    }
}
