import HTTP
import Storage

extension Visit {
    /// The frame of a page for somebody who is signed in.
    func frame(
        _ title: String, for me: Me, live: String? = nil, refreshSeconds: Int? = nil, search: String? = nil
    ) -> PageFrame {
        let path = request.path
        func link(_ href: String, _ label: String, _ icon: String) -> NavLink {
            let isCurrent = href == "/" ? path == "/" : path == href || path.hasPrefix(href + "/")
            return NavLink(href: href, label: label, icon: icon, isCurrent: isCurrent)
        }
        let asking = path.hasPrefix("/requests/new") || path.hasPrefix("/search")
        var requests = link("/requests", "Requests", "list")
        var ask = link("/requests/new", "Ask", "plus")
        (requests.isCurrent, ask.isCurrent) = (requests.isCurrent && !asking, asking)
        var bell = link("/notices", "Notices", "bell")
        if me.unread > 0 {
            bell.count = me.unread > 99 ? "99+" : String(me.unread)
            bell.label = "Notices, \(bell.count ?? "") unread"
        }
        var menu = [link("/account", "Your account", "person")]
        if me.isAdministrator {
            menu += [
                link("/admin/expiry", "Expiry", "clock"), link("/admin/indexers", "Indexers", "indexer"),
                link("/admin/accounts", "People", "people"), link("/admin/backups", "Backups", "down"),
                link("/admin/settings", "Settings", "settings"),
            ]
        }
        return PageFrame(
            title: title,
            person: SignedInPerson(name: me.user.name, initials: Self.initials(me.user.name), role: me.user.role.word),
            nav: [link("/", "Home", "home"), requests, ask], bell: bell, menu: menu, csrf: csrf, flash: flash?.notice,
            live: live,
            refreshSeconds: refreshSeconds, theme: me.user.theme?.rawValue, search: search)
    }

    /// The frame of a page that stands alone.
    func plainFrame(_ title: String) -> PageFrame {
        PageFrame(title: title, csrf: csrf, flash: flash?.notice)
    }

    private static func initials(_ name: String) -> String {
        let words = name.split(whereSeparator: { !$0.isLetter && !$0.isNumber })
        let letters = words.count > 1 ? words.prefix(2).compactMap(\.first) : Array((words.first ?? "").prefix(2))
        return String(letters).uppercased()
    }
}
