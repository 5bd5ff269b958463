import Backup
import Foundation
import Logging
import Postgres

/// A PostgreSQL cluster of Usher's own, in its data directory: reached over a socket that only its account may enter.
struct PrivatePostgres: Sendable {
    let url: String
    let child: Child

    /// Prepares the cluster, on the first start from nothing.
    ///
    /// - Throws: ``UsherError`` in words that say what to do.
    init(dataDirectory: String, logger: Logger) throws {
        let programs = try Self.programs()
        let user = geteuid() == 0 ? UserAccount.first(of: ["postgres", "nobody"]) : nil
        if geteuid() == 0, user == nil {
            throw UsherError("PostgreSQL does not run as root, and there is neither an account postgres nor nobody.")
        }
        let cluster = dataDirectory + "/postgres"
        let socket = dataDirectory + "/socket"
        // unix(7): the path of a socket has room for 107 bytes.
        guard "\(socket)/.s.PGSQL.5432".utf8.count <= 107 else {
            throw UsherError("USHER_DATA_DIR is too long for PostgreSQL's socket: \(dataDirectory) has to be shorter.")
        }
        try Self.makeFolder(socket, for: user)
        if !FileManager.default.fileExists(atPath: cluster + "/PG_VERSION") {
            // Made beside and moved, so that a start which is interrupted leaves nothing half there.
            let unfinished = cluster + ".new"
            if FileManager.default.fileExists(atPath: unfinished) {
                try FileManager.default.removeItem(atPath: unfinished)
            }
            try Self.makeFolder(unfinished, for: user)
            logger.info("Making a private PostgreSQL", metadata: ["folder": "\(cluster)"])
            try Program(
                programs + "/initdb",
                [
                    "--pgdata", unfinished, "--username", "usher", "--encoding", "UTF8", "--locale", "C.UTF-8",
                    "--auth-local", "trust", "--auth-host", "reject", "--data-checksums",
                ], user: user
            ).run()
            try FileManager.default.moveItem(atPath: unfinished, toPath: cluster)
        }
        child = Child(
            Child.Program(
                name: "PostgreSQL", path: programs + "/postgres",
                arguments: [
                    "-D", cluster, "-k", socket, "-c", "listen_addresses=", "-c", "unix_socket_permissions=0700",
                    "-c", "max_connections=64",
                ],
                // SIGINT is the fast shutdown: sessions end, nothing committed is lost.
                user: user, workingDirectory: cluster, stopSignal: .interrupt, log: socket + "/postgres.log"),
            logger: logger)
        url = Self.url(in: dataDirectory)
    }

    /// Waits, for a minute at the most, until the cluster takes connections: before that there is nobody to talk to.
    func waitUntilListening() async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        // One that takes a connection and says nothing, as when it is stopped, would be waited for without end.
        let patient = url + " connect_timeout=3"
        while ContinuousClock.now < deadline, !(try await PostgresConfiguration.isAnswered(at: patient)) {
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Where the cluster of a data directory is reached: quoted, as a path may have blanks (PostgreSQL manual, 34.1.1.1).
    static func url(in dataDirectory: String) -> String {
        let escaped = dataDirectory.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
        return "host='\(escaped)/socket' user=usher dbname=postgres"
    }

    private static func programs() throws -> String {
        guard let folder = PostgresPrograms.folder else {
            throw UsherError(
                "PostgreSQL 15 or later is not installed (apt-get install postgresql); or set USHER_DATABASE_URL.")
        }
        return folder
    }

    private static func makeFolder(_ path: String, for user: UserAccount?) throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        if let user, chown(path, user.uid, user.gid) != 0 {
            throw UsherError("\(path) could not be given to \(user.name): \(String(cString: strerror(errno)))")
        }
    }
}
