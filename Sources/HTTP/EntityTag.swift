import HTTPTypes

extension Request {
    /// Whether the client has what carries this tag (`If-None-Match`, RFC 9110 §13.1.2). The comparison is weak: `W/` does
    /// not count.
    public func has(tag: String) -> Bool {
        guard let field = fields[.ifNoneMatch] else { return false }
        return field.split(separator: ",").contains { candidate in
            let candidate = candidate.drop { $0 == " " }.prefix { $0 != " " }
            return candidate == "*" || candidate == tag || candidate == "W/" + tag
        }
    }
}
