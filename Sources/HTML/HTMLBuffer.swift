/// The bytes of a page as it is written.
///
/// A compiled template alternates between constant pieces (`literal`) and values (`write`, which escapes). Nothing
/// that is a `String` gets in unescaped: only `SafeHTML`, which cannot be made from one.
public struct HTMLBuffer: Sendable {
    /// What has been written so far, UTF-8.
    public private(set) var bytes: [UInt8] = []

    /// Under which path all addresses of our own lie: empty, or like `/usher`.
    private let base: String

    /// An empty buffer with room for `capacity` bytes.
    public init(capacity: Int = 16 * 1024, base: String = "") {
        self.base = base
        bytes.reserveCapacity(capacity)
    }

    /// Appends a constant piece of a template as it is.
    public mutating func literal(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Appends a value, escaped.
    public mutating func write(_ value: some HTMLRenderable) {
        value.write(into: &self)
    }

    /// Goes before an address of our own that a template's text begins with a slash.
    public mutating func writeBase() {
        if !base.isEmpty { escape(base) }
    }

    /// Appends an address, escaped; one of our own, which begins with a slash, comes to lie under the base.
    public mutating func write(address: String) {
        if address.hasPrefix("/") { writeBase() }
        escape(address)
    }

    /// Appends markup that is known to be safe as it is.
    public mutating func raw(_ html: SafeHTML) {
        bytes.append(contentsOf: html.bytes)
    }

    /// Appends text so that it is text wherever HTML allows text or a quoted attribute: `& < > " '` become references.
    public mutating func escape(_ text: some StringProtocol) {
        let done: Void? = text.utf8.withContiguousStorageIfAvailable { escape($0) }
        if done == nil { Array(text.utf8).withUnsafeBufferPointer { escape($0) } }
    }

    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
        var clean = 0
        for (index, byte) in text.enumerated() {
            guard let reference = Self.reference(for: byte) else { continue }
            bytes.append(contentsOf: text[clean..<index])
            literal(reference)
            clean = index + 1
        }
        bytes.append(contentsOf: text[clean...])
    }

    private static func reference(for byte: UInt8) -> StaticString? {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&#39;"
        default: nil
        }
    }
}
