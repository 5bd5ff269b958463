import FoundationEssentials
import HTTP
import Lifecycle
import Metadata
import Releases
import Storage

/// Puts the page of a request together.
struct RequestPageView {
    let details: RequestDetails
    /// How big it may be, for those who decide on it.
    let estimate: SizeEstimate?
    let progress: [Int64: DownloadProgress]
    let visit: Visit
    let me: Me

    var request: Storage.Request { details.request }
    var summary: RequestSummary { details.summary }
    var path: String { "/requests/\(request.id)" }
    /// Whether the person who looks may change it.
    var canAct: Bool { summary.isMine || me.isAdministrator }
    private var isComplete: Bool {
        !details.items.isEmpty && details.items.allSatisfy { $0.item.status == .completed }
    }
    /// Whether something is under way that will change the page soon.
    var isMoving: Bool {
        !summary.downloads.isEmpty || summary.isSearching || summary.isSearchAsked
    }

    /// - Parameter entries: the reason for declining it, as it was typed.
    func page(_ entries: Entries, refusal: String?) -> RequestPage {
        let outlook = Outlook(summary, now: visit.now)
        let releases = ReleaseLists(view: self)
        return RequestPage(
            page: visit.frame(
                summary.title, for: me, live: LiveAddress.path(downloads: summary.downloads, request: request.id),
                refreshSeconds: isMoving ? 5 : 60),
            notices: refusal.map { [Notice(kind: "error", text: "\($0) This is how it stands.")] } ?? [],
            poster: Poster(kind: summary.kind, picture: summary.picture), badge: StatusBadge(summary.status),
            year: summary.year.map(String.init), meta: meta, why: outlook.why, next: next(outlook),
            overview: request.title.overview, notes: details.notes.map { NoteLine(by: $0.by, text: $0.text) },
            facts: facts, demands: canAct && !isComplete ? "\(path)/demands" : nil,
            actions: canAct ? actions : [joining], widen: summary.isMine ? nil : more,
            more: summary.isMine ? more : nil,
            approval: approval(entries),
            downloads: details.downloads.filter { $0.isOnItsWay || $0.isStuck }.map(download),
            placed: details.downloads.compactMap { download in
                download.placedPath.map { PlacedFiles(release: download.release, path: $0) }
            },
            parts: PartList(view: self).seasons, search: search, releases: releases.latest, older: releases.older,
            history: HistoryLines(details: details, times: visit.times).history,
            source: request.title.sourceURL.flatMap { url in
                SourceID(rawValue: request.title.source).flatMap { SourceLink($0, page: url) }
            })
    }

    /// For those who approve, while nobody has.
    private func approval(_ entries: Entries) -> ApprovalBlock? {
        guard me.mayDecide(summary) else { return nil }
        return ApprovalBlock(
            approve: ActionForm(action: "\(path)/approval", label: "Approve", csrf: visit.csrf, style: "primary"),
            decline: "\(path)/declination",
            reason: Field("reason", "Why not?", entries, hint: "Whoever asked for it reads this.", isRequired: true),
            size: estimate?.sentence,
            look: summary.isSearching || summary.isSearchAsked
                ? nil : ActionForm(action: "\(path)/searches", label: "Look what there is", csrf: visit.csrf))
    }

    private var meta: [String] {
        // To whom it is new, it says since when it is wanted.
        let people =
            summary.people.isEmpty
            ? nil
            : "for "
                + zip(summary.people, summary.joinedAt).map { name, since in
                    summary.isMine ? name : "\(name) (\(visit.times.relative(since)))"
                }.joined(separator: ", ")
        return [summary.kind.word, people].compactMap(\.self)
    }

    private func next(_ outlook: Outlook) -> Moment? {
        guard let text = outlook.next, let at = outlook.at else { return nil }
        return Moment(text: text, time: visit.times.relative(at), iso: Times.iso(at))
    }

    private static let namesShown = 4

    private var facts: [Fact] {
        func list(_ name: String, _ labels: [String], any: String = "any") -> Fact {
            Fact(name: name, value: labels.isEmpty ? any : labels.joined(separator: ", "))
        }
        var facts: [Fact] = []
        if let scope { facts.append(Fact(name: "How much", value: scope)) }
        if summary.kind == .game {
            let platforms = request.platforms.map(\.label).sorted()
            facts.append(list("Platforms", platforms))
            facts.append(list("Genres", request.genres.map(\.label).sorted(), any: "all"))
        } else {
            facts.append(list("Qualities", request.qualities.sorted().map(\.rawValue)))
            facts.append(list("Formats", request.formats.map(\.label).sorted()))
        }
        if !details.otherNames.isEmpty {
            let shown = details.otherNames.prefix(Self.namesShown)
            let rest = details.otherNames.count - shown.count
            facts.append(
                Fact(
                    name: "Also called", value: shown.joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")))
        }
        if let at = request.title.releasedAt {
            facts.append(Fact(name: at > visit.now ? "Comes out" : "Came out", value: visit.times.day(at)))
        }
        if let runtime = request.title.runtime {
            facts.append(Fact(name: "Takes", value: Times.runtime(runtime, kind: summary.kind)))
        }
        facts.append(Fact(name: "Among releases", value: summary.takesBest ? "the best is taken" : "somebody chooses"))
        facts += request.demands.facts
        facts.append(Fact(name: "Asked for", value: visit.times.moment(request.createdAt)))
        if let expires = summary.expiresAt { facts.append(Fact(name: "Expires", value: visit.times.day(expires))) }
        return facts
    }

    private var scope: String? {
        switch request.scope {
        case .whole: nil
        case .selection: "what was ticked"
        case .ongoing: "all seasons, and each new episode"
        case .future: "each episode since \(request.futureFrom.map(visit.times.day) ?? "it was asked for")"
        }
    }

    // MARK: What can be done

    private var joining: ActionForm {
        ActionForm(action: "\(path)/people", label: "I want it too", csrf: visit.csrf, style: "primary")
    }

    /// To the form for the same title: what is asked for there is added. Of a movie that is here nothing is left to ask for.
    private var more: PageLink? {
        guard summary.kind != .movie || !isComplete else { return nil }
        let label = summary.kind == .movie ? "Ask for other qualities too" : "Ask for more of it"
        if let show = request.title.tvmaze { return PageLink(href: "/requests/new/show/\(show)", label: label) }
        var pairs = [("kind", summary.kind.rawValue), ("title", summary.title)]
        if summary.kind == .show { pairs.append(("by", "hand")) }
        if let year = summary.year { pairs.append(("year", String(year))) }
        if let id = request.title.sourceID { pairs.append(("found", "\(request.title.source):\(id)")) }
        return PageLink(href: "/requests/new?\(Form(pairs).encoded())", label: label)
    }

    private var actions: [ActionForm] {
        var actions: [ActionForm] = []
        let isAwaited = summary.approval == .awaited && summary.status == .pending
        if !isComplete, !isAwaited, !summary.isSearching, !summary.isSearchAsked {
            let isGivenUp = [.failed, .cancelled, .expired].contains(summary.status)
            actions.append(
                ActionForm(
                    action: "\(path)/searches", label: isGivenUp ? "Search again" : "Search now", csrf: visit.csrf,
                    style: summary.status == .found || summary.status == .downloading ? "" : "primary"))
        }
        if !summary.isMine { actions.append(joining) }
        if !isComplete { actions.append(choosing) }
        if let leaving { actions.append(leaving) }
        if let cancelling { actions.append(cancelling) }
        return actions
    }

    private var choosing: ActionForm {
        let other = summary.takesBest ? Choosing.ask : .best
        return ActionForm(
            action: "\(path)/choosing", label: other == .best ? "Take the best by itself" : "Let us choose",
            csrf: visit.csrf, style: "quiet", fields: [HiddenField(name: "choosing", value: other.rawValue)])
    }

    private var leaving: ActionForm? {
        guard summary.isMine, summary.people.count > 1 else { return nil }
        // An administrator's cancellation is everybody's.
        let place = me.isAdministrator ? "leaving" : "cancellation"
        return ActionForm(action: "\(path)/\(place)", label: "Leave", csrf: visit.csrf)
    }

    /// For whoever is alone on it; an administrator cancels it for everybody.
    private var cancelling: ActionForm? {
        let open: Set<Lifecycle.Status> = [.pending, .found, .downloading, .failed]
        let isOpen = details.items.contains { open.contains($0.item.status) }
        guard isOpen, leaving == nil || me.isAdministrator else { return nil }
        return ActionForm(
            action: "\(path)/cancellation", label: "Cancel the request", csrf: visit.csrf, style: "danger",
            confirm: "Cancel this request? What is not complete is given up, and its downloads are removed.")
    }

    private func download(_ download: DownloadDetails) -> DownloadBlock {
        let trouble = download.lastError.map { error in
            let again = download.retryAt.map { " It is tried again \(visit.times.relative($0))." } ?? ""
            return "\(error)\(again)"
        }
        return DownloadBlock(
            release: download.release,
            progress: progress[download.id]
                ?? DownloadProgress(
                    id: DownloadProgress.elementID(download.id),
                    phase: download.isOnItsWay ? "Getting the torrent" : "Complete, and not in its place yet"),
            trouble: trouble,
            cancel: canAct && download.isOnItsWay
                ? ActionForm(
                    action: "\(path)/downloads/\(download.id)/cancellation", label: "Cancel the download",
                    csrf: visit.csrf, confirm: "Cancel this download? What is on it is cancelled too.") : nil)
    }

    private var search: SearchBlock? {
        guard details.search != nil || details.running != nil else { return nil }
        let last = details.search.map { search in
            let at = search.finishedAt ?? search.startedAt
            return LastSearch(
                sentence: search.sentence.asSentence, time: visit.times.relative(at), iso: Times.iso(at))
        }
        let isOver = details.running == nil
        return SearchBlock(
            history: "\(path)/searches", running: details.running.map(\.progress), last: last,
            whyFirst: isOver && ReleaseLists(view: self).isBestFirst ? details.search?.whyFirst : nil,
            answers: ((details.running ?? details.search)?.answers ?? []).map {
                AnswerRow($0, isOver: isOver, times: visit.times)
            })
    }
}

extension DownloadDetails {
    /// Whether all of it is here, and its files cannot be put in their place.
    fileprivate var isStuck: Bool { !isOnItsWay && placedPath == nil && lastError != nil }
}
