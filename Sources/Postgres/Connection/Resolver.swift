import Glibc
import Reactor

/// A name has no address.
struct ResolutionError: Error, CustomStringConvertible {
    let description: String
}

/// The addresses of a name, looked up on a thread that may block. One that takes too long is left to itself.
func resolve(_ name: String, until deadline: ContinuousClock.Instant, on loop: EventLoop) async throws -> [String] {
    if let addresses = try? lookUp(name, onlyNumeric: true) { return addresses }  // the usual failure: it is a name
    let waiting = Locked<UnsafeContinuation<[String], any Error>?>(nil)
    @Sendable func finish(_ result: Result<[String], any Error>) {
        waiting.withLock { $0.take() }?.resume(with: result)
    }
    return try await withUnsafeThrowingContinuation { continuation in
        waiting.withLock { $0 = continuation }
        loop.schedule(at: deadline) {
            finish(.failure(ResolutionError(description: "the address of \(name) could not be found in time")))
        }
        loop.spawn {
            do {
                let addresses = try await resolvers.run { try lookUp(name) }
                finish(.success(addresses))
            } catch {
                finish(.failure(error))
            }
        }
    }
}

/// Not the shared pool: a name server that is away must hold up nobody else.
private let resolvers = BlockingPool(threads: 2, name: "pg-resolver")

private func lookUp(_ name: String, onlyNumeric: Bool = false) throws -> [String] {
    var hints = addrinfo()
    if onlyNumeric { hints.ai_flags = AI_NUMERICHOST }
    hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let failure = getaddrinfo(name, nil, &hints, &list)
    guard failure == 0 else {
        throw ResolutionError(description: "the address of \(name): \(String(cString: gai_strerror(failure)))")
    }
    defer { freeaddrinfo(list) }
    var addresses: [String] = []
    var entry = list
    while let current = entry?.pointee {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        if getnameinfo(current.ai_addr, current.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 {
            addresses.append(text.withUnsafeBufferPointer { String(cString: $0.baseAddress!) })
        }
        entry = current.ai_next
    }
    return addresses
}
