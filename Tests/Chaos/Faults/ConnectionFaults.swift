import TestSupport

/// The way to PostgreSQL misbehaves for a while, for one process or for all.
struct WayMisbehaves: Fault {
    let kind: String
    let victim = Victim.postgres
    let behaviour: FaultProxy.Behaviour

    static let all = [
        WayMisbehaves(kind: "reply to COMMIT lost", behaviour: .loseReply(to: "COMMIT")),
        WayMisbehaves(kind: "COMMIT lost", behaviour: .loseRequest("COMMIT")),
        WayMisbehaves(kind: "lost in mid-transaction", behaviour: .loseRequest("INSERT INTO events")),
        WayMisbehaves(kind: "listeners deaf", behaviour: .deafListeners),
        WayMisbehaves(kind: "way to PostgreSQL silent", behaviour: .silence),
        WayMisbehaves(kind: "way to PostgreSQL closed", behaviour: .hangUp),
    ]

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        let proxies = dice.chance(50) ? house.proxies : dice.pick(house.proxies).map { [$0] } ?? []
        for proxy in proxies.joined() { proxy.behave(behaviour) }
        try await Task.sleep(for: dice.milliseconds(300...2500))
        for proxy in proxies.joined() {
            proxy.behave(.forward)
            // What was swallowed does not come any more: such a connection is at its end.
            proxy.cut()
        }
        return true
    }
}

/// Connections end at any moment: all, or those that listen for notifications.
struct ConnectionsCut: Fault {
    let onlyListeners: Bool
    var kind: String { onlyListeners ? "listeners cut" : "connections cut" }
    let victim = Victim.postgres

    func strike(_ house: House, _ dice: inout Dice) async throws -> Bool {
        for _ in 0..<dice.number(2...10) {
            for proxy in house.proxies.joined() { proxy.cut(onlyListeners: onlyListeners) }
            try await Task.sleep(for: dice.milliseconds(20...400))
        }
        return true
    }
}
