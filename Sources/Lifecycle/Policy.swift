/// How patient the house is. Times are seconds: this module knows no clock.
public enum Policy {
    /// How long the queue waits after its n-th search (from 1) of a request that found nothing; `nil` when it rests.
    ///
    /// Growing, so that what is not there yet costs the indexers little; bounded, so that a request nobody looks at
    /// comes to expire.
    public static func searchDelay(afterAttempt attempt: Int, limit: Int) -> Int? {
        guard attempt < limit else { return nil }
        let minutes = [15, 30, 60, 120, 240, 480, 720]
        return 60 * (attempt <= minutes.count ? minutes[max(attempt, 1) - 1] : 1440)
    }

    /// How long to wait before a failed item is searched again by itself, after its n-th failure (from 1); `nil` when
    /// its attempts are exhausted.
    public static func retryDelay(afterFailure failure: Int, limit: Int) -> Int? {
        guard failure <= limit else { return nil }
        return failure == 1 ? 600 : failure == 2 ? 3600 : 21_600
    }

    /// How long to wait before an effect that failed is tried again, after its n-th attempt (from 1).
    public static func effectDelay(afterAttempt attempt: Int) -> Int {
        min(600, 2 << min(max(attempt, 1), 9))
    }
}
