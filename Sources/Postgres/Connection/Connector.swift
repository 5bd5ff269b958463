import CPostgres
import Reactor

/// Establishes connections, on one event loop.
///
/// libpq is given one address at a time: given several it stops at the first that accepts and then hangs up, and it
/// resolves names with a call that blocks.
struct Connector {
    let configuration: PostgresConfiguration
    let servers: Servers
    let loop: EventLoop

    /// A connection to the first of the hosts that takes writes, and is not a primary of the past. Who only wants to read
    /// gets, if there is none, one to the first that answers: a standby while the primary is away.
    func connect(for access: Access) async throws -> PostgresConnection {
        let mustSeeAll = servers.areUnknown
        var candidates = Candidates()
        defer { candidates.close() }
        search: for number in servers.order(of: configuration.hosts.count) {
            do {
                for address in try await addresses(of: configuration.hosts[number]) {
                    do {
                        let connection = try await connect(to: address)
                        candidates.add(connection, number, address, objection: servers.objection(to: connection.server))
                        if candidates.primary != nil, !mustSeeAll { break search }
                    } catch let error as PostgresError {
                        candidates.failures.append(error.reason)
                        servers.noteFailure(ofHost: number, of: configuration.hosts.count)
                    }
                }
            } catch let error as SystemError {
                candidates.failures.append(error.description)
            } catch let error as ResolutionError {
                candidates.failures.append(error.description)
            }
        }
        if let (connection, host) = candidates.primary.take() {
            servers.note(connection.server, host: host)
            return connection
        }
        if access == .readOnly, let connection = candidates.reader.take() { return connection }
        throw PostgresError(.unavailable(candidates.failures.joined(separator: "; ")))
    }

    /// The servers reached so far, of which one will be used.
    private struct Candidates {
        var primary: (connection: PostgresConnection, host: Int)?
        var reader: PostgresConnection?
        var failures: [String] = []

        mutating func add(
            _ connection: PostgresConnection, _ host: Int, _ address: PostgresConfiguration.Host, objection: String?
        ) {
            if let objection {
                failures.append("\(address) \(objection)")
                connection.close()
            } else if connection.isWritable {
                // Of two primaries the one that took over from the other; of strangers the one that is named first.
                if let primary, !connection.server.tookOver(from: primary.connection.server) {
                    connection.close()
                } else {
                    primary?.connection.close()
                    primary = (connection, host)
                }
            } else {
                failures.append("\(address) is read-only")
                if reader == nil { reader = connection } else { connection.close() }
            }
        }

        func close() {
            primary?.connection.close()
            reader?.close()
        }
    }

    private func addresses(of host: PostgresConfiguration.Host) async throws -> [PostgresConfiguration.Host] {
        guard host.needsResolving, let name = host.name else { return [host] }
        let addresses = try await resolve(name, until: .now + configuration.connectTimeout, on: loop)
        return addresses.map { address in
            var resolved = host
            resolved.address = address
            return resolved
        }
    }

    private func connect(to host: PostgresConfiguration.Host) async throws -> PostgresConnection {
        let handle = try start(host)
        let deadline = ContinuousClock.now + configuration.connectTimeout
        let connection: PostgresConnection
        do {
            try await complete(handle, until: deadline)
            connection = try PostgresConnection(owning: handle, on: loop, queryDeadline: configuration.queryDeadline)
        } catch {
            PQfinish(handle)
            guard error is TimedOut else { throw error }
            throw PostgresError(.unavailable("no connection to \(host) within \(configuration.connectTimeout)"))
        }
        do {
            try await connection.learnAboutServer(within: ContinuousClock.now.duration(to: deadline))
            return connection
        } catch {
            connection.close()
            throw error
        }
    }

    private func start(_ host: PostgresConfiguration.Host) throws -> OpaquePointer {
        let parameters = configuration.parameters(for: host)
        let handle = withCStrings(Array(parameters.keys)) { keywords in
            withCStrings(Array(parameters.values)) { values in PQconnectStartParams(keywords, values, 0) }
        }
        guard let handle else { throw PostgresError(.unavailable("no memory for a connection")) }
        PQsetNoticeProcessor(handle, { _, _ in }, nil)  // libpq would write notices to standard error
        return handle
    }

    private func complete(_ handle: OpaquePointer, until deadline: ContinuousClock.Instant) async throws {
        var next = PQstatus(handle) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING
        while next != PGRES_POLLING_OK {
            guard next != PGRES_POLLING_FAILED else {
                throw PostgresError(.unavailable(String(cString: PQerrorMessage(handle)).trimmingNewlines))
            }
            // Between two steps the socket may have become another one, even of the same number.
            let readiness = try Readiness(PQsocket(handle), on: loop)
            defer { readiness.close() }
            if next == PGRES_POLLING_READING {
                try await readiness.readable(until: deadline)
            } else {
                try await readiness.writable(until: deadline)
            }
            readiness.close()
            next = PQconnectPoll(handle)
        }
    }
}

/// Calls `body` with the strings as C has them: an array of pointers that ends with a null pointer.
private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
) -> Result {
    var bytes: [CChar] = []
    let offsets = strings.map { string in
        defer { bytes += string.utf8CString }
        return bytes.count
    }
    return bytes.withUnsafeBufferPointer { bytes in
        var pointers: [UnsafePointer<CChar>?] = offsets.map { bytes.baseAddress?.advanced(by: $0) }
        pointers.append(nil)
        return body(pointers)
    }
}
