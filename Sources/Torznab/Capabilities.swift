/// What an indexer can be asked.
public struct Capabilities: Sendable, Hashable, Codable {
    /// How the indexer calls itself.
    public var title: String?
    /// The parameters each way of searching takes; a way that is not there is not offered.
    public var searching: [Query.Mode: Set<String>]
    /// The ways whose search engine wants the text as it is; the others are given it without accents and apostrophes.
    public var rawText: Set<Query.Mode>
    /// Its categories, subcategories among them.
    public var categories: [Category]
    /// The most items in one answer.
    public var maxLimit: Int

    /// Capabilities.
    public init(
        title: String? = nil, searching: [Query.Mode: Set<String>], rawText: Set<Query.Mode> = [],
        categories: [Category] = [], maxLimit: Int = 100
    ) {
        self.title = title
        self.searching = searching
        self.rawText = rawText
        self.categories = categories
        self.maxLimit = maxLimit
    }

    /// A category, standard or (from 100000 on) the site's own.
    public struct Category: Sendable, Hashable, Codable {
        /// Its number.
        public var id: Int
        /// What the indexer calls it.
        public var name: String
        /// The category it is part of.
        public var parent: Int?

        /// A category.
        public init(id: Int, name: String, parent: Int? = nil) {
            self.id = id
            self.name = name
            self.parent = parent
        }
    }

    /// What to assume of an indexer whose own answer cannot be read: a search by text.
    public static let assumed = Capabilities(searching: [.search: ["q"]])
}
