import HTML
import Testing

@Suite("Output and its escaping")
struct HTMLTests {
    private func text(_ write: (inout HTMLBuffer) -> Void) -> String {
        var out = HTMLBuffer()
        write(&out)
        return String(decoding: out.bytes, as: UTF8.self)
    }

    @Test func onlySafeMarkupIsNotEscaped() {
        let tag = "<a href=\"x\">'&'</a>"
        #expect(text { $0.write(tag) } == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;")
        #expect(text { $0.write(tag.dropFirst()) } == "a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;")
        #expect(text { $0.literal("<b>") } == "<b>")
        #expect(text { $0.raw(SafeHTML("<b>")) } == "<b>")
        #expect(text { $0.write(-42) } == "-42")
        #expect(text { $0.write(Int64.min) } == "-9223372036854775808")
    }

    /// Whatever the text: nothing of it can end a text node or a quoted attribute, and reading it back gives it whole.
    @Test func anyTextSurvivesAndNothingEscapes() {
        var random = SystemRandomNumberGenerator()
        let alphabet: [Character] = [
            "<", ">", "&", "\"", "'", "a", ";", "#", " ", "\n", "\0", "é", "🎬", "\u{301}", "l", "t",
        ]
        for _ in 0..<2_000 {
            let original = String((0..<Int.random(in: 0...40, using: &random)).map { _ in alphabet.randomElement()! })
            let escaped = text { $0.write(original) }
            #expect(!escaped.utf8.contains { "<>\"'".utf8.contains($0) })
            #expect(unescaped(escaped) == original)
        }
    }

    private func unescaped(_ text: String) -> String {
        var result = ""
        var rest = text.unicodeScalars[...]
        let references = ["&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#39;": "'"]
        while let next = rest.first {
            if next == "&", let (name, value) = references.first(where: { rest.starts(with: $0.key.unicodeScalars) }) {
                result += value
                rest = rest.dropFirst(name.unicodeScalars.count)
            } else {
                result.unicodeScalars.append(next)
                rest = rest.dropFirst()
            }
        }
        return result
    }
}
