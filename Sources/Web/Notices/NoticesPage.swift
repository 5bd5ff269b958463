import HTTP
import Orchestrator
import Storage

extension Site {
    private static let noticesPerPage = 30

    func noticesPage(_ visit: Visit, _ me: Me) async throws -> Response {
        let before = visit.request.query["before"].flatMap { Int64($0) }
        let told = try await read {
            try await Notices.list(
                of: me.id, under: me.user.ageLimit, before: before ?? .max, limit: Self.noticesPerPage + 1, on: $0)
        }
        let shown = told.prefix(Self.noticesPerPage)
        return visit.page(
            NoticesPage(
                page: visit.frame("Notices", for: me, live: LiveAddress.path(downloads: [])),
                nothing: shown.isEmpty
                    ? EmptyState(
                        icon: "bell", title: "Nothing here",
                        text: "When something happens to what you asked for, it is said here.") : nil,
                reading: shown.first.flatMap { newest in
                    guard me.unread > 0 else { return nil }
                    return ActionForm(
                        action: "/notices/reading", label: "Mark all as read", csrf: visit.csrf,
                        fields: [HiddenField(name: "last", value: String(newest.id))])
                },
                notices: shown.map { notice in
                    NoticeRow(
                        href: "/requests/\(notice.request)",
                        title: notice.year.map { "\(notice.title) (\($0))" } ?? notice.title, text: notice.words,
                        when: visit.times.relative(notice.at), iso: Times.iso(notice.at),
                        isUnread: notice.isUnread)
                },
                older: told.count > shown.count ? shown.last.map { "/notices?before=\($0.id)" } : nil,
                newest: before == nil ? nil : "/notices"))
    }

    func readNotices(_ visit: Visit, _ me: Me) async throws -> Response {
        guard let last = try visit.entries().form["last"].flatMap({ Int64($0) }) else {
            throw PageError.badRequest("The form is incomplete. Open its page again and send it once more.")
        }
        try await write { try await Notices.markRead(of: me.id, upTo: last, on: $0) }
        return visit.redirect(to: "/notices")
    }
}
