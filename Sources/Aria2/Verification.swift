import Cryptography
import Glibc

extension Metainfo {
    /// Whether every piece of the torrent lies in the folder as its hash says. Reads all of it, and blocks.
    ///
    /// aria2 believes its own notes of what it has written, also when the files were changed or deleted under it.
    ///
    /// - Parameter unwanted: positions of files that need not be there, but for what they share with others of a piece.
    /// - Throws: ``FilePlacementError/system(call:path:reason:)`` when that cannot be found out now.
    public func isWhole(
        in directory: String, without unwanted: Set<Int> = []
    ) throws(FilePlacementError) -> Bool {
        guard let pieces = try? BencodeParser.parse(info)["pieces"]?.bytes else { return false }  // it was read before
        let hashes = Array(pieces)
        var reader = PieceReader(files: files, directory: directory)
        var needed: [Range<Int64>] = []
        var offset: Int64 = 0
        for (position, file) in files.enumerated() {
            if !unwanted.contains(position), !file.isPadding { needed.append(offset..<offset + file.length) }
            offset += file.length
        }
        var next = 0
        for start in stride(from: 0, to: totalSize, by: Int64.Stride(pieceLength)) {
            let piece = start..<min(start + pieceLength, totalSize)
            while next < needed.count, needed[next].upperBound <= piece.lowerBound || needed[next].isEmpty { next += 1 }
            guard next < needed.count else { return true }
            guard needed[next].overlaps(piece) else { continue }
            let index = Int(start / pieceLength) * 20
            guard let bytes = try reader.bytes(piece),
                Digest.sha1(bytes).elementsEqual(hashes[index..<index + 20])
            else { return false }
        }
        return true
    }
}

/// Reads a torrent's bytes, from the first on, out of the files in which they lie.
private struct PieceReader: ~Copyable {
    private let files: [Metainfo.File]
    private let directory: String
    private var position = 0
    private var start: Int64 = 0
    /// Of the file at `position`; -1: it is not there.
    private var descriptor: CInt?

    init(files: [Metainfo.File], directory: String) {
        self.files = files
        self.directory = directory
    }

    deinit { if let descriptor, descriptor >= 0 { close(descriptor) } }

    /// The bytes of a range; nil if they are not there. Ranges only go forward.
    mutating func bytes(_ range: Range<Int64>) throws(FilePlacementError) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        while bytes.count < range.count {
            let at = range.lowerBound + Int64(bytes.count)
            while at >= start + files[position].length { leaveFile() }
            let file = files[position]
            let count = Int(min(start + file.length, range.upperBound) - at)
            let descriptor = try opened()
            if descriptor >= 0 {
                let read = [UInt8](unsafeUninitializedCapacity: count) { buffer, read in
                    read = max(0, pread(descriptor, buffer.baseAddress, count, Int(at - start)))
                }
                guard !read.isEmpty else { return nil }
                bytes += read
            } else {
                // Padding is zeros, and need not be there.
                guard file.isPadding else { return nil }
                bytes += [UInt8](repeating: 0, count: count)
            }
        }
        return bytes
    }

    private mutating func leaveFile() {
        if let descriptor, descriptor >= 0 { close(descriptor) }
        descriptor = nil
        start += files[position].length
        position += 1
    }

    private mutating func opened() throws(FilePlacementError) -> CInt {
        if let descriptor { return descriptor }
        let path = files[position].path.joined(separator: "/")
        let opened = open("\(directory)/\(path)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        if opened < 0, ![ENOENT, ENOTDIR, ELOOP].contains(errno) {
            throw .system(call: "open", path: path, reason: String(cString: strerror(errno)))
        }
        descriptor = opened
        return opened
    }
}
