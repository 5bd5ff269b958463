import CCurl
import Reactor

/// libcurl's multi handle on one event loop.
///
///     epoll ─► curl_multi_socket_action ─► finished transfers
///                 │ socket callback: which descriptors to watch, and for what
///                 └ timer callback: when to be called again
///
/// The callbacks come from inside libcurl and only note what it wants; it may not be called from there.
/// Everything here is on the loop's thread.
final class Transport: @unchecked Sendable {
    private let loop: EventLoop
    private var multi: UnsafeMutableRawPointer?
    private var running: [UnsafeMutableRawPointer: Transfer] = [:]
    private var watched: [curl_socket_t: Registration] = [:]
    private var timer: LoopTimer?
    private var isClosed = false

    init(loop: EventLoop) {
        self.loop = loop
    }

    func start(_ transfer: Transfer, userAgent: String, completion: @escaping (Transfer.Outcome) -> Void) {
        guard !isClosed, !transfer.isFinished else { return completion(.failure(.cancelled)) }
        guard let easy = transfer.prepare(userAgent: userAgent, completion: completion), let multi = multi ?? open()
        else {
            transfer.finish(.failure(.connectFailed(reason: "there is not enough memory")))
            return
        }
        running[easy] = transfer
        let code = curl_multi_add_handle(multi, easy)
        guard code == CURLM_OK else {
            running[easy] = nil
            return transfer.finish(.failure(.protocolError(reason: String(cString: curl_multi_strerror(code)))))
        }
    }

    /// Gives a transfer up, begun or not.
    func cancel(_ transfer: Transfer) {
        if let easy = transfer.easy { remove(easy) }
        transfer.finish(.failure(.cancelled))
    }

    /// Ends every transfer and connection.
    func close() {
        isClosed = true
        for transfer in running.values { cancel(transfer) }
        if let multi { curl_multi_cleanup(multi) }
        multi = nil
        timer?.cancel()
        for registration in watched.values { registration.cancel() }
        watched = [:]
    }

    private func open() -> UnsafeMutableRawPointer? {
        multi = curl_multi_init()
        guard let multi else { return nil }
        // Whoever made the transport closes it before letting go of it.
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_multi_on_socket(
            multi,
            { _, socket, what, context, _ in
                Transport.at(context).watch(socket, what)
                return 0
            }, context)
        ccurl_multi_on_timer(
            multi,
            { _, milliseconds, context in
                Transport.at(context).wake(in: milliseconds)
                return 0
            }, context)
        return multi
    }

    private static func at(_ context: UnsafeMutableRawPointer?) -> Transport {
        Unmanaged<Transport>.fromOpaque(context!).takeUnretainedValue()
    }

    // MARK: What libcurl wants

    private func watch(_ socket: curl_socket_t, _ what: CInt) {
        if what == CURL_POLL_REMOVE {
            watched.removeValue(forKey: socket)?.cancel()
            return
        }
        var events: IOEvents = []
        if what & CURL_POLL_IN != 0 { events.insert(.readable) }
        if what & CURL_POLL_OUT != 0 { events.insert(.writable) }
        do {
            if let registration = watched[socket] {
                try registration.update(events)
            } else {
                watched[socket] = try loop.register(socket, for: events) { [unowned self] events in
                    act(on: socket, events)
                }
            }
        } catch {
            // epoll is out of memory or watches. Transfers on the descriptor end at their time limits.
            watched.removeValue(forKey: socket)?.cancel()
        }
    }

    private func wake(in milliseconds: Int) {
        timer?.cancel()
        timer = nil
        guard milliseconds >= 0 else { return }
        timer = loop.schedule(at: .now + .milliseconds(milliseconds)) { [unowned self] in
            act(on: -1, [])  // CURL_SOCKET_TIMEOUT
        }
    }

    // MARK: What happens

    private func act(on socket: curl_socket_t, _ events: IOEvents) {
        guard let multi else { return }
        var bits: CInt = 0
        if !events.isDisjoint(with: [.readable, .hangup]) { bits |= CURL_CSELECT_IN }
        if !events.isDisjoint(with: .writable) { bits |= CURL_CSELECT_OUT }
        if !events.isDisjoint(with: .error) { bits |= CURL_CSELECT_ERR }
        var left: CInt = 0
        curl_multi_socket_action(multi, socket, bits, &left)
        var code = CURLE_OK
        while let easy = ccurl_next_finished(multi, &code) {
            guard let transfer = running[easy] else { continue }
            let outcome = transfer.outcome(of: code)
            remove(easy)
            transfer.finish(outcome)
        }
    }

    private func remove(_ easy: UnsafeMutableRawPointer) {
        guard running.removeValue(forKey: easy) != nil, let multi else { return }
        curl_multi_remove_handle(multi, easy)
    }
}
