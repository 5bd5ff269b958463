import Aria2
import Foundation
import Postgres
import TestSupport

/// Whether aria2 and the disk hold exactly what is wanted, byte for byte.
struct Possessions {
    let house: House
    let items: [ItemState]

    func contradictions() async throws -> [String] {
        try await inAria2() + onDisk()
    }

    private var wanted: Set<String> {
        Set(items.filter { $0.status == "DOWNLOADING" }.compactMap(\.infohash))
    }

    private func inAria2() async throws -> [String] {
        let there = Set(try await house.aria2.client.snapshot().transfers.keys)
        let expected = wanted.union(house.strangers)
        return there.subtracting(expected).sorted().map { "aria2 has \(name($0)), which nobody wants" }
            + expected.subtracting(there).sorted().map { "aria2 does not have \(name($0))" }
    }

    private func onDisk() async throws -> [String] {
        let files = FileManager.default
        var wrong: [String] = []
        let incoming = "\(house.downloads)/.incoming"
        let folders = files.fileExists(atPath: incoming) ? try files.contentsOfDirectory(atPath: incoming) : []
        for folder in folders where !wanted.contains(folder) {
            wrong.append("the incoming folder has \(name(folder)), which nobody wants")
        }
        var expected: [String: (bytes: Data, placed: Date, infohash: String)] = [:]
        // Of a pack, what was not wanted of it: not put anywhere, unless it was on its way there already.
        var optional = expected
        let offers = house.catalogue.offers
        for row in try await house.database.query(
            """
            SELECT releases.name, downloads.infohash, placed_at AS placed, ARRAY(
                SELECT format('.S%sE%s.', lpad(season::text, 2, '0'), lpad(number::text, 2, '0')) FROM items
                WHERE items.download_id = downloads.id AND season IS NOT NULL AND status = 'COMPLETED') AS episodes
            FROM downloads JOIN releases ON releases.id = downloads.release_id
            WHERE placed_at IS NOT NULL ORDER BY placed_at DESC
            """)
        {
            let episodes: [String] = try row.get("episodes")
            for file in offers[try row.get("name")]?.torrent?.files ?? [] {
                let name = file.path.split(separator: "/").last.map(String.init) ?? ""
                let original = (Data(file.bytes), try row.get("placed") as Date, try row.get("infohash") as String)
                if name.contains(/\.S\d\dE\d\d\./), !episodes.contains(where: name.contains) {
                    optional[name] = original
                } else {
                    expected[name] = original
                }
            }
        }
        let originals = expected.merging(optional) { wanted, _ in wanted }
        for top in try files.contentsOfDirectory(atPath: house.downloads) where top != ".incoming" {
            guard ["Movies", "Shows", "Games"].contains(top) else {
                wrong.append("\(top) lies in the download folder")
                continue
            }
            for path in try files.subpathsOfDirectory(atPath: "\(house.downloads)/\(top)") {
                var isFolder: ObjCBool = false
                let full = "\(house.downloads)/\(top)/\(path)"
                guard files.fileExists(atPath: full, isDirectory: &isFolder), !isFolder.boolValue else { continue }
                let file = path.split(separator: "/").last.map(String.init) ?? ""
                // Of a file that was spoilt in its place, before that was recorded, there may be a second copy.
                let (isSpoilt, isSecond) = (try isSpoilt(full), try isSpoilt(first(of: full)))
                let name = isSecond ? first(of: file) : file
                let left = expected.removeValue(forKey: name) ?? optional.removeValue(forKey: name)
                if isSpoilt { continue }
                guard let original = left ?? (isSecond ? originals[name] : nil) else {
                    wrong.append("\(top)/\(path) lies there, and nothing that is complete brought it")
                    continue
                }
                guard files.contents(atPath: full) != original.bytes else { continue }
                // Whoever writes into a file between its last verification and its move writes where people look.
                let corrupted = house.corrupted[original.infohash]
                if let corrupted, abs(corrupted.timeIntervalSince(original.placed)) < 3 { continue }
                wrong.append(
                    "\(top)/\(path) is not what was shared; placed \(original.placed), corrupted by the harness "
                        + (corrupted.map { "\($0)" } ?? "never"))
            }
        }
        return wrong + expected.keys.sorted().map { "\($0) is complete, and not there" }
    }

    private func isSpoilt(_ path: String) throws -> Bool {
        guard FileManager.default.fileExists(atPath: path) else { return false }
        let number = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? UInt64
        return number.map(house.spoilt.contains) ?? false
    }

    /// The name that was taken when a file was put in its place: `name.mkv` for `name (2).mkv`.
    private func first(of path: String) -> String { path.replacing(" (2)", with: "") }

    private func name(_ infohash: String) -> String {
        house.catalogue.offers.values.first { $0.infohash == infohash }?.name ?? infohash
    }
}
