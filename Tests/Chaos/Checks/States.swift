import TestSupport

/// Whether each item is where its last accepted command and the world lead, now that the world is whole.
struct States {
    let house: House
    let items: [ItemState]

    var contradictions: [String] {
        let offers = house.catalogue.offers
        let meddled = house.meddled
        return items.compactMap { item in
            contradiction(item, offers: offers, meddled: meddled).map { sentence in
                "item \(item.id) of request \(item.request) (\(item.title)) is \(item.status) after "
                    + "\(item.event ?? "nothing") (\(item.reason)): \(sentence)"
            }
        }
    }

    private func contradiction(
        _ item: ItemState, offers: [String: Catalogue.Offer], meddled: Set<String>
    ) -> String? {
        switch item.status {
        case "PENDING":
            let open = offers.values.filter { holds($0, item) }.filter { offer in
                offer.infohash.map { !item.blocked.contains($0) } ?? true
            }.filter { offer in
                guard let reason = item.refused[offer.name] else { return true }
                return !house.excuses(reason) && offer.fate != .dead && offer.fate != .broken
            }
            return open.first.map { "\($0.name) is offered; \(item.search)" }
        case "FOUND":
            return offers.values.contains { holds($0, item) } ? nil : "nothing is offered"
        case "DOWNLOADING":
            guard fate(item, offers) != .stalls else { return nil }
            return "\(item.release ?? "no release") is shared, and does not arrive"
        case "COMPLETED":
            guard fate(item, offers) == .arrives else { return "\(item.release ?? "no release") cannot arrive" }
            return item.isPlaced ? nil : "its files are not in their place"
        case "FAILED":
            switch fate(item, offers) {
            case .dead, .broken, .lethal: return nil
            case .arrives, .stalls, nil: return house.excuses(item.reason) ? nil : "it should have succeeded"
            }
        case "CANCELLED":
            if item.event == "downloadRemoved" {
                return item.infohash.map(meddled.contains) ?? false ? nil : "nobody took it out of aria2"
            }
            return item.person == nil ? "nobody did that" : nil
        default: return "that cannot be"
        }
    }

    private func fate(_ item: ItemState, _ offers: [String: Catalogue.Offer]) -> Catalogue.Offer.Fate? {
        item.release.flatMap { offers[$0]?.fate }
    }

    /// Whether the release holds the item, by the way in which the catalogue names releases.
    private func holds(_ offer: Catalogue.Offer, _ item: ItemState) -> Bool {
        let title = item.title.replacing(" ", with: ".")
        guard let season = item.season, let number = item.number else {
            guard offer.name.hasPrefix("\(title).") else { return false }
            return item.platform.map { ($0 == "switch") == offer.name.contains(".NSW-") } ?? true
        }
        return offer.name.hasPrefix("\(title).S0\(season).")
            || offer.name.hasPrefix("\(title).S0\(season)E\(number < 10 ? "0" : "")\(number).")
    }
}
