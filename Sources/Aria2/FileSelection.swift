/// Which files of a torrent are fetched, as aria2 numbers them (aria2c(1), `--select-file`).
public struct FileSelection: Sendable, Equatable {
    /// "1,3-5"; empty: all.
    public let text: String

    /// Everything.
    public static let all = FileSelection(text: "")

    private init(text: String) { self.text = text }

    /// All but these.
    ///
    /// - Parameters:
    ///   - unwanted: positions in the list of files, from 0.
    ///   - count: how many files there are.
    public init(without unwanted: Set<Int>, of count: Int) {
        guard !unwanted.isEmpty, unwanted.count < count else {
            self = .all
            return
        }
        var ranges: [ClosedRange<Int>] = []
        for number in 1...count where !unwanted.contains(number - 1) {
            if let last = ranges.last, last.upperBound == number - 1 {
                ranges[ranges.count - 1] = last.lowerBound...number
            } else {
                ranges.append(number...number)
            }
        }
        text = ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ",")
    }
}
