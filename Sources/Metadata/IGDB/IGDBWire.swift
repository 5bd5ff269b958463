import FoundationEssentials

// IGDB's JSON: what the question names, and of that what is known.

struct WireToken: Decodable, Sendable {
    let access_token: String
    /// Seconds.
    let expires_in: Int
}

struct WireGame: Decodable, Sendable {
    let id: Int
    let name: String
    let alternative_names: Lossy<Named>?
    let slug: String?
    let url: String?
    /// Unix seconds.
    let first_release_date: Double?
    let summary: String?
    let cover: Cover?
    let genres: Lossy<Named>?
    let platforms: Lossy<Named>?
    let external_games: Lossy<External>?
    let age_ratings: Lossy<Rating>?

    struct Cover: Decodable, Sendable {
        let image_id: String?
    }

    struct Named: Decodable, Sendable {
        let name: String
    }

    struct External: Decodable, Sendable {
        let uid: String
        let external_game_source: Int
    }

    struct Rating: Decodable, Sendable {
        let organization: Named
        let rating_category: Category

        struct Category: Decodable, Sendable {
            let rating: String
        }
    }

    /// Steam's number among the outside sources.
    private static let steam = 1

    func work(pictures: String) -> Work {
        var ids: [String: String] = [:]
        ids["igdb"] = slug
        ids["steam"] = external_games?.elements.first { $0.external_game_source == Self.steam }?.uid
        let released = first_release_date.flatMap {
            Work.day(Date(timeIntervalSince1970: $0).formatted(.iso8601))
        }
        return Work(
            source: .igdb, id: String(id), kind: .game, name: name,
            otherNames: alternative_names?.elements.map(\.name), year: released.flatMap { Int($0.prefix(4)) },
            released: released, ids: ids,
            summary: summary.flatMap { $0.isEmpty ? nil : $0 },
            details: (platforms?.elements ?? []).map(\.name) + (genres?.elements ?? []).map(\.name),
            age: AgeRating.age(
                of: (age_ratings?.elements ?? []).compactMap { rating in
                    AgeRating.System(name: rating.organization.name).map { ($0, rating.rating_category.rating) }
                }),
            picture: cover?.image_id.flatMap { image in
                image.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
                    ? "\(pictures)/igdb/image/upload/t_cover_big/\(image).jpg" : nil
            }, url: url.flatMap { $0.hasPrefix("https://www.igdb.com/") ? $0 : nil })
    }
}
