import HTML
import HTTP
import HTTPServer
import HTTPTypes
import Lifecycle
import Logging
import Orchestrator
import Postgres

/// Pages for what goes wrong. They need nothing: no database, no session.
struct ErrorPages: Sendable {
    /// Under which path Usher lies.
    let base: String

    /// The page for a failure. What a visitor reads is a fixed sentence and the request's id; the log gets the rest.
    func response(for failure: RouterFailure, to request: HTTP.Request, logger: Logger) -> Response {
        switch failure {
        case .notFound: answer(.notFound, request)
        case .methodNotAllowed: answer(.methodNotAllowed, request)
        case .thrown(let error): response(for: error, to: request, logger: logger)
        }
    }

    /// A page with this status.
    func response(_ status: HTTPResponse.Status, _ sentence: String, requestID: String) -> Response {
        let frame = PageFrame(title: Self.title(for: status))
        let view = ErrorPage(page: frame, sentence: sentence, hint: Self.hint(for: status), requestID: requestID)
        var response = Response.html(view.rendered(base: base), status: status)
        if status == .serviceUnavailable { response.fields[.retryAfter] = "5" }
        return response
    }

    /// What there is to say of a status when nothing else is known.
    static func sentence(for status: HTTPResponse.Status) -> String {
        switch status {
        case .badRequest: "The request cannot be understood."
        case .forbidden: "Your role does not allow that."
        case .notFound: "There is no such page, or it is not there any more."
        case .methodNotAllowed: "This page cannot be used in that way."
        case .requestTimeout: "The request took too long to arrive."
        case .contentTooLarge: "That is more than this form can take."
        case .uriTooLong: "The address is too long."
        case .requestHeaderFieldsTooLarge: "The browser sends too much along with its request."
        case .serviceUnavailable: "Usher cannot do this right now. It will be back by itself."
        default:
            status.kind == .clientError
                ? "The request cannot be served." : "Something went wrong on our side. It was written to the log."
        }
    }

    private func response(for error: any Error, to request: HTTP.Request, logger: Logger) -> Response {
        switch error {
        case let error as PageError: page(error, request)
        case let error as CommandError: page(error, request)
        case is NotFound: answer(.notFound, request)
        case FormError.tooManyFields: answer(.contentTooLarge, request)
        case is FormError: answer(.badRequest, request, "The form cannot be read.")
        case let error as PostgresError where error.isUnavailable || error.isOutcomeUnknown:
            database(error, request, logger)
        // It was still at work when the time was up that a stop leaves: no fault of the page.
        case is CancellationError where Task.isCancelled: answer(.serviceUnavailable, request)
        default: unforeseen(error, request, logger)
        }
    }

    private func answer(
        _ status: HTTPResponse.Status, _ request: HTTP.Request, _ sentence: String? = nil
    ) -> Response {
        response(status, sentence ?? Self.sentence(for: status), requestID: request.id)
    }

    private func page(_ error: PageError, _ request: HTTP.Request) -> Response {
        switch error {
        case .badRequest(let sentence): answer(.badRequest, request, sentence)
        case .notSignedIn: answer(.unauthorized, request, "Sign in first.")
        case .notAllowed: answer(.forbidden, request)
        case .fromElsewhere: answer(.forbidden, request, "This form was sent by another site, so nothing was done.")
        case .staleForm:
            answer(
                .forbidden, request,
                "This form was too old, so nothing was done. Open its page again and send it anew.")
        case .busy: answer(.serviceUnavailable, request, "Too many people sign in at this moment. Try again shortly.")
        case .away(let sentence): answer(.serviceUnavailable, request, sentence)
        case .conflict(let sentence): answer(.conflict, request, sentence)
        }
    }

    private func page(_ error: CommandError, _ request: HTTP.Request) -> Response {
        switch error {
        case .notFound: answer(.notFound, request)
        case .notAllowed, .tooOld: answer(.forbidden, request, error.sentence)
        case .refused: answer(.conflict, request, error.sentence)
        case .invalid, .usedUp: answer(.unprocessableContent, request, error.sentence)
        case .away: answer(.serviceUnavailable, request, error.sentence)
        }
    }

    private func database(_ error: PostgresError, _ request: HTTP.Request, _ logger: Logger) -> Response {
        // That it cannot be used is said once an outage by the pool; what may have been done is for each to be found.
        logger.log(
            level: error.isOutcomeUnknown ? .warning : .debug, "The database cannot be used",
            metadata: ["request": "\(request.id)", "reason": "\(error)"])
        let sentence =
            error.isOutcomeUnknown
            ? "The connection to the database was lost at a bad moment: look whether it was done before you try again."
            : "The database does not answer at the moment. Nothing was lost; this page will be back by itself."
        return answer(.serviceUnavailable, request, sentence)
    }

    private func unforeseen(_ error: any Error, _ request: HTTP.Request, _ logger: Logger) -> Response {
        logger.error(
            "A page failed",
            metadata: [
                "request": "\(request.id)", "method": "\(request.method)", "path": "\(request.path)",
                "reason": "\(error)",
            ])
        return answer(.internalServerError, request)
    }

    private static func title(for status: HTTPResponse.Status) -> String {
        switch status {
        case .badRequest: "Not understood"
        case .unauthorized: "Not signed in"
        case .forbidden: "Not allowed"
        case .notFound: "Not found"
        case .methodNotAllowed: "Not possible here"
        case .conflict: "Not possible any more"
        case .contentTooLarge: "Too large"
        case .unprocessableContent: "Not accepted"
        case .tooManyRequests: "Too often"
        case .serviceUnavailable: "Not available now"
        default: status.kind == .clientError ? "Not possible" : "Something went wrong"
        }
    }

    private static func hint(for status: HTTPResponse.Status) -> String? {
        status == .internalServerError ? "The number below finds it in the log." : nil
    }
}
