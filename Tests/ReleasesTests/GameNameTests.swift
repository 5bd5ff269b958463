import Testing

@testable import Releases

/// Names of games. The titles are invented.
@Suite("Names of games")
struct GameNameTests {
    @Test(
        "Title, platform, content",
        arguments: [
            ("Salt.Frontier-RUNE", "Salt Frontier", Platform?.none, GameContent.full),
            ("Salt.Frontier.Update.v1.2.3-TENOKE", "Salt Frontier", nil, .update),
            ("Salt.Frontier.Update.Build.123-SKIDROW", "Salt Frontier", nil, .update),
            ("Salt.Frontier.Deluxe.Edition.MULTi14-ElAmigos", "Salt Frontier", nil, .full),
            ("Salt Frontier (v1.2 + 3 DLCs + Bonus OST, MULTi14) [FitGirl Repack]", "Salt Frontier", nil, .full),
            ("Salt Frontier v1.2.3 (12345) [GOG]", "Salt Frontier", nil, .full),
            ("Salt_Frontier_NSW-VENOM", "Salt Frontier", .switch, .full),
            ("Salt Frontier Update v1.0.1 NSW-VENOM", "Salt Frontier", .switch, .update),
            ("Salt.Frontier.DLC.NSW-VENOM", "Salt Frontier", .switch, .dlc),
            ("Salt.Frontier.PS4-DUPLEX", "Salt Frontier", .ps4, .full),
            ("Salt.Frontier.PS5-QUAY", "Salt Frontier", .ps5, .full),
            ("Salt.Frontier.XBOX360-QUAY", "Salt Frontier", .xbox360, .full),
            ("Salt.Frontier.v1.2.macOS-QUAY", "Salt Frontier", .mac, .full),
            ("Salt.Frontier.Crackfix-RUNE", "Salt Frontier", nil, .extra),
            ("Salt.Frontier.Build.18353366-TENOKE", "Salt Frontier", nil, .full),
            ("Salt.Frontier.EUR.PS3-DUPLEX", "Salt Frontier", .ps3, .full),
            ("Salt Frontier CUSA12345 PS4 PKG", "Salt Frontier", .ps4, .full),
            ("Salt.Frontier.incl.DLC-RUNE", "Salt Frontier", nil, .full),
            ("Salt.Frontier.NSW.Update.v1.0.3.incl.DLC-VENOM", "Salt Frontier", .switch, .update),
            ("Salt.Frontier.MULTi5-ElAmigos", "Salt Frontier", nil, .full),
            ("Patch.Salt-RUNE", "Patch Salt", nil, .full),
        ])
    func games(name: String, title: String, platform: Platform?, content: GameContent) {
        let release = ParsedRelease(name)
        #expect(release.kind == .game)
        #expect(release.title == title)
        #expect(release.platforms.first == platform)
        #expect(release.content == content)
    }

    @Test("A film with a version in its name is no game")
    func films() {
        #expect(ParsedRelease("Salt.Frontier.2014.1080p.BluRay.x264-QUAY").kind == .movie)
        #expect(ParsedRelease("[Quay] Salt Frontier v2 [1080p]").kind == .movie)
    }
}
