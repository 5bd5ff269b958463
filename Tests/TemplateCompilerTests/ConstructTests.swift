import Testing

@testable import TemplateCompiler

@Suite("What each construct of a template becomes")
struct ConstructTests {
    @Test func aViewBecomesAStructThatRenders() throws {
        let swift = try swift(
            """
            {{! import Lifecycle
                view Page {
                  title: String      // the heading
                  status: Lifecycle.Status, note: String?
                  rows: [Row] = [], big: Bool = false
                }
                type Row { name: String } }}
            """)
        let code = swift.split(separator: "\n").filter { !$0.hasPrefix("#") && !$0.hasPrefix("//") }
        #expect(
            code == [
                "import HTML", "import Lifecycle", "struct Page: HTMLTemplate {", "var `title`: String",
                "var `status`: Lifecycle.Status", "var `note`: String?", "var `rows`: [Row] = []",
                "var `big`: Bool = false", "func render(into out: inout HTMLBuffer) {", "}", "}",
                "struct Row: Sendable {", "var `name`: String", "}",
            ])
    }

    @Test func valuesAreEscapedUnlessTheyAreSafe() throws {
        #expect(
            try body("{{! view P { a: String, b: B, c: SafeHTML } type B { n: Int } }}\n<p>{{a}}{{b.n}}{{{c}}}</p>")
                == [
                    #"out.literal("<p>")"#, "out.write(self.`a`)", "out.write(self.`b`.`n`)", "out.raw(self.`c`)",
                    #"out.literal("</p>")"#,
                ])
    }

    @Test func insideQuotesAnEqualSignIsOrdinary() throws {
        #expect(try body("{{! view P { a: Int } }}<p title=\"/?q={{a}}\">x={{a}}</p>").count == 5)
    }

    @Test func addressesLieUnderTheBasePath() throws {
        #expect(
            try body(#"{{! view P { a: String } }}<a href="/a?b" title="/c">{{a}}</a><form action="{{a}}">"#)
                == [
                    #"out.literal("<a href=\"")"#, "out.writeBase()", #"out.literal("/a?b\" title=\"/c\">")"#,
                    "out.write(self.`a`)", #"out.literal("</a><form action=\"")"#, "out.write(address: self.`a`)",
                    #"out.literal("\">")"#,
                ])
    }

    @Test func aSectionOverAListSeesItsElementThenWhatIsAround() throws {
        #expect(
            try body("{{! view P { rows: [R], a: String } type R { b: String } }}{{#rows}}{{b}}{{a}}{{/rows}}")
                == ["for v1 in self.`rows` {", "out.write(v1.`b`)", "out.write(self.`a`)", "}"])
        #expect(
            try body("{{! view P { tags: [String] } }}{{#tags}}{{.}}{{/tags}}")
                == ["for v1 in self.`tags` {", "out.write(v1)", "}"])
    }

    @Test func aSectionOverAnOptionalSeesTheValue() throws {
        let expected = ["if let v1 = self.`note` {", "out.write(v1)", "}"]
        #expect(try body("{{! view P { note: String? } }}{{#note}}{{.}}{{/note}}") == expected)
        #expect(try body("{{! view P { note: String? } }}{{#note}}{{note}}{{/note}}") == expected)
        #expect(
            try body("{{! view P { b: B? } type B { n: Int? } }}{{#b}}{{#n}}{{n}}{{/n}}{{/b}}")
                == ["if let v1 = self.`b` {", "if let v2 = v1.`n` {", "out.write(v2)", "}", "}"])
    }

    @Test func whatASectionDoesNotReadIsNotNamed() throws {
        #expect(
            try body("{{! view P { note: String?, rows: [Int] } }}{{#note}}x{{/note}}{{#rows}}y{{/rows}}")
                == [
                    "if self.`note` != nil {", #"out.literal("x")"#, "}", "for _ in self.`rows` {",
                    #"out.literal("y")"#, "}",
                ])
    }

    @Test func flagsAndTheirInverse() throws {
        #expect(
            try body(
                "{{! view P { on: Bool, l: [Int], o: Int? } }}{{#on}}1{{/on}}{{^on}}2{{/on}}{{^l}}3{{/l}}{{^o}}4{{/o}}")
                == [
                    "if self.`on` {", #"out.literal("1")"#, "}", "if !self.`on` {", #"out.literal("2")"#, "}",
                    "if self.`l`.isEmpty {", #"out.literal("3")"#, "}", "if self.`o` == nil {",
                    #"out.literal("4")"#, "}",
                ])
    }

    @Test func listsAndTextsKnowWhetherTheyAreEmpty() throws {
        #expect(
            try body(
                "{{! view P { l: [Int], s: String } }}{{^l.isEmpty}}{{l.count}}{{/l.isEmpty}}{{#s.isEmpty}}-{{/s.isEmpty}}"
            )
                == [
                    "if !self.`l`.`isEmpty` {", "out.write(self.`l`.`count`)", "}", "if self.`s`.`isEmpty` {",
                    #"out.literal("-")"#, "}",
                ])
    }

    @Test func aSectionOverADeclaredTypeOpensItsMembers() throws {
        #expect(try body("{{! view P { b: B } type B { n: Int } }}{{#b}}{{n}}{{/b}}") == ["out.write(self.`b`.`n`)"])
    }

    @Test func aPartialWithoutViewSeesWhatIsInScope() throws {
        #expect(
            try body("{{! view P { a: String } }}<{{> shared/x}}>", with: ["shared/x": "({{a}})"])
                == [#"out.literal("<(")"#, "out.write(self.`a`)", #"out.literal(")>")"#])
    }

    @Test func aPartialWithAViewIsCalledWithTheInnermostSuchValue() throws {
        #expect(
            try body(
                "{{! view P { rows: [Card], first: Card } }}{{#rows}}{{> card}}{{/rows}}{{#first}}{{> card}}{{/first}}",
                with: ["card": "{{! view Card { t: String, inner: [Card] } }}{{t}}{{#inner}}{{> card}}{{/inner}}"])
                == ["for v1 in self.`rows` {", "v1.render(into: &out)", "}", "self.`first`.render(into: &out)"])
    }

    @Test func layoutsAreFilledInAtEveryLevel() throws {
        let layouts = [
            "a": "<{{$title}}A{{/title}}|{{$content}}{{/content}}>",
            "b": "{{<a}}{{$content}}[{{$content}}B{{/content}}{{$side}}s{{/side}}]{{/content}}{{/a}}",
        ]
        func text(_ page: String) throws -> [String] { try body("{{! view P { } }}\(page)", with: layouts) }
        #expect(try text("{{<a}}{{/a}}") == [#"out.literal("<A|>")"#])
        #expect(try text("{{<a}}{{$title}}T{{/title}}{{/a}}") == [#"out.literal("<T|>")"#])
        #expect(try text("{{<b}}{{$side}}S{{/side}}{{/b}}") == [#"out.literal("<A|[BS]>")"#])
        #expect(
            try text("{{<a}}{{$title}}T{{/title}}{{$content}}{{<a}}{{$content}}in{{/content}}{{/a}}{{/content}}{{/a}}")
                == [#"out.literal("<T|<A|in>>")"#])
    }

    @Test func assetsAreReferredToByTheirHashedAddress() throws {
        #expect(
            try body("{{! view P { } }}{{asset:usher.css}}", assets: ["usher.css"])
                == ["out.writeBase()", "out.literal(Assets.Paths.`usher_css`)"])
    }

    @Test func aTagAloneOnItsLineTakesTheLineWithIt() throws {
        let page = "{{! view P { on: Bool } }}\n<ul>\n  {{#on}}\n  <li>\n  {{/on}}\r\n</ul>\n {{! bye }}"
        #expect(
            try body(page)
                == [
                    #"out.literal("<ul>\n")"#, "if self.`on` {", #"out.literal("  <li>\n")"#, "}",
                    #"out.literal("</ul>\n")"#,
                ])
        #expect(try body("{{! view P { a: Int } }}\n {{a}}\n").first == #"out.literal(" ")"#)
    }

    @Test func constantsSurviveAsSwiftLiterals() {
        #expect(swiftLiteral("a\"b\\(c)\n\t\u{1}é") == #""a\"b\\(c)\n\t\u{1}é""#)
    }

    @Test func swiftReportsItsOwnMistakesAtTheTemplatesLine() throws {
        let swift = try swift("{{! view P { a: Unknown } }}\n\n<b>{{a}}</b>")
        #expect(swift.contains("#sourceLocation(file: \"Templates/page.html\", line: 1)\nvar `a`: Unknown"))
        #expect(swift.contains("#sourceLocation(file: \"Templates/page.html\", line: 3)\nout.write(self.`a`)"))
    }

    /// Swift's identity of a file is its last part: two alike are a warning, and so an error.
    @Test func templatesOfOneNameAreToldApart() throws {
        let page = "{{! view P { a: Unknown } }}"
        let swift = try swift(page, with: ["other/page": "{{! view Q { a: Unknown } }}"])
        #expect(swift.contains("#sourceLocation(file: \"Templates\u{2044}page.html\", line: 1)"))
    }
}
