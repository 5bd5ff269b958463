import FoundationEssentials

/// A parameter of a call.
enum RPCValue: Encodable {
    case text(String)
    case number(Int)
    case list([RPCValue])
    case object([String: RPCValue])

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}

/// A call (JSON-RPC 2.0 section 4).
struct RPCRequest: Encodable {
    var jsonrpc = "2.0"
    var id = "usher"
    var method: String
    var params: [RPCValue]

    /// One call that makes several, which aria2 answers in one go.
    static func multicall(_ calls: [(method: String, params: [RPCValue])]) -> RPCRequest {
        RPCRequest(
            method: "system.multicall",
            params: [
                .list(
                    calls.map { .object(["methodName": .text($0.method), "params": .list($0.params)]) })
            ])
    }
}

/// An error (JSON-RPC 2.0 section 5.1). aria2's code is always 1: only the message tells.
struct RPCError: Error, Decodable, Equatable {
    var code: Int
    var message: String
}

/// An answer to a call.
struct RPCResponse<Result: Decodable>: Decodable {
    var result: Result?
    var error: RPCError?
}

/// The answer to ``Aria2Client/snapshot(within:)``: four results, each in a list of its own, or an error in its place.
struct SnapshotAnswer: Decodable {
    private struct Session: Decodable {
        var sessionId: String
    }

    var sessionID: String
    var entries: [Entry]

    init(from decoder: any Decoder) throws {
        var answers = try decoder.unkeyedContainer()
        func next<Value: Decodable>(_ type: Value.Type) throws -> Value {
            do {
                var one = try answers.nestedUnkeyedContainer()
                return try one.decode(Value.self)
            } catch let error as DecodingError {
                throw (try? answers.decode(RPCError.self)) ?? error  // an error is expected to be none of aria2's
            }
        }
        sessionID = try next(Session.self).sessionId
        entries = try next([Entry].self) + next([Entry].self) + next([Entry].self)
    }
}
