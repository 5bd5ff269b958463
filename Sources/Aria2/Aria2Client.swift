import FoundationEssentials
public import HTTPClient
import HTTPTypes

/// aria2 by JSON-RPC over HTTP. It keeps nothing: every answer is from the moment it was asked for.
public struct Aria2Client: Sendable {
    /// For calls that nobody looks at a page for.
    public static let patience: Duration = .seconds(10)

    private let url: String
    private let secret: String
    private let http: HTTPClient

    /// An aria2.
    ///
    /// - Parameters:
    ///   - url: of its RPC, such as `http://127.0.0.1:6800/jsonrpc`.
    ///   - secret: its `rpc-secret`.
    ///   - http: what carries the calls.
    public init(url: String, secret: String, http: HTTPClient) {
        self.url = url
        self.secret = secret
        self.http = http
    }

    /// The GID under which a torrent is added: its infohash's first 16 digits, so that it cannot be added twice.
    public static func gid(of infohash: String) -> String {
        String(infohash.prefix(16))
    }

    // MARK: Questions

    /// All torrents that aria2 knows of, in one call.
    ///
    /// - Parameter patience: how long the answer may take; a page has 1.5 seconds, a worker ten. A frozen aria2 still
    ///   accepts connections.
    public func snapshot(within patience: Duration = patience) async throws(Aria2Error) -> Snapshot {
        let keys = RPCValue.list(Entry.keys.map { .text($0) })
        let request = RPCRequest.multicall([
            ("aria2.getSessionInfo", [token]),
            ("aria2.tellActive", [token, keys]),
            ("aria2.tellWaiting", [token, .number(0), .number(10_000), keys]),
            ("aria2.tellStopped", [token, .number(0), .number(10_000), keys]),
        ])
        let answer = try await send(request, as: SnapshotAnswer.self, within: patience)
        return Snapshot(sessionID: answer.sessionID, entries: answer.entries)
    }

    /// The files of one torrent, of which a magnet's are known only after its metadata.
    public func files(
        of transfer: Transfer, within patience: Duration = patience
    ) async throws(Aria2Error) -> [TransferFile] {
        guard transfer.phase != .fetchingMetadata else { return [] }
        return try await call(
            "aria2.getFiles", [.text(transfer.gid)], as: [FileEntry].self, within: patience
        ).map { file in
            TransferFile(
                path: file.path, length: Int64(file.length) ?? 0, completed: Int64(file.completedLength) ?? 0,
                isSelected: file.selected == "true")
        }
    }

    /// Its version, such as `1.36.0`.
    public func version(within patience: Duration = patience) async throws(Aria2Error) -> String {
        try await call("aria2.getVersion", [], as: Version.self, within: patience).version
    }

    // MARK: Orders

    /// Adds a torrent under ``gid(of:)``, rebuilt, with trackers in the house allowed: rebuild it without them before,
    /// where they are not. That it is there already is success, also when it has ended: see ``remove(_:within:)``.
    ///
    /// - Parameters:
    ///   - directory: its own, absolute; made if it is missing.
    ///   - verify: check what lies in the directory, and fetch what is missing. Without it aria2 trusts its control
    ///     file, and fails with error 13 where there are files and none.
    ///   - selection: the files to fetch. Of others the bytes may come that share a piece with these.
    public func addTorrent(
        _ metainfo: Metainfo, directory: String, verify: Bool, selection: FileSelection = .all
    ) async throws(Aria2Error) {
        let bytes = Data(metainfo.rebuilt(allowingPrivateTrackers: true)).base64EncodedString()
        try await add(
            "aria2.addTorrent",
            [
                .text(bytes), .list([]),
                options(infohash: metainfo.infohash, directory: directory, verify: verify, selection: selection),
            ])
    }

    /// Adds a magnet; as ``addTorrent(_:directory:verify:selection:)``. Once aria2 has the torrent it writes it beside the files
    /// as `<infohash>.torrent`, but only if the directory exists by then: make it first.
    public func addMagnet(
        _ magnet: Magnet, directory: String, verify: Bool, selection: FileSelection = .all
    ) async throws(Aria2Error) {
        try await add(
            "aria2.addUri",
            [
                .list([.text(magnet.uri(allowingPrivateTrackers: true))]),
                options(infohash: magnet.infohash, directory: directory, verify: verify, selection: selection),
            ])
    }

    /// Stops an entry at once, without saying goodbye to trackers. What waited or was paused is then forgotten, what
    /// was active becomes a result.
    public func forceRemove(_ gid: String) async throws(Aria2Error) {
        _ = try await call("aria2.forceRemove", [.text(gid)], as: String.self, within: Self.patience)  // the GID again
    }

    /// Forgets an entry that has ended.
    public func removeResult(_ gid: String) async throws(Aria2Error) {
        _ = try await call("aria2.removeDownloadResult", [.text(gid)], as: String.self, within: Self.patience)  // "OK"
    }

    /// Stops all that aria2 does about a torrent and has it forgotten; returns when it is. Its files stay.
    public func remove(_ transfer: Transfer, within patience: Duration = patience) async throws(Aria2Error) {
        let deadline = ContinuousClock.now + patience
        var rest: Transfer? = transfer
        while let transfer = rest {
            for entry in transfer.entries {
                do {
                    if entry.status.isLive {
                        try await forceRemove(entry.gid)
                    } else {
                        try await removeResult(entry.gid)
                    }
                } catch .refused {
                    // It moved on in between; the next snapshot tells where to.
                }
            }
            rest = try await snapshot(within: patience).transfers[transfer.infohash]
            guard rest != nil else { return }
            guard ContinuousClock.now < deadline else { throw .refused("it still holds on to the torrent") }
            do {
                try await Task.sleep(for: .milliseconds(20))  // aria2 looks after what it has stopped in its own time
            } catch {
                throw .away("The call was cancelled.")
            }
        }
    }

    // MARK: Calls

    private struct FileEntry: Decodable {
        var path: String
        var length: String
        var completedLength: String
        var selected: String
    }

    private struct Version: Decodable {
        var version: String
    }

    private var token: RPCValue { .text("token:\(secret)") }

    /// Every value must be a string: aria2 silently ignores others.
    private func options(
        infohash: String, directory: String, verify: Bool, selection: FileSelection
    ) -> RPCValue {
        var options = ["gid": RPCValue.text(Self.gid(of: infohash)), "dir": .text(directory)]
        if verify {
            options["check-integrity"] = .text("true")
            options["bt-hash-check-seed"] = .text("false")
        }
        if selection != .all { options["select-file"] = .text(selection.text) }
        return .object(options)
    }

    private func add(_ method: String, _ params: [RPCValue]) async throws(Aria2Error) {
        do {
            _ = try await call(method, params, as: String.self, within: Self.patience)  // the GID, which we chose
        } catch .refused(let message) where message.contains("is not unique") {
            return
        }
    }

    private func call<Result: Decodable>(
        _ method: String, _ params: [RPCValue], as type: Result.Type, within patience: Duration
    ) async throws(Aria2Error) -> Result {
        try await send(RPCRequest(method: method, params: [token] + params), as: type, within: patience)
    }

    private func send<Result: Decodable>(
        _ request: RPCRequest, as type: Result.Type, within patience: Duration
    ) async throws(Aria2Error) -> Result {
        guard let origin = WebURL(url)?.origin else { throw .away("Its address is not one of http or https.") }
        let response: ClientResponse
        do {
            response = try await http.send(
                ClientRequest(
                    url: url, method: .post, fields: [.contentType: "application/json"], body: try request.encoded(),
                    connectTimeout: min(.seconds(2), patience), totalTimeout: patience, maxBodyBytes: 64 << 20,
                    addresses: .exactly(origin)))
        } catch let error as HTTPClientError {
            throw .away(error.sentence)
        } catch {
            throw .refused("the order cannot be written down")
        }
        return try Self.read(response.body, as: type)
    }

    /// An error comes with status 400, and is read like any answer.
    static func read<Result: Decodable>(_ body: [UInt8], as type: Result.Type) throws(Aria2Error) -> Result {
        let answer: RPCResponse<Result>
        do {
            answer = try JSONDecoder().decode(RPCResponse<Result>.self, from: Data(body))
        } catch let error as RPCError {
            throw refusal(error)
        } catch {
            throw .away("Its answer cannot be read.")
        }
        if let error = answer.error { throw refusal(error) }
        guard let result = answer.result else { throw .away("Its answer cannot be read.") }
        return result
    }

    /// With the wrong secret nothing can be known, as if it were away.
    private static func refusal(_ error: RPCError) -> Aria2Error {
        error.message == "Unauthorized" ? .away("It does not accept the secret.") : .refused(error.message)
    }
}

extension RPCRequest {
    fileprivate func encoded() throws -> [UInt8] {
        [UInt8](try JSONEncoder().encode(self))
    }
}
