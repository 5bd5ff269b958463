import FoundationEssentials
import HTTP
public import HTTPClient

/// Shows and their episodes from TVmaze (https://www.tvmaze.com/api). The data is CC BY-SA 4.0: a page that shows it
/// links to `Show.url`.
public struct TVmaze: Sendable {
    private static let maxBodyBytes = 2 << 20
    /// Daily soaps have ten thousand episodes.
    private static let maxEpisodeBytes = 16 << 20
    private static let maxUpdateBytes = 8 << 20
    /// How long a pause that TVmaze asks for is still waited for.
    private static let maxPause = Duration.seconds(10)
    private static let maxRetries = 2

    private let http: HTTPClient
    private let baseURL: String
    /// TVmaze grants 20 calls in ten seconds to an address.
    private let limit = RateLimit(18, per: .seconds(10))
    private let retryPause: Duration

    /// How far back `updates` looks.
    public enum Period: String, Sendable {
        /// A day.
        case day
        /// Seven days.
        case week
        /// Thirty days.
        case month
    }

    /// A client for TVmaze, or for whatever else speaks like it. One for a process: it keeps TVmaze's limit of calls.
    public init(http: HTTPClient, baseURL: String = "https://api.tvmaze.com") {
        self.init(http: http, baseURL: baseURL, retryPause: .seconds(1))
    }

    init(http: HTTPClient, baseURL: String, retryPause: Duration) {
        self.http = http
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.retryPause = retryPause
    }

    /// Shows whose name is like this, best first; without their episodes.
    public func search(_ text: String) async throws(MetadataError) -> [Show] {
        let found: Lossy<WireFound> = try await get(
            "/search/shows?\(Form([("q", text)]).encoded())", maxBytes: Self.maxBodyBytes)
        return found.elements.map { Show($0.show) }
    }

    /// A show with all its episodes.
    public func show(_ id: Int) async throws(MetadataError) -> Show {
        let wire: WireShow = try await get("/shows/\(id)", maxBytes: Self.maxBodyBytes)
        let episodes: Lossy<WireEpisode> = try await get(
            "/shows/\(id)/episodes?specials=1", maxBytes: Self.maxEpisodeBytes)
        var show = Show(wire)
        show.episodes = Episode.inOrder(episodes.elements)
        return show
    }

    /// The shows that changed, and when (Unix seconds).
    public func updates(since period: Period) async throws(MetadataError) -> [Int: Int] {
        let wire: WireUpdates = try await get(
            "/updates/shows?since=\(period.rawValue)", maxBytes: Self.maxUpdateBytes)
        return wire.stamps
    }

    // MARK: Asking

    private func get<Value: Decodable & Sendable>(
        _ path: String, maxBytes: Int
    ) async throws(MetadataError) -> Value {
        let body = try await fetch(path, maxBytes: maxBytes)
        // Megabytes are read elsewhere than on the thread of an event loop.
        let value = await withTaskExecutorPreference(globalConcurrentExecutor) {
            Result { try JSONDecoder().decode(Value.self, from: Data(body)) }
        }
        guard case .success(let value) = value else { throw .malformed }
        return value
    }

    private func fetch(_ path: String, maxBytes: Int) async throws(MetadataError) -> [UInt8] {
        guard let origin = WebURL(baseURL)?.origin else { throw .http(.malformedURL) }
        let request = ClientRequest(
            url: baseURL + path, connectTimeout: .seconds(3), totalTimeout: .seconds(10), maxBodyBytes: maxBytes,
            addresses: .exactly(origin))
        var retries = 0
        while true {
            let response: ClientResponse
            do {
                try await limit.turn()
                response = try await http.send(request)
            } catch {
                throw .http(error as? HTTPClientError ?? .cancelled)
            }
            switch response.status {
            case 200: return response.body
            case 404: throw .notFound
            case 429, 502, 503, 504: try await pause(after: response, retries: retries)
            default: throw .status(response.status)
            }
            retries += 1
        }
    }

    /// Waits before the next try, or throws if there is none.
    private func pause(after response: ClientResponse, retries: Int) async throws(MetadataError) {
        let asked = response.retryAfter
        guard retries < Self.maxRetries, asked ?? .zero <= Self.maxPause else {
            throw response.status == 429 ? .rateLimited(retryAfter: asked) : .status(response.status)
        }
        do {
            // Not all at the same moment.
            try await Task.sleep(for: asked ?? retryPause * (retries + 1) * Double.random(in: 1...1.5))
        } catch {
            throw .http(.cancelled)
        }
    }
}
