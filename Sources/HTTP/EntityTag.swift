import HTTPTypes

extension Request {
    /// Whether the client has what carries this tag (`If-None-Match`, RFC 9110 §13.1.2). The comparison is weak: `W/` does
    /// not count.
    public func has(tag: String) -> Bool {
        Self.list(fields[.ifNoneMatch]).contains { $0 == "*" || $0 == tag || $0 == "W/" + tag }
    }

    /// Whether the client wants an answer only if it is of another tag than this (`If-Match`, RFC 9110 §13.1.1): it is to
    /// be told 412, and nothing must be done. The comparison is strong.
    public func isOnlyForOthers(than tag: String) -> Bool {
        fields.contains(.ifMatch) && !Self.list(fields[.ifMatch]).contains { $0 == "*" || $0 == tag }
    }

    private static func list(_ field: String?) -> [Substring] {
        (field ?? "").split(separator: ",").map { $0.trimmingBlanks }
    }
}
