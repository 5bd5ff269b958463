import FoundationEssentials
import Lifecycle
import Storage

extension Poster {
    /// The poster of a title, by the key of its picture.
    init(kind: Kind, picture: String?) {
        self.init(kind: kind.rawValue, image: picture.map { "/pictures/\($0)" })
    }
}

extension RequestCard {
    /// A request in a list, with the figures of its first download if it has one.
    init(_ request: RequestSummary, progress: [Int64: DownloadProgress], times: Times) {
        self.init(
            href: "/requests/\(request.id)", title: request.title, year: request.year.map(String.init),
            poster: Poster(kind: request.kind, picture: request.picture), badge: StatusBadge(request.status),
            sentence: Outlook(request, now: times.now).sentence(times),
            people: request.people.isEmpty ? nil : request.people.joined(separator: ", "),
            progress: request.downloads.first.flatMap { progress[$0] })
    }
}
