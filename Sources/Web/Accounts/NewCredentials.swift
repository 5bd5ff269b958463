public import Postgres
public import Storage

extension Entries {
    /// The name of an account that is to be made.
    mutating func newName(_ field: String = "name") -> String {
        let name = self[field]
        if let problem = Credentials.problem(name: name) { refuse(field, problem) }
        return name
    }

    /// The name to sign in with, where it is another than the account's.
    mutating func newSignInName(_ field: String = "signin", besides name: String) -> String? {
        let own = self[field]
        guard !own.isEmpty, own != name else { return nil }
        if let problem = Credentials.problem(name: own) { refuse(field, problem) }
        return own
    }

    /// The password of an account, new.
    mutating func newPassword(_ field: String = "password", for name: String) -> String {
        let password = exactly(field)
        if let problem = Credentials.problem(password: password, name: name) { refuse(field, problem) }
        return password
    }
}

/// Makes accounts from outside of the pages: `usher user add`.
public enum Accounts {
    /// Why no account was made, for people.
    public struct Problem: Error, CustomStringConvertible {
        /// A sentence.
        public let description: String
    }

    /// Makes an account; answers its id.
    ///
    /// - Throws: ``Problem`` for a name or password that cannot be, `PostgresError`.
    public static func create(
        name: String, password: String, role: Role, in pool: PostgresPool
    ) async throws -> Int64 {
        if let problem = Credentials.problem(name: name) ?? Credentials.problem(password: password, name: name) {
            throw Problem(description: problem)
        }
        let hash = try await Passwords().hash(password)
        do {
            return try await pool.transaction { connection in
                try await Users.add(name: name, passwordHash: hash, role: role, on: connection)
            }
        } catch let error as PostgresError where Users.isTaken(error) {
            throw Problem(description: "There is an account named “\(name)” already.")
        }
    }
}
