public import Glibc

/// A value behind a lock.
///
/// A pthread mutex and not `Synchronization.Mutex`, whose futex the thread sanitizer does not see.
public final class Locked<Value>: @unchecked Sendable {
    @usableFromInline let mutex: UnsafeMutablePointer<pthread_mutex_t>
    // The lock is what keeps accesses apart: one within another would have waited for itself before.
    @exclusivity(unchecked) @usableFromInline var value: Value

    /// Puts the value behind a lock of its own.
    public init(_ value: Value) {
        self.value = value
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Calls `body` while nobody else has the value. It must be short: change, unlock, and only then act.
    @inlinable public func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}
