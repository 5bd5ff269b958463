/// Lets one worker rest until there is a reason to work, or for a time.
actor Wake {
    private var isSet = false
    private var waiter: CheckedContinuation<Void, Never>?

    /// Wakes the worker, or keeps it from resting next.
    nonisolated func signal() {
        Task { await set() }
    }

    /// Rests until ``signal()``, at most for `duration`.
    func wait(atMost duration: Duration) async {
        guard !isSet else {
            isSet = false
            return
        }
        let timer = Task {
            do { try await Task.sleep(for: duration) } catch { return }
            self.set()
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter = $0 }
        } onCancel: {
            signal()
        }
        timer.cancel()
        isSet = false
    }

    private func set() {
        isSet = true
        waiter?.resume()
        waiter = nil
    }
}
