public import HTTP
import HTTPTypes
import Reactor

/// Server-sent events (WHATWG HTML §9.2). Used from any thread; nothing waits.
public struct EventStream: Sendable {
    private let writer: any BodyWriter

    init(_ writer: any BodyWriter) {
        self.writer = writer
    }

    /// Sends an event. `id` is what the browser names as `Last-Event-ID` when it comes back.
    public func send(event: String? = nil, id: String? = nil, data: String) {
        var text = ""
        if let event { text += "event: \(Self.oneLine(event))\n" }
        if let id { text += "id: \(Self.oneLine(id))\n" }
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: Self.isLineEnd) {
            text += "data: \(line)\n"
        }
        writer.write(Array((text + "\n").utf8))
    }

    /// Says how long the browser is to wait before it comes back after the stream has broken off.
    public func send(retry: Duration) {
        writer.write(Array("retry: \(retry.components.seconds * 1000)\n\n".utf8))
    }

    /// Ends the stream.
    public func end() { writer.end() }

    private static func oneLine(_ text: String) -> String {
        String(text.map { isLineEnd($0) || $0 == "\0" ? " " : $0 })
    }

    private static func isLineEnd(_ character: Character) -> Bool {
        character == "\n" || character == "\r" || character == "\r\n"
    }
}

extension Response {
    /// A stream of events. `begin` returns at once, and what it returns is called once, when the stream is over: the client
    /// is gone or does not read, the server stops, or the stream was ended. Comments keep proxies from taking a quiet
    /// stream for dead.
    public static func eventStream(
        heartbeat: Duration = .seconds(20), _ begin: @escaping @Sendable (EventStream) -> @Sendable () -> Void
    ) -> Response {
        let stream = ResponseBody.stream { writer in
            let heart = Heart(writer, every: heartbeat)
            heart.beat()
            let over = begin(EventStream(writer))
            return {
                heart.stop()
                over()
            }
        }
        return Response(fields: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: stream)
    }
}

/// A comment from time to time. A timer of the connection's loop, and no task: each would cost more than all the rest of a
/// quiet stream.
private final class Heart: @unchecked Sendable {  // used on the loop: streams begin and end there
    private let writer: any BodyWriter
    private let interval: Duration
    private var timer: LoopTimer?

    init(_ writer: any BodyWriter, every interval: Duration) {
        self.writer = writer
        self.interval = interval
    }

    func beat() {
        timer = EventLoop.current?.schedule(at: .now + interval) { [self] in
            writer.write(Array(":\n\n".utf8))
            beat()
        }
    }

    func stop() { timer?.cancel() }
}
