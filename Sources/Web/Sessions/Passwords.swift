import Cryptography
import Reactor

/// Hashes and compares passwords, at most two at once: each takes a third of a second and 32 MiB.
struct Passwords: Sendable {
    private let pool = BlockingPool(threads: 2, name: "passwords")
    private let waiting = Locked(0)
    private let mostWaiting: Int

    /// - Parameter mostWaiting: how many may wait for their turn or be at it; whoever comes then is told to come back.
    init(mostWaiting: Int = 40) {
        self.mostWaiting = mostWaiting
    }

    /// The string to store for a password.
    func hash(_ password: String) async throws -> String {
        try await run { try PasswordHash.make(password: password) }
    }

    /// Whether the password is the one that `stored` was made from. Without `stored` the answer is no and takes as
    /// long, so that time does not tell which names there are.
    func verify(_ password: String, against stored: String?) async throws -> Bool {
        try await run {
            let fits = try PasswordHash.verify(password, against: stored ?? Self.nobodys)
            return fits && stored != nil
        }
    }

    /// Whether a stored string should be made anew.
    func isOutdated(_ stored: String?) -> Bool { stored.map(PasswordHash.needsRehash) ?? false }

    /// A hash at today's cost that no password has.
    static let nobodys =
        "$scrypt$ln=15,r=8,p=3$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

    private func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        let isFull = waiting.withLock { count in
            guard count < mostWaiting else { return true }
            count += 1
            return false
        }
        guard !isFull else { throw PageError.busy }
        defer { waiting.withLock { $0 -= 1 } }
        return try await pool.run(body)
    }
}

/// What names and passwords must be like, wherever an account is made.
enum Credentials {
    static let passwordHint = "At least 8 characters; a few words in a row are good."

    /// Why it cannot be a name; nil when it can.
    static func problem(name: String) -> String? {
        if name.isEmpty { return "The name is missing." }
        if name.unicodeScalars.count > 64 { return "That name is too long: at most 64 characters." }
        if name != name.trimmed { return "A name does not begin or end with a blank." }
        if !name.isShowable {
            return "That name contains characters that cannot be shown."
        }
        return nil
    }

    /// Why it cannot be a password; nil when it can.
    static func problem(password: String, name: String) -> String? {
        if password.isEmpty { return "The password is missing." }
        if password.count < 8 { return "That password is too short: at least 8 characters." }
        if password.utf8.count > 4096 { return "That password is too long: at most 4096 bytes." }
        if password.lowercased() == name.lowercased() { return "The password must not be the name." }
        if CommonPasswords.contain(password) { return "That password is one of those that are tried first." }
        return nil
    }
}
