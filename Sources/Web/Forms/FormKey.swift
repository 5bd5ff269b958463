import Cryptography

/// The key that a form carries, so that sending it twice makes one thing: random, and the same each time the form comes
/// back with something to correct.
enum FormKey {
    static func make() -> String { randomBytes(24).base64URL }

    /// The key of a form that was sent, if it is one of ours.
    static func of(_ entries: Entries) throws -> String {
        let key = entries["key"]
        guard 16...64 ~= key.utf8.count, key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw PageError.badRequest("The form is incomplete. Open its page again and send it once more.")
        }
        return key
    }
}
