import CLinux

/// What can happen on a descriptor.
public struct IOEvents: OptionSet, Sendable, Hashable {
    /// The bits, those of epoll.
    public let rawValue: UInt32

    /// The set with these bits.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// There is something to read, or the peer has finished writing.
    public static let readable = IOEvents(rawValue: EPOLLIN.rawValue | EPOLLRDHUP.rawValue)
    /// There is room to write.
    public static let writable = IOEvents(rawValue: EPOLLOUT.rawValue)
    /// Both directions are closed; reported whether asked for or not.
    public static let hangup = IOEvents(rawValue: EPOLLHUP.rawValue)
    /// An error is pending; reported whether asked for or not.
    public static let error = IOEvents(rawValue: EPOLLERR.rawValue)
}

/// The interest of an event loop in one descriptor. Used on the loop's thread; ends with `cancel()`, which comes before
/// the descriptor is closed.
public final class Registration {
    private let loop: EventLoop
    private let descriptor: CInt
    private let key: EventLoop.RegistrationKey
    private var isCancelled = false
    /// The events that are reported.
    public private(set) var events: IOEvents

    init(loop: EventLoop, descriptor: CInt, key: EventLoop.RegistrationKey, events: IOEvents) {
        self.loop = loop
        self.descriptor = descriptor
        self.key = key
        self.events = events
    }

    /// Changes the events that are reported.
    public func update(_ events: IOEvents) throws(SystemError) {
        guard !isCancelled, events != self.events else { return }
        try loop.control(EPOLL_CTL_MOD, descriptor, events, key)
        self.events = events
    }

    /// Ends the reports, those already on their way included.
    public func cancel() {
        guard !isCancelled else { return }
        isCancelled = true
        loop.unregister(descriptor, key)
    }
}
