import FoundationEssentials
import HTTPClient
import HTTPTypes

/// The way to one source: its address, its limits, and how often it is asked again.
public struct SourceClient: Sendable {
    private static let maxRedirects = 3
    private static let maxPictureBytes = 4 << 20
    /// How long a pause that the source asks for is still waited for.
    private static let maxPause = Duration.seconds(10)
    private static let maxRetries = 2

    private let http: HTTPClient
    private let baseURL: String
    private let limit: RateLimit
    /// Hosts at which the source keeps its pictures; what begins with a dot stands for all hosts below.
    private let pictureHosts: [String]
    private let retryPause: Duration
    private let kept = KeptAnswers()

    init(
        http: HTTPClient, baseURL: String, limit: RateLimit, pictureHosts: [String] = [],
        retryPause: Duration = .seconds(1)
    ) {
        self.http = http
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.limit = limit
        self.pictureHosts = pictureHosts
        self.retryPause = retryPause
    }

    /// What the source says at this path.
    ///
    /// - Parameter question: is posted there; without one the path says it all.
    func get<Value: Decodable & Sendable>(
        _ path: String, fields: HTTPFields = [:], posting question: String? = nil, maxBytes: Int = 2 << 20
    ) async throws(MetadataError) -> Value {
        guard let origin = WebURL(baseURL)?.origin else { throw .http(.malformedURL) }
        let body = try await fetch(
            ClientRequest(
                url: baseURL + path, method: question == nil ? .get : .post, fields: fields,
                body: question.map { Array($0.utf8) }, connectTimeout: .seconds(3), totalTimeout: .seconds(10),
                maxBodyBytes: maxBytes, addresses: .exactly(origin)))
        // Megabytes are read elsewhere than on the thread of an event loop.
        let value = await withTaskExecutorPreference(globalConcurrentExecutor) {
            Result { try JSONDecoder().decode(Value.self, from: Data(body)) }
        }
        guard case .success(let value) = value else { throw .malformed }
        return value
    }

    private func fetch(_ request: ClientRequest) async throws(MetadataError) -> [UInt8] {
        var retries = 0
        while true {
            let response: ClientResponse
            do {
                try await limit.turn()
                response = try await http.send(kept.conditional(request))
            } catch {
                throw .http(error as? HTTPClientError ?? .cancelled)
            }
            switch response.status {
            case 200:
                kept.keep(response, of: request)
                return response.body
            case 304:
                guard let body = kept.body(of: request.url) else { throw .status(304) }
                return body
            case 401, 403: throw .keyRefused(said: WireRefusal.sentence(in: response.body))
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

    // MARK: Pictures

    func picture(at url: String) async throws(MetadataError) -> [UInt8] {
        guard var place = WebURL(url) else { throw .notFound }
        for _ in 0...Self.maxRedirects {
            guard let policy = policy(for: place) else { throw .notFound }
            let response: ClientResponse
            do {
                response = try await http.send(
                    ClientRequest(
                        url: place.text, connectTimeout: .seconds(3), totalTimeout: .seconds(15),
                        maxBodyBytes: Self.maxPictureBytes, addresses: policy))
            } catch {
                throw .http(error)
            }
            switch response.status {
            case 200: return response.body
            case 301, 302, 303, 307, 308:
                guard let next = response.location.flatMap(place.resolving) else { throw .notFound }
                place = next
            case 404, 403, 410: throw .notFound
            default: throw .status(response.status)
            }
        }
        throw .notFound
    }

    /// Where this picture may be fetched; `nil`: not at all.
    private func policy(for place: WebURL) -> AddressPolicy? {
        // What stands in for a source on the house's own network has its pictures there too.
        if let own = WebURL(baseURL)?.origin, own == place.origin { return .exactly(own) }
        let isKnown = pictureHosts.contains { host in
            host.hasPrefix(".") ? place.origin.host.hasSuffix(host) : place.origin.host == host
        }
        return isKnown && !place.hasCredentials ? .publicOnly : nil
    }
}

/// What sources say to those whom they do not know.
private struct WireRefusal: Decodable {
    let status_message: String?
    let message: String?

    /// At most a line of it.
    static func sentence(in body: [UInt8]) -> String? {
        let refusal = try? JSONDecoder().decode(WireRefusal.self, from: Data(body))  // other words are not shown
        guard let said = refusal?.status_message ?? refusal?.message else { return nil }
        return PlainText(html: String(said.prefix(200)))?.text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
