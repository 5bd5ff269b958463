import CLinux
import Glibc

/// A signal that a service is told by.
public enum Signal: CInt, Sendable, CaseIterable {
    /// The terminal has closed, or: read the configuration again.
    case hangup = 1
    /// Ctrl-C.
    case interrupt = 2
    /// Please end.
    case terminate = 15
}

/// The signals that reach the process, as a stream. There is one in a process.
///
/// A handler and a pipe rather than signalfd: that would need the signals blocked in every thread, and a blocked signal
/// stays blocked in the children, which could then not be told to end.
public final class Signals: Sendable {
    /// Each signal as it comes. Ends never.
    public let received: AsyncStream<Signal>

    /// From now on these signals come as values and do nothing else. A write to a closed connection is an error and no
    /// longer a signal (SIGPIPE).
    public init(_ signals: [Signal] = Signal.allCases, on loop: EventLoop) throws {
        var ends: [CInt] = [0, 0]
        try systemCall("pipe2") { clinux_pipe(&ends) }
        // Both ends stay open as long as the process: the handler may run at any moment.
        let (output, input) = (ends[0], ends[1])
        let (received, continuation) = AsyncStream.makeStream(of: Signal.self)
        self.received = received
        loop.spawn {
            do {
                let readiness = try Readiness(output, on: loop)
                while true {
                    try await readiness.readable()
                    var number: UInt8 = 0
                    while read(output, &number, 1) == 1 {
                        if let signal = Signal(rawValue: CInt(number)) { continuation.yield(signal) }
                    }
                }
            } catch {
                continuation.finish()
            }
        }
        for signal in signals {
            try systemCall("sigaction") { clinux_signal_to_pipe(signal.rawValue, input) }
        }
        Self.ignoreBrokenPipes()
    }

    /// A write to a closed connection is an error (EPIPE) and no longer a signal.
    public static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }
}
