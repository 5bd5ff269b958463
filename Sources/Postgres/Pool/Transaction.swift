import Logging

/// What a transaction may do.
public enum Access: Sendable {
    /// Reads what is committed at each statement (READ COMMITTED), and writes.
    case readWrite
    /// All statements see the same state of the database, and none can change it.
    case readOnly
}

extension PostgresPool {
    private static var attempts: Int { 4 }

    /// Runs `body` in a transaction: committed if it returns, rolled back if it throws. When it collides with another
    /// transaction (40001, 40P01) it is rolled back and run again, so all that `body` does beside the database must
    /// bear repetition.
    ///
    /// Throws an error with `isOutcomeUnknown` if the connection is lost during the commit.
    @discardableResult
    public func transaction<Success: Sendable>(
        _ access: Access = .readWrite, _ body: (PostgresConnection) async throws -> Success
    ) async throws -> Success {
        var attempt = 1
        while true {
            do {
                return try await withConnection(for: access) { try await $0.inTransaction(access, body) }
            } catch let error as PostgresError where attempt < Self.attempts && error.deservesAnotherTry {
                logger.debug("A transaction is run again", metadata: ["reason": "\(error)"])
                try await Task.sleep(for: .milliseconds(Int.random(in: 1...10) << attempt))
                attempt += 1
            }
        }
    }
}

extension PostgresConnection {
    /// Runs `body` once in a transaction.
    func inTransaction<Success>(
        _ access: Access = .readWrite, _ body: (PostgresConnection) async throws -> Success
    ) async throws -> Success {
        try await begin(access)
        defer { isReadOnlyTransaction = false }
        let success: Success
        do {
            success = try await body(self)
        } catch {
            await rollback()
            throw error
        }
        try await commit(access)
        return success
    }

    private func begin(_ access: Access) async throws {
        isReadOnlyTransaction = access == .readOnly
        switch access {
        case .readWrite: try await runScript("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
        case .readOnly: try await runScript("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        }
    }

    /// Never throws: a connection on which it does not succeed is closed, and then the server rolls back.
    private func rollback() async {
        guard isInTransaction else { return }
        do {
            try await runScript("ROLLBACK")
        } catch {
            close()
        }
    }

    private func commit(_ access: Access) async throws {
        do {
            // In a task of its own, which the cancellation of this one does not reach: a commit that was sent and not
            // waited for would leave open what has become of it.
            let result = try await Task(executorPreference: loop) { try await self.runScript("COMMIT") }.value
            guard result.commandTag == "COMMIT" else {
                throw PostgresError(.misuse("a statement of the transaction had failed, so nothing was committed"))
            }
        } catch let error as PostgresError where isClosed && access == .readWrite {
            throw PostgresError(.commitOutcomeUnknown("\(error)"))
        }
    }
}

extension PostgresError {
    fileprivate var deservesAnotherTry: Bool { isSerializationFailure || isStalePlan }
}
