import Testing

@testable import TemplateCompiler

@Suite("Files embedded in the program")
struct EmbeddingTests {
    @Test func anAssetsNameChangesWithItsContent() {
        let one = embedAssets([("Public/usher.css", Array("a{}".utf8))])
        let other = embedAssets([("Public/usher.css", Array("b{}".utf8))])
        let path = #/"/static/usher\.[0-9a-f]{16}\.css"/#
        #expect(one.firstMatch(of: path) != nil)
        #expect(one.firstMatch(of: path)?.output != other.firstMatch(of: path)?.output)
        #expect(one.contains(#"contentType: "text/css; charset=utf-8", bytes: Array("a{}".utf8)"#))
        #expect(!one.contains("import"))
    }

    @Test func whatIsNotTextIsEmbeddedToo() {
        let swift = embedAssets([("Public/icons/a-b.png", [0x89, 0xff])])
        #expect(swift.contains("import FoundationEssentials"))
        #expect(swift.contains(#"Data(base64Encoded: "if8=")"#))
        #expect(swift.contains("static var `icons_a_b_png`: StaticString"))
    }

    @Test func migrationsAreEmbeddedInOrder() throws {
        let swift = try embedMigrations([
            ("migrations/0002_b.sql", "SELECT '\\n';\n"), ("migrations/0001_first_one.sql", "SELECT 1;"),
        ])
        let lines = swift.split(separator: "\n").filter { $0.contains("version: ") }
        #expect(
            lines.dropFirst() == [
                #"        (version: 1, name: "first_one", sql: "SELECT 1;"),"#,
                #"        (version: 2, name: "b", sql: "SELECT '\\n';\n"),"#,
            ])
    }

    @Test(arguments: ["migrations/1_a.sql", "migrations/0000_a.sql", "migrations/0001.sql", "migrations/000a_b.sql"])
    func aMigrationsNameIsChecked(path: String) {
        #expect(throws: Failure.self) { try embedMigrations([(path, "")]) }
    }

    @Test func twoMigrationsOfOneNumberAreRefused() {
        #expect(throws: Failure.self) {
            try embedMigrations([("migrations/0001_a.sql", ""), ("migrations/0001_b.sql", "")])
        }
    }
}
