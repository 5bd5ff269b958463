/// Seasons and requests store no life of their own: theirs is folded from their items.
///
/// The status of a season is that of its latest episode that is not completed, the status of a request that of its
/// latest season that is not completed. All completed: COMPLETED. Nothing there yet: PENDING.
public enum Fold {
    /// The status of a request with these items, in any order.
    public static func request(_ items: some Sequence<Item>) -> Status {
        fold(items)
    }

    /// The status of each season that has items.
    public static func seasons(_ items: some Sequence<Item>) -> [Int: Status] {
        Dictionary(grouping: items.filter { $0.episode != nil }) { $0.episode?.season ?? 0 }.mapValues { fold($0) }
    }

    // The latest season that is not completed is the one that holds the latest episode that is not completed, so one
    // pass over the items serves both.
    private static func fold(_ items: some Sequence<Item>) -> Status {
        var isEmpty = true
        var latest: Item?
        for item in items {
            isEmpty = false
            guard item.status != .completed else { continue }
            if let known = latest, !isLater(item, than: known) { continue }
            latest = item
        }
        if let latest { return latest.status }
        return isEmpty ? .pending : .completed
    }

    private static func isLater(_ item: Item, than other: Item) -> Bool {
        switch (item.episode, other.episode) {
        case (let one?, let two?): one == two ? item.id > other.id : one > two
        case (.some, nil): true
        case (nil, .some): false
        case (nil, nil): item.id > other.id
        }
    }
}
