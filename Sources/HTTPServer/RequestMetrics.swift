public import HTTPTypes
import Reactor

/// How often each route was asked, what it answered, and how long that took: in the text format of Prometheus
/// (exposition format 0.0.4).
public final class RequestMetrics: Sendable {
    /// By the route's place in its table, one more than that: what led nowhere stands first.
    private let series = Locked<[[Series]]>([])

    /// What a route answered to a method with one status.
    private struct Series {
        let route: String
        let method: String
        let status: Int
        var counts = InlineArray<8, Int>(repeating: 0)
        var count = 0
        var time = Duration.zero

        mutating func add(_ duration: Duration) {
            if let bucket = RequestMetrics.bounds.firstIndex(where: { duration <= $0 }) { counts[bucket] += 1 }
            count += 1
            time += duration
        }
    }

    /// Upper ends of the histogram's buckets.
    static let bounds: [Duration] = [1, 5, 10, 50, 100, 500, 1000, 5000].map { .milliseconds($0) }

    /// Nothing has been asked yet.
    public init() {}

    /// Notes an answer. By the route, never by the path: visitors choose paths, and each would be a line for ever.
    public func record(method: HTTPRequest.Method, route: Route?, status: Int, took duration: Duration) {
        let place = route.map { $0.place + 1 } ?? 0
        series.withLock { series in
            while series.count <= place { series.append([]) }
            let known = series[place].firstIndex { $0.status == status && $0.method == method.rawValue }
            let index = known ?? series[place].count
            if known == nil {
                let route = route?.pattern ?? "none"
                series[place].append(Series(route: route, method: method.rawValue, status: status))
            }
            series[place][index].add(duration)
        }
    }

    /// All of it, a line a figure.
    public func text() -> String {
        let series = series.withLock { $0 }.joined().sorted {
            ($0.route, $0.method, $0.status) < ($1.route, $1.method, $1.status)
        }
        var text = "# TYPE usher_http_request_duration_seconds histogram\n"
        for series in series {
            let labels = "method=\"\(series.method)\",route=\"\(series.route)\",status=\"\(series.status)\""
            let name = "usher_http_request_duration_seconds"
            var sum = 0
            for (place, bound) in Self.bounds.enumerated() {
                sum += series.counts[place]
                text += "\(name)_bucket{\(labels),le=\"\(bound / .seconds(1))\"} \(sum)\n"
            }
            text += "\(name)_bucket{\(labels),le=\"+Inf\"} \(series.count)\n"
            text += "\(name)_sum{\(labels)} \(series.time / .seconds(1))\n"
            text += "\(name)_count{\(labels)} \(series.count)\n"
        }
        return text
    }
}
