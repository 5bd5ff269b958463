import Cryptography
import Foundation
import Glibc
import Reactor

/// A peer that hands out a torrent's metadata (BEP 9, BEP 10) which kills aria2: its pieces are 0 bytes long, and aria2
/// divides by that. A `.torrent` like that is never given to aria2; of a magnet nobody knows before.
public final class LethalPeer: Sendable {
    /// Of the torrent.
    public let infohash: String
    /// What leads aria2 here.
    public let magnet: String
    private let metadata: [UInt8]
    private let listener: CInt
    private let victims = Locked(0)

    /// How often somebody took the metadata.
    public var handedOut: Int { victims.withLock(\.self) }

    /// Listens on loopback, and has the swarm's tracker name it.
    public init(named name: String, in swarm: Swarm) throws {
        let pieces = String(repeating: "a", count: 20)
        metadata = Array("d6:lengthi5e4:name\(name.utf8.count):\(name)12:piece lengthi0e6:pieces20:\(pieces)e".utf8)
        infohash = Digest.sha1(metadata).hex
        magnet = "magnet:?xt=urn:btih:\(infohash)&tr=\(swarm.tracker.url)"
        listener = try systemCall("socket") {
            socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                try systemCall("bind") { bind(descriptor, address, length) }
                try systemCall("listen") { listen(descriptor, 16) }
                try systemCall("getsockname") { getsockname(descriptor, address, &length) }
            }
        }
        swarm.tracker.add(port: UInt16(bigEndian: address.sin_port), to: infohash)
        Thread.detachNewThread { [self] in
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { return }
                Thread.detachNewThread { [self] in
                    serve(connection)
                    close(connection)
                }
            }
        }
    }

    /// Ends it: later connections are refused.
    public func stop() {
        shutdown(listener, CInt(SHUT_RDWR))
        close(listener)
    }

    private func serve(_ connection: CInt) {
        // Whoever begins otherwise wants encryption, is hung up on, and comes back without.
        guard let hello = read(68, from: connection), hello.starts(with: [19] + Array("BitTorrent protocol".utf8))
        else {
            return
        }
        // The sixth reserved byte: extension messages are understood.
        let reserved: [UInt8] = [0, 0, 0, 0, 0, 0x10, 0, 0]
        let me = Array("-XX0001-123456789012".utf8)
        send([19] + Array("BitTorrent protocol".utf8) + reserved + hello[28..<48] + me, to: connection)
        message(0, "d1:md11:ut_metadatai3ee13:metadata_sizei\(metadata.count)ee", to: connection)
        var theirs: UInt8 = 1
        while let head = read(4, from: connection) {
            let length = head.reduce(0) { $0 << 8 | Int($1) }
            guard length > 0 else { continue }
            guard length < 1 << 20, let body = read(length, from: connection) else { return }
            guard body.count > 2, body[0] == 20 else { continue }
            let text = String(decoding: body.dropFirst(2), as: Unicode.ASCII.self)
            if body[1] == 0, let at = text.firstRange(of: "11:ut_metadatai") {
                theirs = UInt8(text[at.upperBound...].prefix { $0 != "e" }) ?? 1
            } else if body[1] == 3 {
                victims.withLock { $0 += 1 }
                let answer = "d8:msg_typei1e5:piecei0e10:total_sizei\(metadata.count)ee"
                message(theirs, answer + String(decoding: metadata, as: UTF8.self), to: connection)
            }
        }
    }

    private func message(_ kind: UInt8, _ payload: String, to connection: CInt) {
        let body = [20, kind] + Array(payload.utf8)
        send((0..<4).map { UInt8(body.count >> (24 - 8 * $0) & 255) } + body, to: connection)
    }

    private func send(_ bytes: [UInt8], to connection: CInt) {
        // One that has gone away needs nothing more.
        _ = Glibc.send(connection, bytes, bytes.count, CInt(MSG_NOSIGNAL))
    }

    private func read(_ count: Int, from connection: CInt) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var buffer = [UInt8](repeating: 0, count: count - bytes.count)
            let got = recv(connection, &buffer, buffer.count, 0)
            guard got > 0 else { return nil }
            bytes += buffer.prefix(got)
        }
        return bytes
    }
}
