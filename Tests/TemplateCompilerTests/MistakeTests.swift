import Testing

@testable import TemplateCompiler

@Suite("Mistakes are reported at their place")
struct MistakeTests {
    static let head =
        "{{! view P { a: String, n: Int, o: String?, l: [R], on: Bool, r: R, s: SafeHTML, x: Ext }\n type R { b: Int } }}\n"

    @Test(arguments: [
        ("{{a", "3:1: error: this tag is never closed with }}"),
        ("<b>{{{s}} x", "3:4: error: this tag is never closed with }}}"),
        ("x\n {{#on}}\n", "4:2: error: 'on' is opened here and never closed with {{/on}}"),
        ("{{#on}}\n{{/off}}", "4:1: error: {{/off}} where {{/on}} is due, opened on line 3"),
        ("{{/on}}", "3:1: error: {{/on}} closes nothing"),
        ("{{=<% %>=}}", "3:1: error: delimiters cannot be changed"),
        ("{{&s}}", "3:1: error: for SafeHTML write {{{name}}}; {{&name}} is not used here"),
        ("<a id={{a}}>", "3:7: error: an attribute's value stands in quotes: what follows = has none"),
        ("{{a b}}", "3:1: error: 'a b' is not a name"),
        ("é{{nope}}", "3:3: error: unknown name 'nope'; here there is a, n, o, l, on, r, s, x"),
        ("{{#l}}{{nope}}{{/l}}", "3:7: error: unknown name 'nope'; here there is b, a, n, o, l, on, r, s, x"),
        ("{{r.c}}", "3:1: error: R has no 'c'; it has b"),
        ("{{x.c}}", "3:1: error: Ext has no 'c' that is declared"),
        ("{{o.count}}", "3:1: error: 'count' in 'o.count' is a member of an optional: open that with {{#…}} first"),
        ("{{o}}", "3:1: error: 'o' is optional: show it inside {{#o}}…{{/o}}"),
        ("{{l}}", "3:1: error: 'l' is a list: show its elements inside {{#l}}…{{/l}}"),
        ("{{on}}", "3:1: error: 'on' is a Bool and has no text: use {{#on}}…{{/on}}"),
        ("{{r}}", "3:1: error: 'r' is a R: show its members"),
        ("{{s}}", "3:1: error: 's' is SafeHTML: write {{{s}}}"),
        ("{{{a}}}", "3:1: error: {{{a}}} shows SafeHTML only, and 'a' is String"),
        ("{{#n}}{{/n}}", "3:1: error: 'n' is Int: a section is for a list, an optional, a Bool or a declared type"),
        ("{{^a}}{{/a}}", "3:1: error: 'a' is String, which is never missing: {{^…}} has no use here"),
        ("{{asset:no.css}}", "3:1: error: there is no Public/no.css"),
        ("{{> no}}", "3:1: error: there is no Templates/no.html"),
        ("{{<no}}{{/no}}", "3:1: error: there is no Templates/no.html"),
        ("{{> card}}", "3:1: error: card shows a Card, and there is none in scope here"),
        ("{{<lay}}{{$contnt}}{{/contnt}}{{/lay}}", "3:1: error: lay has no block 'contnt'; it has content"),
        ("{{<lay}}text{{/lay}}", "3:1: error: inside {{<lay}} only blocks like {{$content}}…{{/content}} have a place"),
        (
            "{{<lay}}{{$content}}{{/content}}{{$content}}{{/content}}{{/lay}}",
            "3:33: error: the block 'content' is already given"
        ),
        ("{{! view Q { } }}", "3:10: error: a template has one view; use type here"),
        ("{{! type R { } }}", "3:10: error: 'R' is already declared at Templates/page.html:2"),
        ("{{! type q { } }}", "3:10: error: a type's name begins with a capital, unlike 'q'"),
        ("{{! type Q { a: } }}", "3:17: error: expected a type, found '}'"),
        ("{{! type Q {\n a: Int,\n a: Int } }}", "5:2: error: 'a' is already declared"),
        ("{{! type Q { a: Int }}", "3:21: error: expected a field's name or } before the end of the comment"),
        ("{{! type Q { a: Int = } }}", "3:22: error: expected a default value"),
    ])
    func mistake(template: String, expected: String) {
        let others = ["card": "{{! view Card { t: Int } }}", "lay": "{{$content}}{{/content}}"]
        #expect(mistakes(Self.head + template, with: others) == ["Templates/page.html:\(expected)"])
    }

    @Test func inAPartialTheMistakeIsThePartials() {
        let expected =
            "Templates/shared/x.html:2:1: error: unknown name 'b'; here there is a (expanded from Templates/page.html:1)"
        #expect(mistakes("{{! view P { a: Int } }}{{> shared/x}}", with: ["shared/x": "\n{{b}}"]) == [expected])
    }

    @Test func aPartialThatExpandsItselfIsRefused() {
        let expected = "Templates/x.html:1:1: error: x expands itself: only a partial with a view can"
        #expect(mistakes("{{! view P { } }}{{> x}}", with: ["x": "{{> x}}"]).first?.hasPrefix(expected) == true)
    }

    @Test func everyMistakeIsReportedAndEachOnce() {
        let found = mistakes(
            "{{! view P { } }}{{a}}{{b}}{{> x}}", with: ["q": "{{! view Q { } }}{{> x}}", "x": "{{c}}"])
        #expect(found.count == 3)
    }

    @Test func anOrdinaryCommentDeclaresNothing() throws {
        #expect(try body("{{! view P { } }}{{! Note: the view is above }}x") == [#"out.literal("x")"#])
    }
}
