import FoundationEssentials
import HTML
import HTTP
import HTTPServer
import HTTPTypes
import Orchestrator
import Storage

/// A request and who asks: what every handler is given.
struct Visit: Sendable {
    let request: HTTP.Request
    let parameters: Parameters
    let basePath: String
    /// What the visitor's forms are bound to: the token of their session, or of a cookie for those who have none.
    let secret: String
    /// Whether that cookie has to be set yet.
    let isSecretNew: Bool
    /// Who is signed in.
    let person: SignedIn?
    /// Said once, after a redirect.
    let flash: Notice?

    /// When the page is made.
    let now = Date()

    /// By whose clock it is read: the visitor's, if they are signed in.
    var times: Times { Times(now: now, person?.user.times ?? TimeFormat()) }

    /// The token that each form of this visitor carries.
    var csrf: String { CrossSite.formToken(boundTo: secret) }

    /// The form that was sent. Only the fields named here may come more than once.
    func entries(repeated: Set<String> = []) throws -> Entries {
        Entries(try request.form(repeated: repeated))
    }

    /// The page, with what has to be remembered or forgotten in cookies.
    func page(_ view: some HTMLTemplate, status: HTTPResponse.Status = .ok) -> Response {
        var response = Response.html(view.rendered(base: basePath), status: status)
        // What the script fetches nobody sees yet: the page that it leads to says it.
        if flash != nil, request.fields[.fragment] == nil {
            response.set(Cookies.flash.removal(isSecure: request.isSecure))
        }
        if isSecretNew { response.set(Cookies.visit.cookie(secret, isSecure: request.isSecure)) }
        return response
    }

    /// On to another page, which says this once.
    func redirect(to path: String, saying notice: Notice) -> Response {
        var response = Response.redirect(to: path)
        let value = Said.cookie(notice, boundTo: secret)
        response.set(Cookies.flash.cookie(value, maxAge: 60, isSecure: request.isSecure))
        return response
    }

    /// On to another page, which says what was done.
    func redirect(to path: String, saying flash: Flash? = nil) -> Response {
        var response = Response.redirect(to: path)
        if let flash { response.set(Cookies.flash.cookie(flash.rawValue, maxAge: 60, isSecure: request.isSecure)) }
        return response
    }
}

/// Who is signed in, for handlers that need somebody.
typealias Me = SignedIn

extension SignedIn {
    var id: Int64 { user.id }
    var isAdministrator: Bool { user.role == .administrator }
    /// As the orchestrator knows them.
    var person: Person { Person(userID: user.id, isAdministrator: isAdministrator) }
}

/// What was done, said on the page after the redirect. A code in a cookie, so that nobody can make a page say something.
enum Flash: String {
    case welcome, approved, declined, awaited, asked, joined, searching, chosen, cancelled, left, itemCancelled,
        downloadCancelled
    case looksChanged, feedsRevoked, passwordChanged, sessionEnded, accountMade, accountChanged, accountDeleted,
        invitationRevoked,
        invited, indexerSaved, indexerTried, indexerRemoved,
        settingsSaved
    case takingBest, asking, demandsSaved, namesSaved
    case waySaved, wayRemoved, sentAgain
    case backingUp, jobAsked, queuePaused, queueResumed, searchesNext

    var notice: Notice { Notice(kind: "success", text: text) }

    private var text: String {
        switch self {
        case .welcome: "Welcome. This account is the administrator's."
        case .approved: "Approved. It is searched for now."
        case .declined: "Declined."
        case .awaited: "Asked for. Somebody has to approve it first."
        case .asked: "Asked for. It is searched for now."
        case .joined: "Somebody had asked for it already: you are on it too, and will see when it is here."
        case .searching: "A search was asked for. What it finds appears here."
        case .chosen: "Chosen. The download begins."
        case .namesSaved: "Saved: it is searched for by these names too."
        case .demandsSaved: "Saved: releases are judged by it from now on."
        case .takingBest: "The best release is taken by itself, unless somebody chooses before."
        case .asking: "Nothing is taken until somebody chooses."
        case .cancelled: "Cancelled."
        case .left: "You are not on this request any more."
        case .itemCancelled: "Cancelled."
        case .downloadCancelled: "The download was cancelled."
        case .looksChanged: "Saved."
        case .feedsRevoked: "The addresses of your feeds are revoked."
        case .passwordChanged: "The password was changed. Other browsers are signed out."
        case .sessionEnded: "That browser is signed out."
        case .accountMade: "The account was created."
        case .accountChanged: "The account was changed."
        case .accountDeleted: "The account was deleted."
        case .invitationRevoked: "The invitation was revoked."
        case .invited: "Welcome to the house. This is what it is waiting for."
        case .indexerSaved: "The indexer was saved."
        case .indexerTried: "It is asked again now, for all that waits."
        case .indexerRemoved: "The indexer was removed."
        case .settingsSaved: "Saved."
        case .waySaved: "Saved. You are told this way from now on."
        case .wayRemoved: "Removed. You are not told this way any more."
        case .sentAgain: "It is sent again now."
        case .queuePaused: "The queue is paused. What runs is finished."
        case .queueResumed: "The queue goes on."
        case .searchesNext: "It is searched for next."
        case .jobAsked: "It runs now, or in a minute at the latest."
        case .backingUp: "A backup is being made. It appears here."
        }
    }
}

extension HTTPField.Name {
    /// Which part of the page the script takes; a page that a browser shows is fetched without it.
    fileprivate static let fragment = HTTPField.Name("X-Fragment")!
}
