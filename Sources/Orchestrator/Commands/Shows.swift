public import Metadata
import Postgres
import Storage

extension Orchestrator {
    /// A show with its episodes, as TVmaze knows it.
    ///
    /// - Throws: ``CommandError/notFound``, ``CommandError/away(sentence:)``.
    public func show(tvmaze id: Int) async throws -> Show {
        try await fromTVmaze { try await parts.sources.tvmaze.show(id) }
    }

    /// Reads a request's show from TVmaze again, now.
    ///
    /// - Throws: ``CommandError``; not found also for a title that does not come from TVmaze.
    public func refresh(_ request: Int64, by person: Person) async throws {
        let title = try await withDoor(of: request, by: person) { $0.request.title }
        guard let id = title.tvmaze else { throw CommandError.notFound }
        do {
            try await refresh(title: title.id, tvmaze: id)
        } catch let error as MetadataError {
            throw CommandError.away(sentence: error.sentence(of: .tvmaze))
        }
        announcer.tell(.request(request))
    }

    /// Brings a title in step with TVmaze. Its new episodes become items when they have aired.
    func refresh(title: Int64, tvmaze id: Int) async throws {
        let subject = Subject(try await parts.sources.tvmaze.show(id))
        try await pool.transaction { connection in
            _ = try await Titles.save(subject.facts, on: connection)
            try await Episodes.save(subject.episodes, of: title, on: connection)
            try await Items.moveReleases(of: title, on: connection)
        }
        announcer.tell(.house)
    }

    private func fromTVmaze<Success>(_ ask: () async throws -> Success) async throws -> Success {
        do {
            return try await ask()
        } catch MetadataError.notFound {
            throw CommandError.notFound
        } catch let error as MetadataError {
            throw CommandError.away(sentence: error.sentence(of: .tvmaze))
        }
    }
}
