public import HTTPClient

/// Something outside that knows titles.
public protocol TitleSource: Sendable {
    /// Which.
    var id: SourceID { get }
    /// The way there.
    var client: SourceClient { get }
    /// Works that are called like this, best first.
    func works(like text: String) async throws(MetadataError) -> [Work]
}

/// Where the sources are. Each can be something else that speaks like it.
public struct SourceAddresses: Sendable, Equatable {
    /// An address each, without a path of the source's own.
    public var urls: [SourceID: String] = [
        .tvmaze: "https://api.tvmaze.com", .wikidata: "https://www.wikidata.org",
        .cinemeta: "https://v3-cinemeta.strem.io", .steam: "https://store.steampowered.com",
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
            tvmaze, Cinemeta(http: http, baseURL: addresses[.cinemeta]),
            Wikidata(http: http, baseURL: addresses[.wikidata]), Steam(http: http, baseURL: addresses[.steam]),
        ]
    }

    /// Fetches a picture that a source has named. It may be anything: sniff it.
    ///
    /// - Throws: `notFound` also for an address where this source keeps no pictures.
    public func picture(at url: String, from source: SourceID) async throws(MetadataError) -> [UInt8] {
        guard let source = all.first(where: { $0.id == source }) else { throw .notFound }
        return try await source.client.picture(at: url)
    }
}
