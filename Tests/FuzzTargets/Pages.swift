import Aria2
import HTML
import Orchestrator

@testable import HTTP

extension FuzzTarget {
    /// A cookie that was set comes back as it was.
    static let cookies = FuzzTarget(name: "cookies") { input in
        guard let text = String(validating: input, as: UTF8.self) else { return }
        _ = parseCookies(text)
        let field = SetCookie("name", text, isSecure: true).fieldValue
        let pair = String(field.prefix { $0 != ";" })
        demand(parseCookies("other=1; \(pair)").last?.value == text, "\(pair) is not \(text)")
        demand(!field.utf8.contains { $0 < 0x20 }, "a field with control characters")
    }

    /// Nothing that is text gets out as markup, and nothing of it is lost.
    static let markup = FuzzTarget(name: "markup") { input in
        let text = String(decoding: input, as: UTF8.self)
        var buffer = HTMLBuffer()
        buffer.escape(text)
        let written = String(decoding: buffer.bytes, as: UTF8.self)
        demand(!written.utf8.contains { "<>\"'".utf8.contains($0) }, "markup: \(written)")
        // By bytes: a combining mark after what was escaped makes one character of it and the semicolon.
        let back = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
            .reduce(Array(written.utf8)) { $0.replacing(Array($1.0.utf8), with: Array($1.1.utf8)) }
        demand(back == Array(text.utf8), "\(String(decoding: back, as: UTF8.self)) is not \(text)")
    }

    /// A name of a file or folder, made of whatever a title or a torrent says, leads nowhere else.
    static let pathComponent = FuzzTarget(name: "path-component") { input in
        let name = DownloadFolder.component(String(decoding: input, as: UTF8.self))
        demand(!name.isEmpty && name != "." && name != "..", "no name: \(name)")
        demand(!name.hasPrefix("."), "hidden: \(name)")
        demand(!name.utf8.contains { $0 == UInt8(ascii: "/") || $0 < 0x20 }, "not one name: \(name)")
        demand(name.utf8.count <= 255, "too long: \(name)")
    }
}
