/// Why the database did not do what it was asked.
public struct PostgresError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Kind: Sendable, Equatable {
        /// The database cannot be used at the moment: no connection, a deadline, no free connection, shutting down, disk
        /// full, read-only. Trying again later may succeed. The sentence says which.
        case unavailable(String)
        /// The connection was lost while the commit was under way: it is not known whether the changes were made.
        case commitOutcomeUnknown(String)
        /// The server refused the statement.
        case server(ServerError)
        /// The statement or the reading of its result is wrong: no such column, NULL where none is expected.
        case misuse(String)
    }

    /// What the server says about a statement that it refused.
    public struct ServerError: Sendable, Equatable {
        /// The five characters of the error code (PostgreSQL manual, appendix A).
        public var sqlState: String
        /// What is wrong.
        public var message: String
        /// More about it. May contain values.
        public var detail: String?
        /// The constraint that was violated.
        public var constraint: String?
        /// The table that it is about.
        public var table: String?
        /// The column that it is about.
        public var column: String?
    }

    /// What kind of failure it is.
    public let kind: Kind

    init(_ kind: Kind) {
        self.kind = kind
    }

    /// Whether trying again later may succeed and nothing has been changed.
    public var isUnavailable: Bool {
        if case .unavailable = kind { true } else { false }
    }

    /// Whether it is not known if the changes were made.
    public var isOutcomeUnknown: Bool {
        if case .commitOutcomeUnknown = kind { true } else { false }
    }

    /// The error code of the server, if it is the server's error.
    public var sqlState: String? {
        if case .server(let error) = kind { error.sqlState } else { nil }
    }

    /// Whether a unique constraint, this one if named, was violated (23505).
    public func isUniqueViolation(constraint: String? = nil) -> Bool {
        isViolation("23505", constraint)
    }

    /// Whether a foreign key, this one if named, was violated (23503).
    public func isForeignKeyViolation(constraint: String? = nil) -> Bool {
        isViolation("23503", constraint)
    }

    /// Whether a check constraint, this one if named, was violated (23514).
    public func isCheckViolation(constraint: String? = nil) -> Bool {
        isViolation("23514", constraint)
    }

    private func isViolation(_ sqlState: String, _ constraint: String?) -> Bool {
        guard case .server(let error) = kind, error.sqlState == sqlState else { return false }
        return constraint == nil || error.constraint == constraint
    }

    /// What is wrong, without saying of what kind it is.
    var reason: String {
        switch kind {
        case .unavailable(let reason), .commitOutcomeUnknown(let reason), .misuse(let reason): reason
        case .server(let error): "\(error.message) (\(error.sqlState))"
        }
    }

    /// For the log.
    public var description: String {
        switch kind {
        case .unavailable: "PostgreSQL is unavailable: \(reason)"
        case .commitOutcomeUnknown: "It is unknown whether the transaction was committed: \(reason)"
        case .server: "PostgreSQL: \(reason)"
        case .misuse: "Wrong use of PostgreSQL: \(reason)"
        }
    }
}

extension PostgresError {
    /// The error for a result with an error status.
    init(_ result: QueryResult, inReadOnlyTransaction: Bool = false) {
        guard let sqlState = result.sqlState else {
            self.init(.unavailable(result.message))  // libpq's own: the connection is lost
            return
        }
        let message = result.errorField(UInt8(ascii: "M")) ?? result.message
        // Writing where only reading was asked for is a mistake, and not the server's trouble.
        let isOwnMistake = inReadOnlyTransaction && result.isReadOnlyRefusal
        guard isOwnMistake || !Self.isTrouble(sqlState) else {
            self.init(.unavailable("\(message) (\(sqlState))"))
            return
        }
        self.init(
            .server(
                ServerError(
                    sqlState: sqlState, message: message, detail: result.errorField(UInt8(ascii: "D")),
                    constraint: result.errorField(UInt8(ascii: "n")), table: result.errorField(UInt8(ascii: "t")),
                    column: result.errorField(UInt8(ascii: "c")))))
    }

    /// Codes of a server in trouble rather than of a wrong statement (PostgreSQL manual, appendix A).
    private static func isTrouble(_ sqlState: String) -> Bool {
        switch sqlState {
        case "25006",  // read_only_sql_transaction: not the primary any more, or set so
            "25P03",  // idle_in_transaction_session_timeout
            "57014",  // query_canceled: statement_timeout
            "57P01", "57P02", "57P03", "57P05":  // shutting down, crashed, starting up, idle session timeout
            true
        default:
            // Connection exceptions, insufficient resources, system errors.
            sqlState.hasPrefix("08") || sqlState.hasPrefix("53") || sqlState.hasPrefix("58")
        }
    }

    /// Whether the same transaction may succeed when run again (PostgreSQL manual, 13.5).
    var isSerializationFailure: Bool {
        sqlState == "40001" || sqlState == "40P01"
    }

    /// Whether a prepared statement is not usable any more because a table has changed, or it is gone.
    var isStalePlan: Bool {
        guard case .server(let error) = kind else { return false }
        return error.sqlState == "26000" || (error.sqlState == "0A000" && error.message.contains("cached plan"))
    }
}
