import Glibc
import Reactor

/// How many descriptors the process may have.
///
/// Without one left libdispatch, which runs Swift's own tasks, ends the process. So as many as the system allows are
/// claimed at the start, and visitors get what the house itself does not need.
enum DescriptorLimit {
    /// For the database, aria2, indexers, files and timers.
    static let ownNeed = 256

    /// Raises the limit to what the system allows; answers it.
    ///
    /// - Throws: ``SystemError`` of getrlimit(2) or setrlimit(2).
    static func raise() throws -> Int {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        try systemCall("getrlimit") { getrlimit(resource, &limit) }
        limit.rlim_cur = limit.rlim_max
        try systemCall("setrlimit") { setrlimit(resource, &limit) }
        return Int(clamping: limit.rlim_cur)
    }

    /// How many connections there may be at a time, when so many are wanted.
    static func connections(wanted: Int, limit: Int) -> Int {
        max(1, min(wanted, limit - ownNeed))
    }
}
