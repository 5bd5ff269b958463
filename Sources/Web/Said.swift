import Cryptography

/// A sentence for the next page that is not known before, such as what came of each of several requests. It travels in the
/// cookie of ``Flash``, with a seal that only this visitor's session makes: nobody else can make a page say something.
enum Said {
    /// Longer ones do not fit into a cookie, in which each byte may take three.
    static let limit = 1000

    static func cookie(_ notice: Notice, boundTo secret: String) -> String {
        precondition(notice.text.utf8.count <= limit)
        return "\(seal(notice, secret)) \(notice.kind) \(notice.text)"
    }

    /// What a cookie says: one of the sentences of ``Flash``, or a sealed one.
    static func notice(_ cookie: String, boundTo secret: String) -> Notice? {
        if let flash = Flash(rawValue: cookie) { return flash.notice }
        let parts = cookie.split(separator: " ", maxSplits: 2).map(String.init)
        guard parts.count == 3 else { return nil }
        let notice = Notice(kind: parts[1], text: parts[2])
        return constantTimeEqual(Array(parts[0].utf8), Array(seal(notice, secret).utf8)) ? notice : nil
    }

    private static func seal(_ notice: Notice, _ secret: String) -> String {
        Digest.hmacSHA256(key: Array(secret.utf8), message: Array("said \(notice.kind) \(notice.text)".utf8)).base64URL
    }
}
