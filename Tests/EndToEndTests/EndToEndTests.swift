import Testing

/// Usher as it is built, driven through its pages with an HTTP client and no scripting. Behind it are real parts: its
/// own PostgreSQL and aria2, a BitTorrent swarm, an indexer and a TVmaze, all on loopback.
///
/// The scenarios come one after the other, since most share one house.
@Suite("End to end", .serialized, .timeLimit(.minutes(10))) struct EndToEndTests {}
