import TestSupport

/// Waits until it is so.
func wait(for limit: Duration, until isMet: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !isMet() {
        guard ContinuousClock.now < deadline else { throw TestSupportError("waited \(limit) in vain") }
        try await Task.sleep(for: .milliseconds(20))
    }
}
