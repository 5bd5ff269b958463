import Storage

extension WaySettings.Kind {
    /// What people call it.
    var label: String {
        switch self {
        case .webhook: "Webhook"
        case .ntfy: "ntfy"
        case .discord: "Discord"
        case .gotify: "Gotify"
        case .telegram: "Telegram"
        case .apprise: "Apprise"
        case .email: "E-mail"
        }
    }

    /// What its address is, and the one that most have.
    var address: (label: String, hint: String, usual: String?) {
        switch self {
        case .webhook: ("Address", "Where the JSON below is posted.", nil)
        case .ntfy: ("Server", "Your own, or ntfy.sh.", "https://ntfy.sh")
        case .discord: ("Address of the webhook", "It is in the channel's settings, under Integrations.", nil)
        case .gotify: ("Server", "Without /message at its end.", nil)
        case .telegram: ("Server", "Leave it, unless you run a bot API server of your own.", "https://api.telegram.org")
        case .apprise: ("Server", "Of the Apprise API, without /notify at its end.", nil)
        case .email: ("Address", "A code is sent there, to be typed here.", nil)
        }
    }

    /// What opens it; `nil`: nothing does.
    var secret: (label: String, isRequired: Bool)? {
        switch self {
        case .webhook: ("Authorization header", false)
        case .ntfy: ("Access token", false)
        case .gotify: ("Token of the application", true)
        case .telegram: ("Token of the bot", true)
        case .discord, .apprise, .email: nil
        }
    }

    /// Whom it is for over there; `nil`: the address says it.
    var target: String? {
        switch self {
        case .ntfy: "Topic"
        case .telegram: "Chat"
        case .apprise: "Key of the configuration"
        case .webhook, .discord, .gotify, .email: nil
        }
    }
}

extension Told.Kind {
    /// In a few words, to tick.
    var label: String {
        switch self {
        case .requested: "Somebody needs approval"
        case .approved: "Approved"
        case .declined: "Declined"
        case .found: "Found: choose"
        case .started: "Download started"
        case .completed: "It is here"
        case .failed: "Failed for good"
        case .expiring: "About to expire"
        case .expired: "Expired"
        case .cancelled: "Cancelled by somebody else"
        case .removed: "Download removed"
        case .aired: "New episode"
        }
    }

    /// Ticked for a new way.
    static let usual: Set<Told.Kind> = [.requested, .declined, .found, .completed, .failed, .expiring]
}
