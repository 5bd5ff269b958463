import Foundation
import Testing

@testable import Orchestrator

@Suite("The folder of pictures")
struct PictureTests {
    @Test func theOldestGoWhenThereAreTooMany() throws {
        let folder = "/tmp/usher-pictures-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: folder) } }
        for age in 0..<10 {
            let path = "\(folder)/\(age)"
            try Data(count: 1000).write(to: URL(filePath: path))
            try FileManager.default.setAttributes(
                [.modificationDate: Date().addingTimeInterval(-Double(age) * 60)], ofItemAtPath: path)
        }
        try PictureKeeper.tidy(folder, to: 10_000)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 10)
        try PictureKeeper.tidy(folder, to: 5000)
        #expect(try Set(FileManager.default.contentsOfDirectory(atPath: folder)) == ["0", "1", "2", "3"])
    }
}
