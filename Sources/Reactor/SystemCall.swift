public import Glibc

/// A system call failed.
public struct SystemError: Error, Equatable, CustomStringConvertible {
    /// The error number, as in `errno.h`.
    public let number: CInt
    /// The name of the call.
    public let call: String

    /// An error with this number from this call.
    public init(_ number: CInt, call: String) {
        self.number = number
        self.call = call
    }

    /// The name of the call and what the system says about the number.
    public var description: String {
        "\(call): \(String(cString: strerror(number)))"
    }
}

/// A deadline passed before what was waited for came.
public struct TimedOut: Error, Equatable {
    /// The one value there is.
    public init() {}
}

/// Makes a system call again while it is interrupted by a signal (EINTR), which is nowhere else looked at; throws for
/// every other failure.
@inlinable @discardableResult
public func systemCall<Result: SignedInteger>(_ name: StaticString, _ call: () -> Result) throws(SystemError) -> Result
{
    while true {
        let result = call()
        if result != -1 { return result }
        if errno != EINTR { throw SystemError(errno, call: "\(name)") }
    }
}

/// An open file descriptor with one owner; closed with it.
public struct Descriptor: ~Copyable {
    /// The number.
    public let raw: CInt

    /// Takes over a descriptor that nobody else closes.
    public init(owning raw: CInt) {
        self.raw = raw
    }

    /// Gives the descriptor away without closing it.
    public consuming func take() -> CInt {
        let raw = raw
        discard self
        return raw
    }

    // close(2) is not repeated on EINTR: Linux has released the descriptor by then.
    deinit { close(raw) }
}
