import FoundationEssentials
import Testing

@testable import Aria2

private let hash = "e7432ed7caa742ffe94f37ee94d03aadf75dd9bb"

/// An answer with the given entries, as aria2 writes it.
private func snapshot(active: [String] = [], waiting: [String] = [], stopped: [String] = []) throws -> Snapshot {
    let lists = [active, waiting, stopped].map { "[[\($0.joined(separator: ","))]]" }.joined(separator: ",")
    let body = #"{"id":"usher","jsonrpc":"2.0","result":[[{"sessionId":"cafe"}],\#(lists)]}"#
    let answer = try Aria2Client.read(Array(body.utf8), as: SnapshotAnswer.self)
    return Snapshot(sessionID: answer.sessionID, entries: answer.entries)
}

private func entry(
    _ status: String, gid: String = "a1", hash: String = hash, info: Bool = true, total: Int = 100,
    completed: Int = 40, _ more: String = ""
) -> String {
    let bittorrent = info ? #"{"info":{"name":"Show"},"mode":"multi"}"# : #"{"announceList":[["http://x/"]]}"#
    return """
        {"gid":"\(gid)","status":"\(status)","infoHash":"\(hash)","bittorrent":\(bittorrent),"totalLength":"\(total)",
        "completedLength":"\(completed)","downloadSpeed":"7","uploadSpeed":"1","connections":"3","numSeeders":"2"\(more)}
        """
}

@Suite struct SnapshotTests {
    @Test func readsFigures() throws {
        let transfer = try #require(try snapshot(active: [entry("active", #","seeder":"false""#)]).transfers[hash])
        #expect(transfer.phase == .downloading)
        #expect(transfer.name == "Show")
        #expect((transfer.total, transfer.completed) == (100, 40))
        #expect(transfer.downSpeed == 7 && transfer.upSpeed == 1 && transfer.connections == 3 && transfer.seeders == 2)
        #expect(transfer.secondsLeft == 9)
        #expect(transfer.fraction == 0.4)
    }

    @Test(arguments: [
        (#"active"#, 100, #","seeder":"true""#, Phase.finished),
        ("active", 40, #","seeder":"true""#, .downloading),
        ("active", 100, #","seeder":"true","verifiedLength":"25""#, .verifying(fraction: 0.25)),
        ("active", 100, #","seeder":"true","verifyIntegrityPending":"true""#, .waitingToVerify),
        ("paused", 100, #","seeder":"true""#, .finished), ("paused", 100, #","seeder":"false""#, .paused),
        ("paused", 40, "", .paused), ("complete", 100, #","errorCode":"0","errorMessage":"""#, .finished),
        ("error", 40, #","errorCode":"9","errorMessage":"full""#, .failed(code: 9, message: "full")),
        ("removed", 40, #","errorCode":"31""#, .removed),
    ])
    func phases(_ status: String, _ completed: Int, _ more: String, _ phase: Phase) throws {
        let snapshot = try snapshot(stopped: [entry(status, completed: completed, more)])
        #expect(snapshot.transfers[hash]?.phase == phase)
    }

    @Test func metadataIsNoProgress() throws {
        let fetching = try snapshot(active: [entry("active", info: false, total: 0, completed: 0)]).transfers[hash]
        #expect(fetching?.phase == .fetchingMetadata)
        let metadata = entry("complete", info: false, total: 1025, completed: 1025, #","followedBy":["b2"]"#)
        let payload = entry("active", gid: "b2", #","seeder":"false""#)
        let transfer = try snapshot(active: [payload], stopped: [metadata]).transfers[hash]
        #expect(transfer?.phase == .downloading)
        #expect(transfer?.gid == "b2")
        #expect(try snapshot(stopped: [metadata]).transfers[hash]?.phase == .removed)
        #expect(try snapshot(stopped: [metadata]).transfers[hash]?.total == 0)
    }

    @Test func positionsCountWhatWaits() throws {
        let other = String(hash.reversed())
        let third = String(repeating: "a", count: 40)
        let snapshot = try snapshot(waiting: [
            entry("waiting", gid: "1"), entry("paused", gid: "2", hash: third), entry("waiting", gid: "3", hash: other),
        ])
        #expect(snapshot.transfers[hash]?.phase == .queued(position: 1))
        #expect(snapshot.transfers[other]?.phase == .queued(position: 2))
        #expect(snapshot.transfers[third]?.phase == .paused)
    }

    @Test func aDuplicateSaysNothingAboutTheTorrent() throws {
        let duplicate = entry("error", gid: "b2", completed: 0, #","errorCode":"12","errorMessage":"registered""#)
        let running = entry("active", #","seeder":"false""#)
        #expect(try snapshot(active: [running], stopped: [duplicate]).transfers[hash]?.phase == .downloading)
        let removed = entry("removed", #","errorCode":"31""#)
        #expect(try snapshot(stopped: [duplicate, removed]).transfers[hash]?.phase == .removed)
    }

    @Test func otherDownloadsAreLeftOut() throws {
        let link = #"{"gid":"c3","status":"active","totalLength":"5","completedLength":"1"}"#
        #expect(try snapshot(active: [link]).transfers.isEmpty)
        #expect(try snapshot().sessionID == "cafe")
    }

    @Test(arguments: [
        ("<html>", Aria2Error.away("Its answer cannot be read.")), ("", .away("Its answer cannot be read.")),
        ("{}", .away("Its answer cannot be read.")), (#"{"result":[[{}]]}"#, .away("Its answer cannot be read.")),
        (#"{"error":{"code":1,"message":"Unauthorized"}}"#, .away("It does not accept the secret.")),
        (#"{"result":[{"code":1,"message":"Unauthorized"}]}"#, .away("It does not accept the secret.")),
        (#"{"error":{"code":1,"message":"GID 1 is not found"}}"#, .refused("GID 1 is not found")),
    ])
    func errors(_ body: String, _ error: Aria2Error) {
        #expect(throws: error) { try Aria2Client.read(Array(body.utf8), as: SnapshotAnswer.self) }
    }

    @Test func everyErrorHasASentence() {
        for code in 0...40 {
            let failure = FailureKind(code: code, message: "")
            #expect(failure.sentence.hasSuffix("."))
        }
        #expect(FailureKind(code: 9, message: "").remedy == .diskFull)
        #expect(FailureKind(code: 13, message: "").remedy == .verify)
        #expect(FailureKind(code: 7, message: "").remedy == .nextRelease)
        #expect(FailureKind(code: 12, message: "").remedy == .followOther)
        #expect(FailureKind(code: 1, message: "info hash mismatch").remedy == .distrust)
        #expect(FailureKind(code: 18, message: "").remedy == .administrator)
    }
}
