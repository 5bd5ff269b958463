// TMDB's JSON: only what is used of it. What is unknown is null, empty or left out.

struct WireConfiguration: Decodable, Sendable {
    let images: Images

    struct Images: Decodable, Sendable {
        let secure_base_url: String
    }
}

struct WirePage: Decodable, Sendable {
    let results: Lossy<WireWork>
}

/// A movie or a show; in a search also a person.
struct WireWork: Decodable, Sendable {
    let id: Int
    let media_type: String?
    let adult: Bool?
    /// Of a movie.
    let title: String?
    let original_title: String?
    let release_date: String?
    let runtime: Int?
    let release_dates: Countries<Releases>?
    /// Of a show.
    let name: String?
    let original_name: String?
    let first_air_date: String?
    let episode_run_time: Lossy<Int>?
    let content_ratings: Countries<Rating>?
    let networks: Lossy<Network>?
    let seasons: Lossy<Season>?
    let status: String?
    /// Of both.
    let overview: String?
    let poster_path: String?
    let external_ids: ExternalIDs?
    let alternative_titles: Names?

    /// Of a movie under the one key, of a show under the other.
    struct Names: Decodable, Sendable {
        let titles, results: Lossy<Name>?

        struct Name: Decodable, Sendable {
            let title: String
        }
    }

    struct Countries<Country: Decodable & Sendable>: Decodable, Sendable {
        let results: Lossy<Country>
    }

    struct Releases: Decodable, Sendable {
        let iso_3166_1: String
        let release_dates: [Release]

        struct Release: Decodable, Sendable {
            let certification: String?
        }
    }

    struct Rating: Decodable, Sendable {
        let iso_3166_1: String
        let rating: String?
    }

    struct Network: Decodable, Sendable {
        let name: String
    }

    struct Season: Decodable, Sendable {
        let season_number: Int
        let episode_count: Int
    }

    struct ExternalIDs: Decodable, Sendable {
        let imdb_id: String?
        let tvdb_id: Int?
        let wikidata_id: String?
    }

    /// As it stands in a search; nil for people and for what is not for everybody's eyes.
    func work(pictures: String) -> Work? {
        switch media_type {
        case "movie" where adult != true: work(kind: .movie, pictures: pictures)
        case "tv" where adult != true: work(kind: .show, pictures: pictures)
        default: nil
        }
    }

    /// - Parameter pictures: where posters are, without a slash at its end.
    func work(kind: Work.Kind, pictures: String) -> Work? {
        let isMovie = kind == .movie
        guard let name = isMovie ? title : name else { return nil }
        var ids = [isMovie ? "tmdb_movie" : "tmdb_tv": String(id)]
        ids["imdb"] = external_ids?.imdb_id.flatMap { $0.hasPrefix("tt") ? $0 : nil }
        ids["tvdb"] = external_ids?.tvdb_id.map(String.init)
        ids["wikidata"] = external_ids?.wikidata_id.flatMap { $0.hasPrefix("Q") ? $0 : nil }
        let counts = (seasons?.elements ?? []).filter { $0.season_number > 0 && $0.episode_count > 0 }
        let path = "\(isMovie ? "movie" : "tv")/\(id)"
        return Work(
            source: .tmdb, id: path, kind: kind, name: name, otherNames: otherNames,
            year: (isMovie ? release_date : first_air_date).flatMap { Int($0.prefix(4)) },
            released: isMovie ? release_date.flatMap(Work.day) : nil, ids: ids,
            summary: overview.flatMap { $0.isEmpty ? nil : $0 },
            details: [networks?.elements.first?.name, status == "Ended" ? "ended" : nil].compactMap(\.self),
            runtime: [runtime, episode_run_time?.elements.first].compactMap(\.self).first { $0 > 0 },
            seasons: counts.isEmpty
                ? nil : Dictionary(counts.map { ($0.season_number, $0.episode_count) }) { first, _ in first },
            age: age, picture: poster_path.flatMap { $0.hasPrefix("/") ? pictures + $0 : nil },
            url: "https://www.themoviedb.org/\(path)")
    }

    private var otherNames: [String] {
        [original_title ?? original_name].compactMap(\.self)
            + [alternative_titles?.titles, alternative_titles?.results].flatMap { $0?.elements ?? [] }.map(\.title)
    }

    private var age: Int? {
        let ofMovie = (release_dates?.results.elements ?? []).flatMap { country in
            country.release_dates.map { release in (country.iso_3166_1, release.certification) }
        }
        let ofShow = (content_ratings?.results.elements ?? []).map { ($0.iso_3166_1, $0.rating) }
        let marks = (ofMovie + ofShow).compactMap { country, mark -> (AgeRating.System, String)? in
            guard let mark, let system = AgeRating.System(country: country) else { return nil }
            return (system, mark)
        }
        return AgeRating.age(of: marks)
    }
}
