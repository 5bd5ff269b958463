import HTTP
import HTTPServer
import HTTPTypes
import Storage

/// Who may use a route. There is no default: each route says it.
enum Audience: Sendable, Equatable {
    /// Also those who are not signed in.
    case everybody
    /// Whoever is signed in.
    case members
    /// Those who approve what others ask for.
    case approvers
    /// Administrators.
    case administrators
}

/// A route, who may use it, and what it does.
struct SiteRoute: Sendable {
    let method: HTTPRequest.Method
    let pattern: String
    let audience: Audience
    let bodyLimit: Int
    let answer: Answer

    enum Answer: Sendable {
        /// Always the same, whoever asks: programs, and the page's own files. Nobody looks who it is.
        case toAnything(@Sendable (HTTP.Request) async throws -> Response)
        /// The same, and there already: nobody has to be waited for.
        case atOnce(@Sendable (HTTP.Request) throws -> Response)
        case toVisit(@Sendable (Visit) async throws -> Response)
    }

    static func atOnce(
        _ pattern: String, _ answer: @escaping @Sendable (HTTP.Request) throws -> Response
    ) -> SiteRoute {
        SiteRoute(
            method: .get, pattern: pattern, audience: .everybody, bodyLimit: defaultBodyLimit, answer: .atOnce(answer))
    }

    static func everything(
        _ pattern: String, _ answer: @escaping @Sendable (HTTP.Request) async throws -> Response
    ) -> SiteRoute {
        SiteRoute(
            method: .get, pattern: pattern, audience: .everybody, bodyLimit: defaultBodyLimit,
            answer: .toAnything(answer))
    }

    static func everybody(
        _ method: HTTPRequest.Method, _ pattern: String,
        _ handler: @escaping @Sendable (Visit) async throws -> Response
    ) -> SiteRoute {
        answered(method, pattern, .everybody, bodyLimit: defaultBodyLimit, handler)
    }

    private static func answered(
        _ method: HTTPRequest.Method, _ pattern: String, _ audience: Audience, bodyLimit: Int,
        _ handler: @escaping @Sendable (Visit) async throws -> Response
    ) -> SiteRoute {
        SiteRoute(
            method: method, pattern: pattern, audience: audience, bodyLimit: bodyLimit, answer: .toVisit(handler))
    }

    static func members(
        _ method: HTTPRequest.Method, _ pattern: String, bodyLimit: Int = defaultBodyLimit,
        _ handler: @escaping @Sendable (Visit, Me) async throws -> Response
    ) -> SiteRoute {
        answered(method, pattern, .members, bodyLimit: bodyLimit) { visit in
            guard let me = visit.person else { throw PageError.notSignedIn }
            return try await handler(visit, me)
        }
    }

    static func approvers(
        _ method: HTTPRequest.Method, _ pattern: String,
        _ handler: @escaping @Sendable (Visit, Me) async throws -> Response
    ) -> SiteRoute {
        answered(method, pattern, .approvers, bodyLimit: defaultBodyLimit) { visit in
            guard let me = visit.person else { throw PageError.notSignedIn }
            guard me.user.role.isApprover else { throw PageError.notAllowed }
            return try await handler(visit, me)
        }
    }

    static func administrators(
        _ method: HTTPRequest.Method, _ pattern: String,
        _ handler: @escaping @Sendable (Visit, Me) async throws -> Response
    ) -> SiteRoute {
        answered(method, pattern, .administrators, bodyLimit: defaultBodyLimit) { visit in
            guard let me = visit.person else { throw PageError.notSignedIn }
            guard me.isAdministrator else { throw PageError.notAllowed }
            return try await handler(visit, me)
        }
    }
}

extension Site {
    /// Every page and every form.
    var routes: [SiteRoute] {
        [
            .atOnce("/healthz", health),
            .everything("/readyz", readiness),
            .everything("/metrics", metrics),
            .atOnce("/static/*path", publicFile),
            .everything("/feeds/calendar.ics", calendarFeed),
            .everything("/feeds/notices.atom", noticeFeed),
            .everybody(.get, "/setup", setupPage),
            .everybody(.post, "/setup", setUp),
            .everybody(.get, "/sign-in", signInPage),
            .everybody(.get, "/sign-in/provider", leaveForProvider),
            .everybody(.get, "/sign-in/provider/return", returnFromProvider),
            .everybody(.get, "/sign-in/provider/ending", signOutOfProvider),
            .everybody(.post, "/sessions", signIn),
            .everybody(.get, "/invitation", invitationPage),
            .everybody(.post, "/invitation", acceptInvitation),
            .members(.post, "/session/ending", signOut),

            .members(.get, "/", home),
            .members(.get, "/live", live),
            .members(.get, "/calendar", calendar),
            .members(.get, "/search", searchPage),
            .members(.get, "/search/suggestions", suggestions),
            .members(.get, "/pictures/:key", picture),

            .members(.get, "/requests", requestList),
            .members(.post, "/requests/actions", actOnRequests),
            .members(.get, "/requests/new", newRequestPage),
            .members(.get, "/requests/new/show/:tvmaze", showPickPage),
            // A tick for each episode of a long show.
            .members(.post, "/requests/estimates", bodyLimit: 512 << 10, estimatePart),
            .members(.post, "/requests", bodyLimit: 512 << 10, ask),
            .members(.get, "/requests/:id", requestPage),
            .members(.get, "/requests/:id/searches", searchesPage),
            .members(.post, "/requests/:id/searches", searchNow),
            .members(.post, "/requests/:id/selections", chooseRelease),
            .members(.post, "/requests/:id/cancellation", cancelRequest),
            .members(.post, "/requests/:id/items/:item/cancellation", cancelItem),
            .members(.post, "/requests/:id/downloads/:download/cancellation", cancelDownload),
            .members(.post, "/requests/:id/people", joinRequest),
            .members(.post, "/requests/:id/leaving", leaveRequest),
            .members(.post, "/requests/:id/choosing", setChoosing),
            .members(.get, "/requests/:id/demands", demandsPage),
            .members(.post, "/requests/:id/demands", setDemands),
            .members(.post, "/requests/:id/names", setOtherNames),
            .approvers(.post, "/requests/:id/approval", approveRequest),
            .approvers(.post, "/requests/:id/declination", declineRequest),

            .members(.get, "/notices", noticesPage),
            .members(.post, "/notices/reading", readNotices),

            .members(.get, "/account", accountPage),
            .members(.get, "/account/provider", bindProvider),
            .members(.post, "/account/provider/ending", unbindProvider),
            .members(.post, "/account/looks", changeLooks),
            .members(.post, "/account/feeds", makeFeeds),
            .members(.post, "/account/feeds/revocation", revokeFeeds),
            .members(.post, "/account/password", changeOwnPassword),
            .members(.get, "/account/notices", waysPage),
            .members(.post, "/account/notices", addWay),
            .members(.get, "/account/notices/new", newWayPage),
            .members(.post, "/account/notices/tests", testWay),
            .members(.post, "/account/notices/choices", chooseNotices),
            .members(.post, "/account/notices/quiet", saveQuietHours),
            .members(.get, "/account/notices/:id", wayPage),
            .members(.post, "/account/notices/:id", changeWay),
            .members(.post, "/account/notices/:id/confirmation", confirmMailbox),
            .members(.post, "/account/notices/:id/codes", sendCodeAgain),
            .members(.post, "/account/notices/:id/deletion", removeWay),
            .members(.post, "/account/sessions/:id/ending", endOwnSession),

            .administrators(.get, "/admin", overviewPage),
            .administrators(.get, "/admin/guide", guidePage),
            .administrators(.post, "/admin/guide", saveGuide),
            .administrators(.post, "/admin/guide/closing", closeGuide),
            .administrators(.get, "/admin/audit", auditPage),
            .administrators(.get, "/admin/jobs", jobsPage),
            .administrators(.post, "/admin/jobs/:job/runs", runJob),
            .administrators(.get, "/admin/accounts", accountsPage),
            .administrators(.post, "/admin/accounts", makeAccount),
            .administrators(.get, "/admin/accounts/:id", accountAdminPage),
            .administrators(.post, "/admin/accounts/:id/password", setAccountPassword),
            .administrators(.post, "/admin/accounts/:id/role", setAccountRole),
            .administrators(.post, "/admin/accounts/:id/closing", closeAccount),
            .administrators(.post, "/admin/accounts/:id/opening", openAccount),
            .administrators(.get, "/admin/accounts/:id/deletion", deletionPage),
            .administrators(.post, "/admin/accounts/:id/deletion", deleteAccount),
            .administrators(.post, "/admin/accounts/:id/limits", saveAccountLimits),
            .administrators(.post, "/admin/accounts/:id/age", saveAgeLimit),
            .administrators(.get, "/admin/rules", rulesPage),
            .administrators(.post, "/admin/rules/:role", saveRule),
            .administrators(.post, "/admin/invitations", invite),
            .administrators(.post, "/admin/invitations/:id/revocation", revokeInvitation),
            .administrators(.get, "/admin/indexers", indexersPage),
            .administrators(.post, "/admin/indexers", addIndexer),
            .administrators(.get, "/admin/indexers/new", newIndexerPage),
            .administrators(.post, "/admin/indexers/tests", testIndexer),
            .administrators(.get, "/admin/indexers/:id", indexerPage),
            .administrators(.post, "/admin/indexers/:id", changeIndexer),
            .administrators(.post, "/admin/indexers/:id/tests", testStoredIndexer),
            .administrators(.post, "/admin/indexers/:id/trial", tryIndexer),
            .administrators(.post, "/admin/indexers/:id/deletion", removeIndexer),
            .administrators(.get, "/admin/queue", queuePage),
            .administrators(.post, "/admin/queue/pause", pauseQueue),
            .administrators(.post, "/admin/queue/resumption", resumeQueue),
            .administrators(.post, "/admin/queue/:id/searches", searchFromQueue),
            .administrators(.get, "/admin/expiry", expiryPage),
            .administrators(.post, "/admin/expiry/actions", expiryAction),
            .administrators(.post, "/admin/expiry/preview", previewExpiryLimits),
            .administrators(.post, "/admin/expiry/limits", setExpiryLimits),
            .administrators(.get, "/admin/deliveries", deliveriesPage),
            .administrators(.post, "/admin/deliveries/addresses", allowPrivateWays),
            .administrators(.post, "/admin/deliveries/sending", sendAllAgain),
            .administrators(.post, "/admin/deliveries/:id/sending", sendAgain),
            .administrators(.get, "/admin/mail", mailServerPage),
            .administrators(.post, "/admin/mail", saveMailServer),
            .administrators(.post, "/admin/mail/tests", testMailServer),
            .administrators(.post, "/admin/mail/deletion", removeMailServer),
            .administrators(.get, "/admin/sources", sourcesPage),
            .administrators(.post, "/admin/sources/:source", saveSourceKey),
            .administrators(.post, "/admin/sources/:source/tests", testSourceKey),
            .administrators(.post, "/admin/sources/:source/deletion", removeSourceKey),
            .administrators(.get, "/admin/backups", backupsPage),
            .administrators(.post, "/admin/backups", makeBackup),
            .administrators(.post, "/admin/backups/habits", saveBackupSettings),
            .administrators(.get, "/admin/settings", settingsPage),
            .administrators(.post, "/admin/settings", saveSettings),
        ]
    }
}
