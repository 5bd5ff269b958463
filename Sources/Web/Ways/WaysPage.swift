import HTTP
import HTTPClient
import HTTPServer
import HTTPTypes
import Logging
import Orchestrator
import Postgres
import Storage

extension Site {
    func waysPage(_ visit: Visit, _ me: Me) async throws -> Response {
        try await ways(visit, me, Entries())
    }

    /// Saves the whole table of what goes where.
    func chooseNotices(_ visit: Visit, _ me: Me) async throws -> Response {
        let entries = try visit.entries(repeated: ["way", "tick"])
        var chosen: [Int64: Set<Told.Kind>] = [:]
        for id in entries.all("way").compactMap({ Int64($0) }) { chosen[id] = [] }
        for tick in entries.all("tick") {
            let parts = tick.split(separator: ":")
            guard parts.count == 2, let id = Int64(parts[0]), let kind = Told.Kind(rawValue: String(parts[1])) else {
                throw PageError.badRequest("The form is incomplete. Open its page again and send it once more.")
            }
            chosen[id]?.insert(kind)
        }
        try await write { [chosen] in try await Ways.choose(chosen, of: me.id, on: $0) }
        return visit.redirect(to: "/account/notices", saying: .looksChanged)
    }

    func saveQuietHours(_ visit: Visit, _ me: Me) async throws -> Response {
        var entries = try visit.entries()
        let from = entries.timeOfDay("from")
        let to = entries.timeOfDay("to")
        if from == nil, to != nil { entries.refuse("from", "When do they begin?") }
        if to == nil, from != nil { entries.refuse("to", "When do they end?") }
        if let from, from == to { entries.refuse("to", "They cannot end as they begin.") }
        guard entries.areValid else { return try await ways(visit, me, entries, status: .unprocessableContent) }
        let hours = from.flatMap { from in to.map { QuietHours(from: from, to: $0) } }
        try await write { try await QuietHours.save(hours, of: me.id, on: $0) }
        try await orchestrator.houseChanged(searchAgain: false)
        return visit.redirect(to: "/account/notices", saying: .looksChanged)
    }

    /// - Parameter entries: the quiet hours as they were typed.
    private func ways(
        _ visit: Visit, _ me: Me, _ entries: Entries, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let (ways, hasMail, quiet) = try await read { connection in
            (
                try await Ways.list(of: me.id, on: connection), try await MailSettings.load(on: connection) != nil,
                try await QuietHours.load(of: me.id, on: connection)
            )
        }
        func time(_ name: String, _ label: String, _ minutes: Int?) -> Field {
            Field(
                name: name, label: label, value: entries.form[name] ?? minutes.map(Entries.timeOfDay) ?? "",
                type: "time",
                error: entries.error(name))
        }
        return visit.page(
            WaysPage(
                page: visit.frame("How you are told", for: me),
                kinds: WaySettings.Kind.allCases.filter { $0 != .email || hasMail }.map {
                    WayKindLink(href: "/account/notices/new?kind=\($0.rawValue)", label: $0.label)
                },
                mail: hasMail || !me.isAdministrator ? nil : "/admin/mail",
                ways: ways.map { way in
                    WayRow(
                        id: String(way.id), name: way.settings.name, kind: way.settings.kind.label,
                        place: way.settings.place,
                        trouble: way.settings.isConfirmed
                            ? way.trouble : "Not used yet: type the code that was sent there.",
                        href: "/account/notices/\(way.id)")
                },
                events: Told.Kind.allCases.map { kind in
                    EventRow(
                        label: kind.label,
                        ticks: ways.map { way in
                            NoticeTick(
                                value: "\(way.id):\(kind.rawValue)", way: way.settings.name,
                                label: "\(kind.label), by \(way.settings.name)",
                                isTicked: way.settings.notices.contains(kind))
                        })
                },
                zone: SelectField.words(zone: me.user.times.zone), from: time("from", "From", quiet?.from),
                to: time("to", "To", quiet?.to)), status: status)
    }

    func newWayPage(_ visit: Visit, _ me: Me) async throws -> Response {
        guard let kind = WaySettings.Kind(rawValue: visit.request.query["kind"] ?? "") else { throw NotFound() }
        if kind == .email, try await read({ try await MailSettings.load(on: $0) }) == nil { throw NotFound() }
        let fresh = WaySettings(kind: kind, name: kind.label, address: "", notices: Told.Kind.usual)
        var form = WayDraft.form(fresh).pairs
        if let usual = kind.address.usual { form.append(("address", usual)) }
        return wayForm(visit, me, kind, nil, Entries(Form(form)))
    }

    func wayPage(_ visit: Visit, _ me: Me) async throws -> Response {
        let (id, way) = try await way(visit, me)
        return wayForm(visit, me, way.kind, (id, way), Entries(WayDraft.form(way)))
    }

    func addWay(_ visit: Visit, _ me: Me) async throws -> Response {
        try await saveWay(visit, me, nil)
    }

    func changeWay(_ visit: Visit, _ me: Me) async throws -> Response {
        try await saveWay(visit, me, try await way(visit, me))
    }

    func removeWay(_ visit: Visit, _ me: Me) async throws -> Response {
        let id = try visit.parameters.integer("id")
        guard try await write({ try await Ways.remove(id, of: me.id, on: $0) }) else { throw NotFound() }
        return visit.redirect(to: "/account/notices", saying: .wayRemoved)
    }

    /// Sends a test over the way that the form describes, and shows the form again with what came back. Nothing is kept.
    func testWay(_ visit: Visit, _ me: Me) async throws -> Response {
        var entries = try visit.entries()
        var known: (Int64, WaySettings)?
        if !entries["way"].isEmpty {
            guard let id = Int64(entries["way"]),
                let way = try await read({ try await Ways.find(id, of: me.id, on: $0) })
            else { throw NotFound() }
            known = (id, way)
        }
        guard let kind = known?.1.kind ?? WaySettings.Kind(rawValue: entries["kind"]) else { throw NotFound() }
        guard let draft = WayDraft(&entries, kind: kind, known?.1) else {
            return wayForm(visit, me, kind, known, entries, status: .unprocessableContent)
        }
        guard draft.settings.isConfirmed else { throw NotFound() }
        let mayBePrivate = try await read { try await Ways.mayBePrivate(of: me.id, on: $0) }
        let answer = try await orchestrator.test(draft.settings, mayBePrivate: mayBePrivate)
        return wayForm(
            visit, me, kind, known, entries,
            notice: Notice(kind: answer.isGood ? "success" : "error", text: answer.sentence),
            status: answer.isGood ? .ok : .unprocessableContent)
    }

    /// The way that the address names, if it is theirs.
    func way(_ visit: Visit, _ me: Me) async throws -> (Int64, WaySettings) {
        let id = try visit.parameters.integer("id")
        guard let way = try await read({ try await Ways.find(id, of: me.id, on: $0) }) else { throw NotFound() }
        return (id, way)
    }

    private func saveWay(_ visit: Visit, _ me: Me, _ known: (id: Int64, way: WaySettings)?) async throws -> Response {
        var entries = try visit.entries()
        guard let kind = known?.way.kind ?? WaySettings.Kind(rawValue: entries["kind"]) else { throw NotFound() }
        guard let draft = WayDraft(&entries, kind: kind, known?.way) else {
            return wayForm(visit, me, kind, known, entries, status: .unprocessableContent)
        }
        let id: Int64
        do {
            id = try await write { connection in
                if let known {
                    guard try await Ways.update(known.id, of: me.id, draft.settings, on: connection) else {
                        throw NotFound()
                    }
                    return known.id
                }
                return try await Ways.add(draft.settings, of: me.id, on: connection)
            }
        } catch let error as PostgresError where error.isUniqueViolation(constraint: "ways_name") {
            entries.refuse("name", "You have a way of that name already.")
            return wayForm(visit, me, kind, known, entries, status: .unprocessableContent)
        }
        if known == nil, !draft.settings.isConfirmed {
            return try await sendCode(to: draft.settings.address, visit, me, way: id)
        }
        return visit.redirect(to: "/account/notices", saying: .waySaved)
    }

    /// - Parameter code: what was typed as the code that was sent to a mailbox.
    func wayForm(
        _ visit: Visit, _ me: Me, _ kind: WaySettings.Kind, _ known: (id: Int64, way: WaySettings)?,
        _ entries: Entries, notice: Notice? = nil, code: Entries = Entries(), status: HTTPResponse.Status = .ok
    ) -> Response {
        let path = known.map { "/account/notices/\($0.id)" }
        let address = kind.address
        return visit.page(
            WayPage(
                page: visit.frame(known?.way.name ?? "Be told by \(kind.label)", for: me), notice: notice,
                action: path ?? "/account/notices", id: known.map { String($0.id) } ?? "", kind: kind.rawValue,
                name: Field("name", "Name", entries, hint: "What you call it.", isRequired: true, autocomplete: "off"),
                address: kind == .email && known != nil
                    ? nil
                    : Field(
                        name: "address", label: address.label,
                        value: known == nil || entries.error("address") != nil ? entries["address"] : "",
                        type: kind == .email ? "email" : "text",
                        hint: known.map { "It leads to \($0.way.place). Leave this empty to keep it." } ?? address.hint,
                        error: entries.error("address"), isRequired: known == nil,
                        autocomplete: kind == .email ? "email" : "off"),
                mailbox: kind == .email ? known?.way.address : nil,
                code: known.flatMap { known in
                    known.way.isConfirmed
                        ? nil
                        : MailboxCode(
                            action: "/account/notices/\(known.id)/confirmation", address: known.way.address,
                            field: Field("code", "Code", code, isRequired: true, autocomplete: "one-time-code"),
                            again: ActionForm(
                                action: "/account/notices/\(known.id)/codes", label: "Send another code",
                                csrf: visit.csrf))
                },
                isTested: kind != .email || known?.way.isConfirmed == true,
                target: kind.target.map { Field("target", $0, entries, isRequired: true, autocomplete: "off") },
                secret: kind.secret.map { secret in
                    Field(
                        "secret", secret.label, entries, type: "password",
                        hint: known?.way.secret == nil ? nil : "There is one. Leave this empty to keep it.",
                        isRequired: secret.isRequired && known?.way.secret == nil, autocomplete: "off")
                },
                template: kind == .webhook
                    ? WayTemplate(text: entries.exactly("template"), error: entries.error("template")) : nil,
                remove: path.map {
                    ActionForm(
                        action: "\($0)/deletion", label: "Remove", csrf: visit.csrf, style: "danger",
                        confirm: "Remove it? What is still to be sent over it goes too.")
                }), status: status)
    }
}

extension Entries {
    /// "22:30" as minutes of the day; nil when nothing was typed, or something else.
    fileprivate mutating func timeOfDay(_ name: String) -> Int? {
        let text = self[name]
        guard !text.isEmpty else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 && $0.allSatisfy { $0.isASCII && $0.isNumber } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60
        else {
            refuse(name, "This is a time such as 22:30.")
            return nil
        }
        return hour * 60 + minute
    }

    /// The same as it is typed.
    fileprivate static func timeOfDay(_ minutes: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(minutes / 60)):\(two(minutes % 60))"
    }
}

extension WaySettings {
    /// Where it leads, without what may be a secret.
    var place: String {
        if kind == .email { return address }
        guard let url = WebURL(address) else { return "nowhere" }
        return "\(url.scheme)://\(url.origin.host):\(url.origin.port)"
    }
}
