import Reactor

/// How often each route was asked, what it answered, and how long that took: in the text format of Prometheus
/// (exposition format 0.0.4).
public final class RequestMetrics: Sendable {
    private let series = Locked<[Key: Histogram]>([:])

    private struct Key: Hashable {
        var method: String
        var route: String
        var status: Int
    }

    private struct Histogram {
        var counts = [Int](repeating: 0, count: RequestMetrics.bounds.count)
        var count = 0
        var time = Duration.zero
    }

    /// Upper ends of the histogram's buckets.
    static let bounds: [Duration] = [1, 5, 10, 50, 100, 500, 1000, 5000].map { .milliseconds($0) }

    /// Nothing has been asked yet.
    public init() {}

    /// Notes an answer. `route` is the pattern, never the path: visitors choose paths, and each would be a line for ever.
    public func record(method: String, route: String, status: Int, took duration: Duration) {
        let bucket = Self.bounds.firstIndex { duration <= $0 }
        // Changed where it lies: a copy would take its counts along.
        func add(to histogram: inout Histogram) {
            if let bucket { histogram.counts[bucket] += 1 }
            histogram.count += 1
            histogram.time += duration
        }
        series.withLock { add(to: &$0[Key(method: method, route: route, status: status), default: Histogram()]) }
    }

    /// All of it, a line a figure.
    public func text() -> String {
        let series = series.withLock { $0 }.sorted {
            ($0.key.route, $0.key.method, $0.key.status) < ($1.key.route, $1.key.method, $1.key.status)
        }
        var text = "# TYPE usher_http_request_duration_seconds histogram\n"
        for (key, histogram) in series {
            let labels = "method=\"\(key.method)\",route=\"\(key.route)\",status=\"\(key.status)\""
            let name = "usher_http_request_duration_seconds"
            var sum = 0
            for (bound, count) in zip(Self.bounds, histogram.counts) {
                sum += count
                text += "\(name)_bucket{\(labels),le=\"\(bound / .seconds(1))\"} \(sum)\n"
            }
            text += "\(name)_bucket{\(labels),le=\"+Inf\"} \(histogram.count)\n"
            text += "\(name)_sum{\(labels)} \(histogram.time / .seconds(1))\n"
            text += "\(name)_count{\(labels)} \(histogram.count)\n"
        }
        return text
    }
}
