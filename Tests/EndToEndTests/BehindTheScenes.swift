import Aria2
import Foundation
import Glibc
import Postgres
import TestSupport

/// What a household cannot do with the pages: have time pass, and meddle with what Usher stands on.
extension World {
    // MARK: Time

    /// Days pass for one request.
    func pass(days: Int, for request: String) async throws {
        try await database(
            """
            UPDATE items SET created_at = created_at - make_interval(days => \(days)::integer),
                last_searched_at = last_searched_at - make_interval(days => \(days)::integer),
                kept_at = kept_at - make_interval(days => \(days)::integer)
            WHERE request_id = \(try number(of: request))
            """)
        try await wake()
    }

    /// The hour passes after which TVmaze is asked for new episodes.
    func passToNextRefresh() async throws {
        try await database("UPDATE settings SET episodes_seen_at = now() - interval '2 hours'")
        try await wake()
    }

    /// The rest after a failure passes.
    func passToNextTry(of request: String) async throws {
        try await database("UPDATE requests SET retry_at = now() WHERE id = \(try number(of: request))")
        try await wake()
    }

    /// Time passes until just after an episode has aired, for a request that waits for it.
    func pass(toAiringOf episode: StandInTVmaze.Episode, for request: String) async throws {
        try await database(
            """
            UPDATE requests SET future_from = now() - interval '1 day'
            WHERE id = \(try number(of: request)) AND future_from IS NOT NULL
            """)
        try await database(
            "UPDATE episodes SET airs_at = now() - interval '1 minute' WHERE source_id = \("tvmaze:\(episode.id)")")
        try await wake()
    }

    /// What was under way when the database was gone, and what failed, is done again.
    func passToNextEffect() async throws {
        try await database("UPDATE outbox SET due_at = now() WHERE done_at IS NULL")
        try await wake()
    }

    /// Indexers that were left alone for a while are asked again.
    func passToNextQuestion() async throws {
        try await database("UPDATE indexers SET blocked_until = NULL, failures = 0")
    }

    private func number(of request: String) throws -> Int64 {
        guard let number = request.split(separator: "/").last.flatMap({ Int64($0) }) else {
            throw PageError("\(request) is no request")
        }
        return number
    }

    // MARK: aria2

    /// Whether Usher's aria2 knows of a torrent.
    func aria2Has(_ torrent: SharedTorrent) async throws -> Bool {
        try await aria2().snapshot().transfers[torrent.infohash] != nil
    }

    /// Takes a torrent out of aria2, as somebody with another interface to it would.
    func removeFromAria2(_ torrent: SharedTorrent) async throws {
        let aria2 = try aria2()
        guard let transfer = try await aria2.snapshot().transfers[torrent.infohash] else {
            throw PageError("aria2 does not have \(torrent.name)")
        }
        try await aria2.forceRemove(transfer.gid)
    }

    /// Whether a torrent's unfinished files lie in the download folder.
    func hasIncoming(_ torrent: SharedTorrent) -> Bool {
        FileManager.default.fileExists(atPath: folder(".incoming/\(torrent.infohash)"))
    }

    // MARK: Processes

    func killAria2() throws {
        try send(SIGKILL, to: aria2PID())
    }

    /// It still takes connections, and answers nobody.
    func freezeAria2() throws {
        try send(SIGSTOP, to: aria2PID())
    }

    func thawAria2() throws {
        try send(SIGCONT, to: aria2PID())
    }

    func killPostgres() throws {
        try send(SIGKILL, to: postgresPID())
    }

    var runsPostgres: Bool {
        (try? postgresPID()) != nil  // without the file it does not run
    }

    private func postgresPID() throws -> pid_t {
        let file = usher.dataDirectory + "/postgres/postmaster.pid"
        let first = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").first
        guard let pid = first.flatMap({ pid_t($0) }) else { throw PageError("\(file) names no process") }
        return pid
    }

    private func send(_ signal: CInt, to pid: pid_t) throws {
        guard kill(pid, signal) == 0 else { throw PageError("signal \(signal) to \(pid): error \(errno)") }
    }
}
