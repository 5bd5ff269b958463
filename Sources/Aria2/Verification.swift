import Cryptography
import Glibc

extension Metainfo {
    /// Whether every piece of the torrent lies in the folder as its hash says. Reads all of it, and blocks.
    ///
    /// aria2 believes its own notes of what it has written, also when the files were changed or deleted under it.
    ///
    /// - Throws: ``FilePlacementError/system(call:path:reason:)`` when that cannot be found out now.
    public func isWhole(in directory: String) throws(FilePlacementError) -> Bool {
        guard let pieces = try? BencodeParser.parse(info)["pieces"]?.bytes else { return false }  // it was read before
        var hashes = Array(pieces)[...]
        var piece: [UInt8] = []
        piece.reserveCapacity(Int(pieceLength))
        /// Whether what was read is as it should be, so far.
        func ends() -> Bool {
            defer {
                piece.removeAll(keepingCapacity: true)
                hashes = hashes.dropFirst(20)
            }
            return Digest.sha1(piece).elementsEqual(hashes.prefix(20))
        }
        for file in files {
            let descriptor = open("\(directory)/\(file.path.joined(separator: "/"))", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
            if descriptor < 0, ![ENOENT, ENOTDIR, ELOOP].contains(errno) {
                throw .system(
                    call: "open", path: file.path.joined(separator: "/"), reason: String(cString: strerror(errno)))
            }
            // Padding is zeros, and need not be there.
            guard descriptor >= 0 || file.isPadding else { return false }
            defer { if descriptor >= 0 { close(descriptor) } }
            var left = Int(file.length)
            while left > 0 {
                let wanted = min(left, Int(pieceLength) - piece.count)
                let bytes =
                    descriptor < 0
                    ? [UInt8](repeating: 0, count: wanted)
                    : [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
                        count = max(0, read(descriptor, buffer.baseAddress, wanted))
                    }
                guard !bytes.isEmpty else { return false }
                piece += bytes
                left -= bytes.count
                if piece.count == Int(pieceLength), !ends() { return false }
            }
        }
        return piece.isEmpty || ends()
    }
}
