/// Parameters in the form that libpq takes them.
struct Parameters {
    /// All values one after the other, a zero byte after each.
    private var bytes: [UInt8] = []
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    init(_ binds: [PostgresBind]) throws(PostgresError) {
        guard binds.count <= 65535 else { throw PostgresError(.misuse("a statement takes 65535 parameters at most")) }
        for bind in binds {
            offsets.append(bind.bytes == nil ? nil : bytes.count)
            lengths.append(Int32(bind.bytes?.count ?? 0))
            formats.append(bind.isBinary ? 1 : 0)
            guard let value = bind.bytes else { continue }
            // libpq would take the text to end there, PostgreSQL has no such character.
            if !bind.isBinary, value.contains(0) {
                throw PostgresError(.misuse("a text has the character U+0000, which PostgreSQL cannot store"))
            }
            bytes.append(contentsOf: value)
            bytes.append(0)
        }
    }

    /// The pointers are valid within `body`.
    func withPointers<Result>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Result
    ) -> Result {
        bytes.withUnsafeBytes { bytes in
            let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            let values = offsets.map { offset in offset.flatMap { start?.advanced(by: $0) } }
            return values.withUnsafeBufferPointer { values in
                lengths.withUnsafeBufferPointer { lengths in
                    formats.withUnsafeBufferPointer { formats in
                        body(values.baseAddress, lengths.baseAddress, formats.baseAddress)
                    }
                }
            }
        }
    }
}
