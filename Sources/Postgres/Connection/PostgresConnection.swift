import CPostgres
import Glibc
import Reactor

/// A connection to the database, lent by the pool. Used by one task at a time.
public final class PostgresConnection: @unchecked Sendable {
    private static let statementLimit = 256
    let loop: EventLoop
    private let handle: OpaquePointer
    private let readiness: Readiness
    private let notices = Notices()
    private let queryDeadline: Duration
    private var statements: [Statement: String] = [:]
    private var statementsEver = 0
    private var isBusy = false
    private(set) var isClosed = false
    private(set) var lastUsed = ContinuousClock.now
    /// Whether the server is a primary and lets this session write.
    private(set) var isWritable = true
    /// Which server it is.
    private(set) var server = Servers.Identity(system: "", timeline: nil)
    /// Whether the transaction under way was begun as one that only reads.
    var isReadOnlyTransaction = false

    private struct Statement: Hashable {
        let text: String
        let types: [UInt32]
    }

    /// Takes over a connection that is established.
    init(owning handle: OpaquePointer, on loop: EventLoop, queryDeadline: Duration) throws(SystemError) {
        self.handle = handle
        self.loop = loop
        self.queryDeadline = queryDeadline
        readiness = try Readiness(PQsocket(handle), on: loop)
        PQsetnonblocking(handle, 1)
        notices.listen(to: handle)
    }

    deinit { assert(isClosed, "a connection must be closed on its loop") }

    // MARK: Statements

    /// The rows that a statement returns. A deadline that passes costs the connection: the statement is cancelled, and
    /// the connection closed.
    @discardableResult
    public func query(_ sql: SQL, within deadline: Duration? = nil) async throws -> Rows {
        Rows(try await run(sql, within: deadline))
    }

    /// How many rows a statement has changed.
    @discardableResult
    public func execute(_ sql: SQL, within deadline: Duration? = nil) async throws -> Int {
        try await run(sql, within: deadline).affected
    }

    /// Runs trusted text, several statements as well, without parameters. The result of the last.
    @discardableResult
    func runScript(_ text: String, within deadline: Duration? = nil) async throws -> QueryResult {
        try await exchange(until: .now + (deadline ?? queryDeadline)) { PQsendQuery($0, text) }
    }

    private func run(_ sql: SQL, within limit: Duration?) async throws -> QueryResult {
        let deadline = ContinuousClock.now + (limit ?? queryDeadline)
        let statement = Statement(text: sql.text, types: sql.binds.map(\.type))
        do {
            return try await run(statement, sql.binds, until: deadline)
        } catch let error as PostgresError where error.isStalePlan {
            // A table was changed under the prepared statement. Inside a transaction it is too late for this one.
            if let name = statements.removeValue(forKey: statement), !isInTransaction {
                if error.sqlState != "26000" { try await runScript("DEALLOCATE \(name)") }
                return try await run(statement, sql.binds, until: deadline)
            }
            throw error
        }
    }

    private func run(
        _ statement: Statement, _ binds: [PostgresBind], until deadline: ContinuousClock.Instant
    ) async throws -> QueryResult {
        let parameters = try Parameters(binds)
        let name = try await prepare(statement, until: deadline)
        return try await exchange(until: deadline) { handle in
            parameters.withPointers { values, lengths, formats in
                PQsendQueryPrepared(handle, name, Int32(binds.count), values, lengths, formats, 0)
            }
        }
    }

    private func prepare(_ statement: Statement, until deadline: ContinuousClock.Instant) async throws -> String {
        if let name = statements[statement] { return name }
        if statements.count >= Self.statementLimit {
            try await exchange(until: deadline) { PQsendQuery($0, "DEALLOCATE ALL") }
            statements = [:]
        }
        statementsEver += 1
        let name = "s\(statementsEver)"
        try await exchange(until: deadline) { handle in
            PQsendPrepare(handle, name, statement.text, Int32(statement.types.count), statement.types)
        }
        statements[statement] = name
        return name
    }

    // MARK: The wire

    /// Sends with `send`, and waits for all that comes back: the first error, or the last result.
    @discardableResult
    private func exchange(
        until deadline: ContinuousClock.Instant, _ send: (OpaquePointer) -> Int32
    ) async throws -> QueryResult {
        guard !isClosed else { throw PostgresError(.unavailable("the connection is closed")) }
        guard !isBusy else { throw PostgresError(.misuse("a statement is under way on this connection")) }
        try Task.checkCancellation()
        isBusy = true
        defer {
            isBusy = false
            lastUsed = .now
        }
        var outcome: QueryResult?
        do {
            guard send(handle) == 1 else { throw PostgresError(.unavailable(message)) }
            while try flush() { try await readiness.writable(until: deadline) }
            while let result = try await nextResult(until: deadline) {
                if outcome?.isError != true { outcome = result }
            }
        } catch {
            // What the server said before it hung up is worth more than that it did.
            let reason = if let outcome, outcome.isError { PostgresError(outcome) as any Error } else { error }
            if error is PostgresError { close() } else { abandon() }
            if error is TimedOut { throw PostgresError(.unavailable("no answer from the server in time")) }
            throw reason
        }
        guard let outcome else { throw PostgresError(.unavailable("the server gave no result")) }
        if PQstatus(handle) == CONNECTION_BAD { close() }
        let warning = notices.take()
        guard outcome.isError else {
            if let warning { throw PostgresError(.commitOutcomeUnknown(warning)) }
            return outcome
        }
        let error = PostgresError(outcome, inReadOnlyTransaction: isReadOnlyTransaction)
        // A server that was set to read-only under us is left for one that takes writes, if there is one.
        if error.isUnavailable, outcome.isReadOnlyRefusal { isWritable = false }
        throw error
    }

    /// Sends what is left to send; whether there is more than the socket takes now.
    private func flush() throws -> Bool {
        switch PQflush(handle) {
        case 0: return false
        case 1: return true
        default: throw PostgresError(.unavailable(message))
        }
    }

    private func nextResult(until deadline: ContinuousClock.Instant) async throws -> QueryResult? {
        while PQisBusy(handle) == 1 {
            try await readiness.readable(until: deadline)
            guard PQconsumeInput(handle) == 1 else { throw PostgresError(.unavailable(message)) }
        }
        guard let result = PQgetResult(handle).map(QueryResult.init(owning:)) else { return nil }
        switch result.status {
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            throw PostgresError(.misuse("COPY to and from the client is not supported"))
        default: return result
        }
    }

    private var message: String { String(cString: PQerrorMessage(handle)).trimmingNewlines }

    /// Closes the connection, and tells the server to stop working on the statement that is under way. That is a
    /// kindness: the server's own `statement_timeout` is the guarantee.
    private func abandon() {
        guard !isClosed else { return }
        Cancellation.send(for: handle)
        close()
    }

    // MARK: State

    var isInTransaction: Bool { !isClosed && PQtransactionStatus(handle) != PQTRANS_IDLE }

    /// Whether the connection has not ended while it was at rest. The server is asked if that was long ago, or if it has
    /// said something by itself, which usually is that it ends.
    func isUsable(askAfter rest: Duration) async -> Bool {
        guard !isClosed else { return false }
        var byte: UInt8 = 0
        let isSilent = recv(PQsocket(handle), &byte, 1, CInt(MSG_PEEK | MSG_DONTWAIT)) < 0
        if isSilent, lastUsed.duration(to: .now) < rest { return true }
        do {
            try await runScript("SELECT 1", within: .seconds(1))
            return true
        } catch {
            return false
        }
    }

    /// Asks the server who it is, and whether it takes writes; a standby and one that is set to read-only do not.
    func learnAboutServer(within limit: Duration) async throws {
        let answer = Rows(
            try await runScript(
                """
                SELECT system_identifier, current_setting('transaction_read_only') = 'off' AS writable,
                    -- The first eight digits of the name of the file that it writes to (manual, 9.27.3).
                    CASE WHEN NOT pg_is_in_recovery()
                        THEN ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::bigint
                    END AS timeline
                FROM pg_control_system()
                """, within: limit))
        server = Servers.Identity(
            system: try answer[0].get("system_identifier"), timeline: try answer[0].get("timeline"))
        isWritable = try answer[0].get("writable")
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        readiness.close()
        PQfinish(handle)
    }

    // MARK: Notifications

    /// Waits for something from the server and takes the notifications out of it, if any.
    func receiveNotifications(until deadline: ContinuousClock.Instant) async throws -> [(
        channel: String, payload: String
    )] {
        guard !isClosed else { throw PostgresError(.unavailable("the connection is closed")) }
        let waiting = takeNotifications()
        if !waiting.isEmpty { return waiting }
        try await readiness.readable(until: deadline)
        guard PQconsumeInput(handle) == 1 else { throw PostgresError(.unavailable(message)) }
        return takeNotifications()
    }

    private func takeNotifications() -> [(channel: String, payload: String)] {
        var taken: [(channel: String, payload: String)] = []
        while let notification = PQnotifies(handle) {
            taken.append((String(cString: notification.pointee.relname), String(cString: notification.pointee.extra)))
            PQfreemem(notification)
        }
        return taken
    }
}

extension QueryResult {
    fileprivate var isError: Bool {
        switch status {
        case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE, PGRES_NONFATAL_ERROR: true
        default: false
        }
    }
}
