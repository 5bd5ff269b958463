/// Why a handler gives no page of its own. Each has its page, see ``ErrorPages``.
enum PageError: Error {
    /// What was sent makes no sense, and our own pages would not send it.
    case badRequest(String)
    /// Nobody is signed in.
    case notSignedIn
    /// Somebody is, and may not.
    case notAllowed
    /// A form that another site sent.
    case fromElsewhere
    /// A form without the visitor's token: too old, or not ours.
    case staleForm
    /// Too many passwords are being looked at.
    case busy
    /// Something outside that this page is about does not answer.
    case away(String)
    /// It is not possible any more.
    case conflict(String)
}
