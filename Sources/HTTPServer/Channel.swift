import COpenSSL
import Glibc
import Reactor

/// How far a call got that does not wait.
enum Attempt {
    case done(Int)
    /// The peer has finished.
    case end
    case wantsRead
    case wantsWrite
}

/// A connected socket, or TLS over one. No call waits.
protocol Channel: AnyObject {
    func handshake() throws -> Attempt
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Attempt
    func write(_ bytes: UnsafeRawBufferPointer) throws -> Attempt
    /// Tells the peer, as far as that is possible now, that nothing more will come.
    func finish()
    /// Whether bytes are held back that the socket does not know of any more.
    var holdsBytes: Bool { get }
}

final class PlainChannel: Channel {
    private let descriptor: CInt

    init(_ descriptor: CInt) {
        self.descriptor = descriptor
    }

    var holdsBytes: Bool { false }

    func handshake() -> Attempt { .done(0) }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Attempt {
        do throws(SystemError) {
            let count = try systemCall("recv") { recv(descriptor, buffer.baseAddress, buffer.count, 0) }
            return count == 0 ? .end : .done(count)
        } catch {
            guard error.number == EAGAIN else { throw error }
            return .wantsRead
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws -> Attempt {
        do throws(SystemError) {
            let flags = CInt(MSG_NOSIGNAL)
            return .done(try systemCall("send") { send(descriptor, bytes.baseAddress, bytes.count, flags) })
        } catch {
            guard error.number == EAGAIN else { throw error }
            return .wantsWrite
        }
    }

    func finish() {
        shutdown(descriptor, CInt(SHUT_WR))  // fails only if the peer is gone, and then there is nobody to tell
    }
}

/// The error queue is cleared before every call: it belongs to the thread, not to the session.
final class TLSSession: Channel {
    private let session: OpaquePointer
    /// OpenSSL asks it for a certificate.
    private let context: AnyObject?

    init(_ session: OpaquePointer, of context: AnyObject? = nil) {
        self.session = session
        self.context = context
    }

    deinit { SSL_free(session) }

    var holdsBytes: Bool { SSL_has_pending(session) == 1 }

    func handshake() throws -> Attempt {
        ERR_clear_error()
        return try attempt("handshake", SSL_do_handshake(session))
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Attempt {
        ERR_clear_error()
        return try attempt("read", SSL_read(session, buffer.baseAddress, CInt(clamping: buffer.count)))
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws -> Attempt {
        ERR_clear_error()
        return try attempt("write", SSL_write(session, bytes.baseAddress, CInt(clamping: bytes.count)))
    }

    func finish() {
        ERR_clear_error()
        // Sends close_notify if there is room; whatever prevents it, the connection ends in any case.
        SSL_shutdown(session)
        shutdown(SSL_get_fd(session), CInt(SHUT_WR))
        ERR_clear_error()
    }

    private func attempt(_ call: String, _ result: CInt) throws -> Attempt {
        if result > 0 { return .done(Int(result)) }
        switch SSL_get_error(session, result) {
        case SSL_ERROR_WANT_READ: return .wantsRead
        case SSL_ERROR_WANT_WRITE: return .wantsWrite
        case SSL_ERROR_ZERO_RETURN: return .end
        case SSL_ERROR_SYSCALL where errno != 0: throw SystemError(errno, call: "TLS \(call)")
        default: throw TLSError("TLS \(call)")
        }
    }
}
