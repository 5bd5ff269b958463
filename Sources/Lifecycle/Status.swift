/// Where an item is in its life. Exactly these seven; only items store one, everything above them is folded.
public enum Status: String, CaseIterable, Sendable {
    /// Wanted; nothing acceptable was seen yet.
    case pending = "PENDING"
    /// At least one acceptable release was seen; it waits for somebody to choose.
    case found = "FOUND"
    /// A release was chosen and is on its way. How far it is, only aria2 knows.
    case downloading = "DOWNLOADING"
    /// Every byte is here. The only status that nothing leaves.
    case completed = "COMPLETED"
    /// The chosen release could not be downloaded; the history says why.
    case failed = "FAILED"
    /// A person did not want it any more, or removed its download.
    case cancelled = "CANCELLED"
    /// Nothing searched for it for as long as the house allows.
    case expired = "EXPIRED"
}
