import HTTPClient

/// What an indexer's HTTP response means, before anybody looks for releases in it.
struct Answer {
    let response: ClientResponse
    let endpoint: Endpoint

    /// The root of the document, or the reason why there is none. Errors come with status 200 from Jackett, and with
    /// others from Prowlarr.
    func document() throws(TorznabError) -> XMLElement {
        if response.status == 429 { throw .rateLimited(retryAfter: response.retryAfter) }
        guard response.status == 200 else { throw failure }
        guard isXML else { throw .notXML(hint: kind) }
        let root: XMLElement
        do throws(XMLError) {
            root = try XMLElement.parse(response.body)
        } catch {
            throw .malformed(reason: error.reason)
        }
        if let error = refusal(root) { throw error }
        return root
    }

    /// What a response says that is no success.
    var failure: TorznabError {
        if response.status == 429 { return .rateLimited(retryAfter: response.retryAfter) }
        if let error = refusal { return error }
        switch response.status {
        case 401: return .wrongKey
        case 403: return isPage ? .notXML(hint: kind) : .wrongKey
        default: return .status(response.status)
        }
    }

    /// The error document, if that is what came.
    var refusal: TorznabError? {
        guard isXML, let root = try? XMLElement.parse(response.body) else { return nil }  // no document, no words
        return refusal(root)
    }

    var isPage: Bool { kind == Self.page }

    private func refusal(_ root: XMLElement) -> TorznabError? {
        guard root.name == "error" else { return nil }
        let code = root.attributes["code"].flatMap { Int($0) } ?? 900
        switch code {
        case 100...107: return .wrongKey
        case 429, 500, 501: return .rateLimited(retryAfter: response.retryAfter)
        default: return .answered(code: code, description: brief(root.attributes["description"] ?? ""))
        }
    }

    /// The first line: the description may be a whole stack trace. Without the key, and without addresses: they may
    /// carry other keys.
    private func brief(_ description: String) -> String {
        let line = description.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let words = endpoint.withoutKey(line).split(separator: " ").map { $0.contains("://") ? "…" : $0 }
        return String(words.joined(separator: " ").prefix(200))
    }

    private static let page = "an HTML page"

    private var isXML: Bool { kind == "XML" }

    private var kind: String {
        let start = String(decoding: response.body.prefix(1024), as: UTF8.self).lowercased()
            .drop { $0.isWhitespace || $0 == "\u{feff}" }
        if start.isEmpty { return "nothing" }
        let isPage = start.contains("<!doctype html") || start.contains("<html")
        if isPage, !start.contains("<rss"), !start.contains("<caps") { return Self.page }
        if start.hasPrefix("<") { return "XML" }
        return start.hasPrefix("{") || start.hasPrefix("[") ? "JSON" : "plain text"
    }
}
