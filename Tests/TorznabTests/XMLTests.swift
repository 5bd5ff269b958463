import Testing

@testable import Torznab

@Suite("Untrusted XML", .timeLimit(.minutes(10)))
struct XMLTests {
    private func parse(_ text: String) throws(XMLError) -> XMLElement {
        try XMLElement.parse(Array(text.utf8))
    }

    private func failure(_ text: String) -> XMLError? {
        failure(Array(text.utf8))
    }

    private func failure(_ bytes: [UInt8]) -> XMLError? {
        do throws(XMLError) {
            _ = try XMLElement.parse(bytes)  // only the error counts here
            return nil
        } catch {
            return error
        }
    }

    @Test func elementsAttributesAndText() throws {
        let root = try parse(
            """
            <?xml version="1.0"?> <!-- a <comment> -->
            <a x="1" y = '"2"'><b/>one<c>two</c ><![CDATA[<three> &amp;]]></a>
            """)
        #expect(root.name == "a")
        #expect(root.attributes == ["x": "1", "y": "\"2\""])
        #expect(root.children.map(\.name) == ["b", "c"])
        #expect(root.text(of: "c") == "two")
        #expect(root.text == "one<three> &amp;")
    }

    @Test(arguments: [
        ("a &amp; b", "a & b"), ("a & b", "a & b"), ("a &", "a &"), ("&nbsp;&Ucirc;&eacute;", "\u{a0}Ûé"),
        ("&unknown; &#233;&#xe9;&#XE9;", "&unknown; ééé"), ("&#xC;&#0;&#xD800;&#99999999;x", "x"),
        ("&amp;amp;", "&amp;"), ("&&amp;&", "&&&"), ("a\u{1}\u{8}b", "ab"),
    ])
    func references(text: String, meaning: String) throws {
        #expect(try parse("<a>\(text)</a>").text == meaning)
        #expect(try parse("<a b=\"\(text)\"/>").attributes["b"] == meaning)
    }

    @Test func encodings() throws {
        #expect(try XMLElement.parse([0xef, 0xbb, 0xbf] + Array("<a>ü</a>".utf8)).text == "ü")
        let latin = Array("<?xml version='1.0' encoding='iso-8859-1'?><a>".utf8) + [0xfc] + Array("</a>".utf8)
        #expect(try XMLElement.parse(latin).text == "ü")
        #expect(try XMLElement.parse(Array("<a>".utf8) + [0xfc] + Array("</a>".utf8)).text == "\u{fffd}")
        #expect(failure([0xff, 0xfe, 0x3c, 0]) == .encoding("UTF-16"))
        #expect(failure("<?xml version='1.0' encoding='KOI8-R'?><a/>") == .encoding("KOI8-R"))
    }

    @Test func brokenDocuments() {
        let whole = "<a b='c'><!-- d --><e>f</e><![CDATA[g]]></a>"
        for end in whole.indices.dropFirst() {
            #expect(failure(String(whole[..<end])) != nil, "\(whole[..<end])")
        }
        #expect(failure("") == .truncated)
        #expect(failure("<a></b>") != nil)
        #expect(failure("<a></a></a>") != nil)
        #expect(failure("<a/><b/>") != nil)
        #expect(failure("<a/>text") != nil)
        #expect(failure("text") != nil)
        #expect(failure("<a b=c/>") != nil)
        #expect(failure("<a b/>") != nil)
        #expect(failure("< a/>") != nil)
    }

    @Test func documentTypesAndEntities() {
        #expect(failure("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>") == .documentType)
        #expect(failure("<!doctype a><a/>") == .documentType)
        #expect(failure("<a><!ENTITY x 'y'></a>") == .documentType)
    }

    @Test func bounds() {
        #expect(failure(String(repeating: "<a>", count: 64) + String(repeating: "</a>", count: 64)) == nil)
        #expect(failure(String(repeating: "<a>", count: 65) + String(repeating: "</a>", count: 65)) == .tooDeep)
        #expect(failure(String(repeating: "<a>", count: 200_000)) == .tooDeep)
        #expect(failure("<a " + (0...64).map { "x\($0)='1' " }.joined() + "/>") == .tooManyAttributes)
        #expect(failure("<a>" + String(repeating: "<b/>", count: 100_000) + "</a>") == .tooManyElements)
    }

    @Test func timeIsLinear() {
        // Each of these takes minutes where something is quadratic.
        let count = 300_000
        #expect(failure("<a>" + String(repeating: "<!--", count: count)) == .truncated)
        #expect(failure("<a>" + String(repeating: "&", count: count)) == .truncated)
        #expect(failure("<a b='" + String(repeating: "<", count: count)) == .truncated)
        #expect(failure("<" + String(repeating: "a", count: count)) == .truncated)
        #expect(failure("<a " + (0..<count / 8).map { "x\($0)=''" }.joined(separator: " ")) == .tooManyAttributes)
    }
}
