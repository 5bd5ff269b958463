import HTTP
import HTTPTypes
import Storage

extension Visit {
    /// The frame of a page for somebody who is signed in.
    func frame(
        _ title: String, for me: Me, live: String? = nil, refreshSeconds: Int? = nil, search: String? = nil
    ) -> PageFrame {
        let path = request.path
        func link(_ href: String, _ label: String, _ icon: String, key: String? = nil) -> NavLink {
            let isCurrent = href == "/" ? path == "/" : path == href || path.hasPrefix(href + "/")
            return NavLink(href: href, label: label, icon: icon, isCurrent: isCurrent, key: key)
        }
        let asking = path.hasPrefix("/requests/new") || path.hasPrefix("/search")
        var requests = link("/requests", "Requests", "list", key: "r")
        var ask = link("/requests/new", "Ask", "plus", key: "a")
        (requests.isCurrent, ask.isCurrent) = (requests.isCurrent && !asking, asking)
        var bell = link("/notices", "Notices", "bell", key: "n")
        if me.unread > 0 {
            bell.count = me.unread > 99 ? "99+" : String(me.unread)
            bell.label = "Notices, \(bell.count ?? "") unread"
        }
        var menu = [link("/account", "Your account", "person")]
        if me.isAdministrator {
            var overview = link("/admin", "What needs a hand", "notice-warning")
            overview.isCurrent = path == "/admin"
            menu += [
                overview,
                link("/admin/queue", "Queue", "search"),
                link("/admin/expiry", "Expiry", "clock"),
                link("/admin/indexers", "Indexers", "indexer"),
                link("/admin/accounts", "People", "people"),
                link("/admin/deliveries", "Failed deliveries", "bell"), link("/admin/mail", "E-mail", "bell"),
                link("/admin/sources", "Sources", "search"),
                link("/admin/backups", "Backups", "down"),
                link("/admin/jobs", "Jobs", "clock"), link("/admin/audit", "Who did what", "list"),
                link("/admin/settings", "Settings", "settings"),
            ]
        }
        // What answers a form has an address at which there is nothing to fetch again.
        let isPage = request.method == .get
        return PageFrame(
            title: title,
            person: SignedInPerson(name: me.user.name, initials: Self.initials(me.user.name), role: me.user.role.word),
            nav: [
                link("/", "Home", "home", key: "h"), requests, link("/calendar", "Calendar", "calendar", key: "c"), ask,
            ], bell: bell, menu: menu, csrf: csrf,
            flash: flash, live: isPage ? live : nil, refreshSeconds: isPage ? refreshSeconds : nil,
            theme: me.user.theme?.rawValue,
            search: search, isGuided: me.isGuided && path != "/admin/guide")
    }

    /// The frame of a page that stands alone.
    func plainFrame(_ title: String) -> PageFrame {
        PageFrame(title: title, csrf: csrf, flash: flash)
    }

    private static func initials(_ name: String) -> String {
        let words = name.split(whereSeparator: { !$0.isLetter && !$0.isNumber })
        let letters = words.count > 1 ? words.prefix(2).compactMap(\.first) : Array((words.first ?? "").prefix(2))
        return String(letters).uppercased()
    }
}
