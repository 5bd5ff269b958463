/// A fact about an item. What it does to the item's status is for ``Transitions`` to say.
public enum Event: String, CaseIterable, Sendable {
    /// A search saw at least one release that is acceptable for the item.
    case searchedFound
    /// A search ended (an indexer answered) and nothing in it was acceptable.
    case searchedNothing
    /// A release that covers the item was chosen.
    case selected
    /// aria2 has the whole payload.
    case downloadCompleted
    /// The download cannot succeed.
    case downloadFailed
    /// The download was taken out of aria2 by other hands.
    case downloadRemoved
    /// A person cancelled the item or its download.
    case cancelled
    /// It was not searched for as long as the house allows.
    case expired
    /// It is to be searched again.
    case requeued
}
