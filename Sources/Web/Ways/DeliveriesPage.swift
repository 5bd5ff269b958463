import HTTP
import HTTPServer
import Logging
import Orchestrator
import Postgres
import Storage

extension Site {
    private static let deliveriesShown = 100

    func deliveriesPage(_ visit: Visit, _ me: Me) async throws -> Response {
        let (failed, isAllowed) = try await read { connection in
            (
                try await Deliveries.failed(limit: Self.deliveriesShown, on: connection),
                try await Ways.areAllPrivateAllowed(on: connection)
            )
        }
        return visit.page(
            DeliveriesPage(
                page: visit.frame("Failed deliveries", for: me),
                nothing: failed.isEmpty
                    ? EmptyState(
                        icon: "bell", title: "Nothing failed",
                        text: "A notice that could not be delivered, after all attempts, is listed here.") : nil,
                all: failed.isEmpty
                    ? nil
                    : ActionForm(action: "/admin/deliveries/sending", label: "Send all again", csrf: visit.csrf),
                rows: failed.map { delivery in
                    DeliveryRow(
                        person: delivery.person, way: "\(delivery.way) (\(delivery.kind.label))",
                        title: delivery.title, href: "/requests/\(delivery.request)", error: delivery.error,
                        attempts: Times.count(delivery.attempts, "attempt"),
                        when: visit.times.relative(delivery.at), iso: Times.iso(delivery.at),
                        again: ActionForm(
                            action: "/admin/deliveries/\(delivery.id)/sending", label: "Send again", csrf: visit.csrf))
                },
                allowed: isAllowed ? "may lead" : "may not lead",
                allowing: ActionForm(
                    action: "/admin/deliveries/addresses", label: isAllowed ? "Forbid it" : "Allow it",
                    csrf: visit.csrf, fields: [HiddenField(name: "private", value: isAllowed ? "no" : "yes")])))
    }

    func sendAgain(_ visit: Visit, _ me: Me) async throws -> Response {
        let id = try visit.parameters.integer("id")
        guard try await write({ try await Deliveries.sendAgain(id, on: $0) }) else { throw NotFound() }
        try await orchestrator.houseChanged(searchAgain: false)
        return visit.redirect(to: "/admin/deliveries", saying: .sentAgain)
    }

    func sendAllAgain(_ visit: Visit, _ me: Me) async throws -> Response {
        try await write { try await Deliveries.sendAllAgain(on: $0) }
        try await orchestrator.houseChanged(searchAgain: false)
        return visit.redirect(to: "/admin/deliveries", saying: .sentAgain)
    }

    /// Says whether what members enter may lead into the house's network.
    func allowPrivateWays(_ visit: Visit, _ me: Me) async throws -> Response {
        let isAllowed = try visit.entries()["private"] == "yes"
        try await write { connection in
            try await Ways.allowPrivate(isAllowed, on: connection)
            let done = isAllowed ? "allowed" : "forbade"
            try await Audit.add(.settings, "\(done) notices to private addresses", by: me.id, on: connection)
        }
        logger.notice("Private addresses of notices", metadata: ["allowed": "\(isAllowed)", "by": "\(me.id)"])
        return visit.redirect(to: "/admin/deliveries", saying: .settingsSaved)
    }
}
