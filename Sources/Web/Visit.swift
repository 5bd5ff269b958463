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
    let flash: Flash?

    /// When the page is made.
    let now = Date()

    /// The token that each form of this visitor carries.
    var csrf: String { CrossSite.formToken(boundTo: secret) }

    /// The form that was sent. Only the fields named here may come more than once.
    func entries(repeated: Set<String> = []) throws -> Entries {
        Entries(try request.form(repeated: repeated))
    }

    /// The page, with what has to be remembered or forgotten in cookies.
    func page(_ view: some HTMLTemplate, status: HTTPResponse.Status = .ok) -> Response {
        var response = Response.html(view.rendered(base: basePath), status: status)
        if flash != nil { response.set(Cookies.flash.removal(isSecure: request.isSecure)) }
        if isSecretNew { response.set(Cookies.visit.cookie(secret, isSecure: request.isSecure)) }
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
    case looksChanged, passwordChanged, sessionEnded, accountMade, accountChanged, accountDeleted, invitationRevoked,
        invited, indexerSaved, indexerTried, indexerRemoved,
        settingsSaved
    case takingBest, asking, demandsSaved
    case kept, searchingAll, backingUp

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
        case .demandsSaved: "Saved: releases are judged by it from now on."
        case .takingBest: "The best release is taken by itself, unless somebody chooses before."
        case .asking: "Nothing is taken until somebody chooses."
        case .cancelled: "Cancelled."
        case .left: "You are not on this request any more."
        case .itemCancelled: "Cancelled."
        case .downloadCancelled: "The download was cancelled."
        case .looksChanged: "Saved."
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
        case .kept: "Kept for another period."
        case .searchingAll: "Searches were asked for."
        case .backingUp: "A backup is being made. It appears here."
        }
    }
}
