public import HTTP
import HTTPTypes

/// Server-sent events (WHATWG HTML §9.2). Several tasks may send.
public struct EventStream: Sendable {
    let writer: any BodyWriter

    /// Sends an event. `id` is what the browser names as `Last-Event-ID` when it comes back.
    public func send(event: String? = nil, id: String? = nil, data: String) async throws {
        var text = ""
        if let event { text += "event: \(Self.oneLine(event))\n" }
        if let id { text += "id: \(Self.oneLine(id))\n" }
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: Self.isLineEnd) {
            text += "data: \(line)\n"
        }
        try await writer.write(Array((text + "\n").utf8))
    }

    /// Says how long the browser is to wait before it comes back after the stream has broken off.
    public func send(retry: Duration) async throws {
        try await writer.write(Array("retry: \(retry.components.seconds * 1000)\n\n".utf8))
    }

    func heartbeat() async throws {
        try await writer.write(Array(":\n\n".utf8))
    }

    private static func oneLine(_ text: String) -> String {
        String(text.map { isLineEnd($0) || $0 == "\0" ? " " : $0 })
    }

    private static func isLineEnd(_ character: Character) -> Bool {
        character == "\n" || character == "\r" || character == "\r\n"
    }
}

extension Response {
    /// A stream of events. `body` is cancelled when the client is gone or does not read, and when the server stops; the
    /// stream ends when it returns. Comments keep proxies from taking a quiet stream for dead.
    public static func eventStream(
        heartbeat: Duration = .seconds(20), _ body: @escaping @Sendable (EventStream) async throws -> Void
    ) -> Response {
        let fields: HTTPFields = [.contentType: eventStreamType, .cacheControl: "no-store"]
        let stream = ResponseBody.stream { writer in
            let stream = EventStream(writer: writer)
            try await withThrowingTaskGroup { tasks in
                tasks.addTask { try await body(stream) }
                tasks.addTask {
                    while true {
                        try await Task.sleep(for: heartbeat)
                        try await stream.heartbeat()
                    }
                }
                try await tasks.next()
                tasks.cancelAll()
            }
        }
        return Response(fields: fields, body: stream)
    }

    static let eventStreamType = "text/event-stream"
}
