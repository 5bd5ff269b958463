import CPostgres
import Reactor

/// How to reach the database, and the limits of doing so.
public struct PostgresConfiguration: Sendable {
    /// The settings of the connection by libpq's keywords (PostgreSQL manual, 34.1.2).
    let settings: [String: String]
    /// Connections of this process at most, divided among the event loops, at least one each.
    public var maxConnections = 16
    /// Callers that wait for a connection at most, per event loop; the next is refused at once.
    public var maxWaiters = 256
    /// How long a caller waits for a connection.
    public var acquireTimeout = Duration.seconds(2)
    /// How long one attempt to connect to one address may take.
    public var connectTimeout = Duration.seconds(3)
    /// How long a statement may take, if not said otherwise at the statement.
    public var queryDeadline = Duration.seconds(5)
    /// After how long the server ends a session that has begun a transaction and says nothing more, and so frees what it
    /// has locked: this process may be frozen.
    public var idleInTransactionTimeout = Duration.seconds(30)
    /// After how long a connection at rest is asked whether it still lives before it is used: a server that has gone
    /// without a word is then missed within a second.
    public var trustedRest = Duration.seconds(2)
    /// The interval at which a connection that listens, and hears nothing, is asked whether it still lives.
    public var heartbeat = Duration.seconds(30)

    /// A URL (`postgresql://user@host1,host2/name?sslmode=verify-full`) or keywords (`host=/run/postgresql dbname=usher`),
    /// as libpq takes them; several hosts are tried in order. Throws with a sentence that does not repeat the input,
    /// which may contain a password.
    public init(url: String) throws(PostgresError) {
        guard let options = PQconninfoParse(url, nil) else {
            throw PostgresError(.misuse("the database URL is neither a URL nor keywords that libpq understands"))
        }
        defer { PQconninfoFree(options) }
        var settings: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val, value.pointee != 0 {
                settings[String(cString: keyword)] = String(cString: value)
            }
            option += 1
        }
        self.settings = settings
        let hosts = Self.list(settings["host"])
        let addresses = Self.list(settings["hostaddr"])
        let ports = Self.list(settings["port"])
        let count = max(hosts.count, addresses.count, 1)
        guard hosts.isEmpty || addresses.isEmpty || hosts.count == addresses.count,
            ports.count <= 1 || ports.count == count
        else { throw PostgresError(.misuse("the database URL has not as many ports or addresses as hosts")) }
    }

    /// Whether a server there takes connections now, not whether it would let anybody in (PostgreSQL manual, 34.1.1,
    /// PQping). Takes as long as the URL's `connect_timeout`: without one, until a server that says nothing is gone.
    public static func isAnswered(at url: String) async throws -> Bool {
        try await BlockingPool.shared.run { PQping(url) == PQPING_OK }
    }

    /// One of the servers that the URL names.
    struct Host: Equatable, Sendable, CustomStringConvertible {
        var name: String?
        var address: String?
        var port: String?

        var description: String {
            [name ?? address ?? "the default server", port].compactMap(\.self).joined(separator: ":")
        }

        /// Whether `name` must be looked up first.
        var needsResolving: Bool {
            guard address == nil, let name else { return false }
            return !name.hasPrefix("/") && !name.hasPrefix("@")
        }
    }

    var hosts: [Host] {
        let names = Self.list(settings["host"])
        let addresses = Self.list(settings["hostaddr"])
        let ports = Self.list(settings["port"])
        return (0..<max(names.count, addresses.count, 1)).map { index in
            Host(
                name: Self.element(names, index), address: Self.element(addresses, index),
                port: Self.element(ports, ports.count == 1 ? 0 : index))
        }
    }

    /// What is sent to libpq for one address of one host.
    func parameters(for host: Host) -> [String: String] {
        var parameters = Self.defaults.merging(settings) { _, given in given }
        parameters["host"] = host.name
        parameters["hostaddr"] = host.address
        parameters["port"] = host.port
        parameters["client_encoding"] = "UTF8"
        parameters["options"] = [settings["options"], sessionOptions].compactMap(\.self).joined(separator: " ")
        return parameters
    }

    private static let defaults = [
        "application_name": "usher",
        "gssencmode": "disable",
        "keepalives_idle": "30",
        "keepalives_interval": "10",
        "keepalives_count": "3",
        "tcp_user_timeout": "10000",
    ]

    /// The server's own limits come after ours, for when we are gone.
    private var sessionOptions: String {
        let statement = (queryDeadline + .seconds(1)).milliseconds
        let idle = idleInTransactionTimeout.milliseconds
        // A process that was killed is missed while its last statement still runs or waits for a lock, too.
        // Our statements are short: compiling one (jit) takes longer than any of them, as soon as its tables are large.
        return "-c statement_timeout=\(statement) -c idle_in_transaction_session_timeout=\(idle) -c jit=off"
            + " -c client_connection_check_interval=2s -c timezone=UTC -c datestyle=ISO -c bytea_output=hex"
    }

    /// An element that is there and not empty.
    private static func element(_ list: [String], _ index: Int) -> String? {
        list.indices.contains(index) && !list[index].isEmpty ? list[index] : nil
    }

    private static func list(_ setting: String?) -> [String] {
        setting.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) } ?? []
    }
}

extension Duration {
    /// Whole milliseconds, as the server's settings take them.
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
