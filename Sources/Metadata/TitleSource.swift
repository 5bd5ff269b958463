public import HTTPClient

/// What an administrator was given by a source that answers only to those whom it knows.
public struct SourceKey: Sendable, Hashable {
    /// Who asks, where the source gives out names.
    public var client: String?
    /// What shows it.
    public var secret: String

    /// A key.
    public init(client: String? = nil, secret: String) {
        self.client = client
        self.secret = secret
    }
}

/// Something outside that knows titles.
public protocol TitleSource: Sendable {
    /// Which.
    var id: SourceID { get }
    /// The way there.
    var client: SourceClient { get }
    /// Works that are called like this, best first.
    ///
    /// - Parameter key: of a source that needs one.
    func works(like text: String, key: SourceKey?) async throws(MetadataError) -> [Work]
}

/// A source that answers only to those who have a key.
public protocol KeyedSource: TitleSource {
    /// Asks for nothing but whether the key is good.
    ///
    /// - Throws: `keyRefused` when it is not.
    func test(_ key: SourceKey) async throws(MetadataError)
}

/// Where the sources are. Each can be something else that speaks like it.
public struct SourceAddresses: Sendable, Equatable {
    /// An address each, without a path of the source's own.
    public var urls: [SourceID: String] = [
        .tvmaze: "https://api.tvmaze.com", .wikidata: "https://www.wikidata.org",
        .cinemeta: "https://v3-cinemeta.strem.io", .steam: "https://store.steampowered.com",
        .tmdb: "https://api.themoviedb.org", .igdb: "https://api.igdb.com",
    ]

    /// The sources themselves.
    public init() {}

    /// The address of a source.
    public subscript(source: SourceID) -> String {
        get { urls[source] ?? "" }
        set { urls[source] = newValue }
    }
}

/// All the sources. One for a process: they keep the limits that the sources set.
public struct TitleSources: Sendable {
    /// The source of shows and their episodes.
    public let tvmaze: TVmaze
    /// Each.
    public let all: [any TitleSource]

    /// Sources at these addresses.
    public init(http: HTTPClient, at addresses: SourceAddresses = SourceAddresses()) {
        tvmaze = TVmaze(http: http, baseURL: addresses[.tvmaze])
        all = [
            tvmaze, TMDB(http: http, baseURL: addresses[.tmdb]), Cinemeta(http: http, baseURL: addresses[.cinemeta]),
            Wikidata(http: http, baseURL: addresses[.wikidata]), IGDB(http: http, baseURL: addresses[.igdb]),
            Steam(http: http, baseURL: addresses[.steam]),
        ]
    }

    /// The sources that need a key.
    public var keyed: [any KeyedSource] { all.compactMap { $0 as? any KeyedSource } }

    /// Fetches a picture that a source has named. It may be anything: sniff it.
    ///
    /// - Throws: `notFound` also for an address where this source keeps no pictures.
    public func picture(at url: String, from source: SourceID) async throws(MetadataError) -> [UInt8] {
        guard let source = all.first(where: { $0.id == source }) else { throw .notFound }
        return try await source.client.picture(at: url)
    }
}
