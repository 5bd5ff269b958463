import TestSupport
import Testing

extension EndToEndTests {
    /// Games on platforms.
    @Suite("Games") struct Games {
        @Test("On each of two platforms: an item a platform") func each() async throws {
            let house = try await Household.home()
            let windows = "Lantern.Keep-TEST"
            let console = "Lantern.Keep.NSW-TEST"
            let one = try await house.world.share(windows, .file(size: 90_000), categories: [4050])
            let other = try await house.world.share(console, .file(size: 80_000), categories: [1180])
            let request = try await house.ben.askForGame("Lantern Keep", platforms: ["windows", "switch"], each: true)
            let asked = try await house.ben.get(request)
            #expect(asked.parts.map(\.title).sorted() == ["Nintendo Switch", "Windows"])

            try await house.ben.choose(console, on: request)
            let half = try await house.ben.wait(on: request, for: "the Switch's") { page in
                page.parts.contains { $0.title == "Nintendo Switch" && $0.status == "COMPLETED" }
            }
            #expect(half.parts.first { $0.title == "Windows" }?.status != "COMPLETED")
            #expect(half.requestStatus != "COMPLETED")
            try await house.ben.choose(windows, on: request)
            try await house.ben.wait(on: request, status: "COMPLETED")
            let places = ["Games/Lantern Keep (Windows)", "Games/Lantern Keep (Nintendo Switch)"]
            try await house.ben.wait(on: request, for: "the files") { page in
                places.allSatisfy { page.text.contains($0) }
            }
            #expect(house.world.files(in: places[0]) == one.contents)
            #expect(house.world.files(in: places[1]) == other.contents)
        }

        @Test("On any of two platforms: one item") func any() async throws {
            let house = try await Household.home()
            let name = "Moss.and.Iron.v1.2-TEST"
            _ = try await house.world.share(name, .file(size: 70_000), categories: [4050])
            let request = try await house.ben.askForGame("Moss and Iron", platforms: ["windows", "ps5"], each: false)
            #expect(try await house.ben.get(request).parts.isEmpty)
            try await house.ben.choose(name, on: request)
            try await house.ben.wait(on: request, status: "COMPLETED")
        }
    }
}
