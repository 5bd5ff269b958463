import TestSupport

/// An indexer, or all of them, answer badly for a while.
struct IndexersMisbehave: Fault {
    let kind: String
    let victim = Victim.outside
    let modes: [StandInIndexer.Mode]

    static let all = [
        IndexersMisbehave(kind: "indexer refuses", modes: [.closing, .status(500), .status(403)]),
        IndexersMisbehave(kind: "indexer hangs", modes: [.silence]),
        IndexersMisbehave(
            kind: "indexer answers rubbish", modes: [.page, .truncated, .error(code: 900, description: "?")]),
        IndexersMisbehave(kind: "indexer is busy", modes: [.busy(retryAfter: 2)]),
    ]

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        guard let mode = dice.pick(modes) else { return false }
        let some = dice.chance(50) ? house.indexers : dice.pick(house.indexers).map { [$0] } ?? []
        // A torrent that is asked for now and not handed out is a failure that people are told of.
        house.excuse("did not hand out the torrent")
        house.excuse("what the indexer sent is no usable torrent")
        for indexer in some { indexer.behave(mode) }
        try await Task.sleep(for: dice.milliseconds(300...2500))
        for indexer in some { indexer.behave(.well) }
        return true
    }
}

/// TVmaze answers badly for a while.
struct TVmazeMisbehaves: Fault {
    let kind: String
    let victim = Victim.outside
    let mode: StandInTVmaze.Mode

    static let all = [
        TVmazeMisbehaves(kind: "TVmaze refuses", mode: .status(500)),
        TVmazeMisbehaves(kind: "TVmaze hangs", mode: .silence),
        TVmazeMisbehaves(kind: "TVmaze answers rubbish", mode: .page),
        TVmazeMisbehaves(kind: "TVmaze is busy", mode: .busy(times: 20, retryAfter: 1)),
    ]

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        house.tvmaze.behave(mode)
        try await Task.sleep(for: dice.milliseconds(300...2500))
        house.tvmaze.behave(.well)
        return true
    }
}

/// The places where people are told elsewhere answer badly for a while.
struct WebhooksMisbehave: Fault {
    let kind: String
    let victim = Victim.outside
    let mode: Webhooks.Mode

    static let all = [
        WebhooksMisbehave(kind: "webhook refuses", mode: .refusing),
        WebhooksMisbehave(kind: "webhook hangs", mode: .silent),
        WebhooksMisbehave(kind: "webhook hangs up", mode: .closing),
    ]

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        house.webhooks.behave(mode)
        try await Task.sleep(for: dice.milliseconds(300...2500))
        house.webhooks.behave(.well)
        return true
    }
}
