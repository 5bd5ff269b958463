/// Names and values of a form or a query, in their order.
public struct Form: Sendable, Equatable {
    /// All of them.
    public let pairs: [(String, String)]

    /// A form of these names and values.
    public init(_ pairs: [(String, String)] = []) {
        self.pairs = pairs
    }

    /// The value of a field; `nil` if there is none, and also if there are several.
    public subscript(_ name: String) -> String? {
        var found: String?
        for pair in pairs where pair.0 == name {
            if found != nil { return nil }
            found = pair.1
        }
        return found
    }

    /// All values of a field.
    public func all(_ name: String) -> [String] {
        pairs.filter { $0.0 == name }.map(\.1)
    }

    /// Reads `application/x-www-form-urlencoded` (WHATWG URL §5.1), stricter: broken percent-encoding, text that is not
    /// UTF-8, NUL and more than 10,000 pairs are refused.
    public static func parse(_ bytes: some Collection<UInt8>) throws(FormError) -> Form {
        var pairs: [(String, String)] = []
        for part in bytes.split(separator: UInt8(ascii: "&")) {
            guard pairs.count < HTTPLimits.formPairs else { throw .tooManyFields }
            let halves = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decode(halves[0]), let value = halves.count == 2 ? decode(halves[1]) : "" else {
                throw .malformed
            }
            pairs.append((name, value))
        }
        return Form(pairs)
    }

    private static func decode(_ part: some Collection<UInt8>) -> String? {
        let spaced = part.lazy.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }
        guard let bytes = PercentCoding.decode(spaced), !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// The form as a query or body.
    public func encoded() -> String {
        pairs.map { "\(PercentCoding.encode($0.0))=\(PercentCoding.encode($0.1))" }.joined(separator: "&")
    }

    /// The same names and values in the same order.
    public static func == (a: Form, b: Form) -> Bool {
        a.pairs.elementsEqual(b.pairs, by: ==)
    }
}

/// Why a body is not taken for a form.
public enum FormError: Error, Equatable, Sendable {
    /// The content type is another.
    case notAForm
    /// Broken percent-encoding, not UTF-8, or a NUL.
    case malformed
    /// More fields than any form has.
    case tooManyFields
    /// A field with one value came twice.
    case repeated(String)
}
