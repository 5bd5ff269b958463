import HTTP
import HTTPClient
import Orchestrator
import Storage

/// A way to be told, as a form describes it.
struct WayDraft {
    /// As it is to be kept and used.
    var settings: WaySettings

    /// Nil when something is wrong with it, which is then noted in `entries`.
    ///
    /// Address and secret may be missing where there are some already, which are not shown; but the stored secret goes to
    /// the place that it belongs to, and to no other.
    init?(_ entries: inout Entries, kind: WaySettings.Kind, _ known: WaySettings?) {
        let name = entries.line("name", "The name", atMost: 100)
        var address = entries["address"]
        if let known, address.isEmpty {
            address = known.address
        } else {
            address = entries.line("address", "The address", atMost: 2000)
        }
        let place = WebURL(address)?.origin
        if kind == .email {
            // Another mailbox is another way: this one's owner has shown that it is theirs.
            if let known { address = known.address }
            if MailAddress(address) == nil { entries.refuse("address", "This is no e-mail address.") }
        } else if place == nil {
            entries.refuse("address", "This is not an address that begins with http:// or https://.")
        }
        var secret: String?
        if let field = kind.secret {
            secret = entries["secret"].isEmpty ? nil : entries["secret"]
            if let secret, secret.utf8.count > 1000 || !secret.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) {
                entries.refuse("secret", "That contains characters that it cannot have.")
            }
            if secret == nil, let stored = known?.secret {
                if place == known.flatMap({ WebURL($0.address)?.origin }) {
                    secret = stored
                } else {
                    entries.refuse("secret", "The address has changed: type this again.")
                }
            }
            if secret == nil, field.isRequired { entries.refuse("secret", "This is missing.") }
            let isName = secret?.utf8.allSatisfy(Self.isOfName) ?? true
            if kind == .telegram, !isName { entries.refuse("secret", "That contains characters that no token has.") }
        }
        var target = ""
        if let label = kind.target {
            target = entries.line("target", "This", atMost: 200)
            if kind == .apprise, !target.utf8.allSatisfy(Self.isOfName) {
                entries.refuse("target", "\(label): only letters, digits, hyphens and underscores.")
            }
        }
        var template: String?
        if kind == .webhook {
            let text = entries.exactly("template")
            template = text.trimmed.isEmpty ? nil : text
            do throws(WebhookTemplate.Malformed) {
                if let template { _ = try WebhookTemplate(template) }  // only whether it can be read
            } catch {
                entries.refuse("template", "This is not valid JSON.")
            }
        }
        settings = WaySettings(
            kind: kind, name: name, address: address, secret: secret, target: target, template: template,
            notices: known?.notices ?? Told.Kind.usual, isConfirmed: kind != .email || known?.isConfirmed == true)
        guard entries.areValid else { return nil }
    }

    /// What may stand in a path as it is.
    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"):
            true
        default: false
        }
    }

    /// What the form of a stored way shows; never its address, which may be a secret, nor its secret.
    static func form(_ way: WaySettings) -> Form {
        Form([("name", way.name), ("target", way.target), ("template", way.template ?? WebhookTemplate.standard)])
    }
}
