import Aria2
import Foundation
import Lifecycle
import Orchestrator
import Postgres
import Storage
import TestSupport
import Testing

@Suite("Quotas and approval", .timeLimit(.minutes(10)))
struct ApprovalTests {
    private static func wish(_ name: String, kind: Kind = .movie) -> Wish {
        Wish(kind: kind, title: .hand(name: name, year: 2019, seasons: [:]), scope: .whole)
    }

    private static func rule(
        _ world: World, approved: Set<Kind> = [], upTo gigabytes: Int? = nil, _ limits: Limits = Limits()
    ) async throws {
        try await world.pool.transaction { connection in
            try await RoleRule(
                role: .member, approvedKinds: approved, approvedGigabytes: gigabytes, limits: limits
            ).save(on: connection)
        }
    }

    private static func approval(_ request: Int64, in world: World) async throws -> Approval? {
        try await world.pool.withConnection { try await Requests.find(request, on: $0)?.approval }
    }

    private static func isQueued(_ request: Int64, in world: World) async throws -> Bool {
        try await world.pool.withConnection { try await Requests.find(request, on: $0)?.nextSearchAt } != nil
    }

    @Test(arguments: [Limits(open: 4), Limits(movies: 4)])
    func tenClicksInTwoProcessesGetExactlyTheQuota(limits: Limits) async throws {
        try await World.live(working: false) { world in
            try await Self.rule(world, limits)
            let neighbour = try world.neighbour()
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<10 {
                    let process = number.isMultiple(of: 2) ? world.orchestrator : neighbour
                    group.addTask {
                        do {
                            _ = try await process.ask(Self.wish("Movie \(number)"), by: world.anna, key: World.key())
                            return true
                        } catch CommandError.usedUp {
                            return false
                        } catch {
                            Issue.record("\(error)")
                            return false
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 } == 4)
            #expect(try await world.count("requests") == 4)
            // Somebody else has their own, joining costs nothing, and an administrator has no limit.
            _ = try await world.askMovie("Movie of Ben", by: world.ben)
            _ = try await world.orchestrator.ask(Self.wish("Movie of Ben"), by: world.anna, key: World.key())
            for number in 0..<6 { _ = try await world.askMovie("Movie of Olga \(number)", by: world.olga) }
        }
    }

    @Test func whatWasCancelledIsOpenAgainOnlyWithinTheQuota() async throws {
        try await World.live(working: false) { world in
            try await Self.rule(world, Limits(open: 1))
            let first = try await world.askMovie("One", by: world.anna)
            try await world.orchestrator.cancel(first, by: world.anna)
            let second = try await world.askMovie("Two", by: world.anna)
            let again = Wish(kind: .movie, title: .hand(name: "One", year: 2019, seasons: [:]), scope: .whole)
            let refusal = CommandError.usedUp(
                sentence: "You have 1 open requests, of 1 that you may have at a time.")
            await #expect(throws: refusal) {
                _ = try await world.orchestrator.ask(again, by: world.anna, key: World.key())
            }
            await #expect(throws: refusal) { try await world.orchestrator.search(first, by: world.anna) }
            #expect(try await world.status(first) == .cancelled)
            // What is open may be searched for, and what others are on does not count.
            try await world.orchestrator.search(second, by: world.anna)
            try await world.orchestrator.search(first, by: world.olga)
            #expect(try await world.status(first) == .pending)
            try await world.orchestrator.cancel(first, by: world.olga)
            try await world.orchestrator.cancel(second, by: world.anna)
            try await world.orchestrator.search(first, by: world.anna)
            #expect(try await world.status(first) == .pending)
        }
    }

    @Test(arguments: [Limits(open: 2), Limits(movies: 2)])
    func whatWasDeclinedCountsWhenItIsAskedForAgain(limits: Limits) async throws {
        try await World.live(working: false) { world in
            try await Self.rule(world, approved: [.movie], limits)
            let first = try await world.askMovie("One", by: world.anna)
            try await world.orchestrator.decline(first, because: "no", by: world.olga)
            for name in ["Two", "Three"] { _ = try await world.askMovie(name, by: world.anna) }
            await #expect(throws: CommandError.self) { try await world.askMovie("One", by: world.anna) }
            #expect(try await Self.approval(first, in: world) == .declined)
        }
    }

    @Test func whatOnePersonMayTakesTheRolesPlace() async throws {
        try await World.live(working: false) { world in
            try await Self.rule(world, Limits(open: 1))
            try await world.pool.transaction { connection in
                try await Limits(open: 2).save(ofPerson: world.anna.userID, on: connection)
            }
            let first = try await world.askMovie("One", by: world.anna)
            _ = try await world.askMovie("Two", by: world.anna)
            await #expect(throws: CommandError.self) { try await world.askMovie("Three", by: world.anna) }
            _ = try await world.askMovie("One of Ben", by: world.ben)
            await #expect(throws: CommandError.self) { try await world.askMovie("Two of Ben", by: world.ben) }
            try await world.orchestrator.cancel(first, by: world.anna)
            _ = try await world.askMovie("Three", by: world.anna)
        }
    }

    @Test func whatIsSmallEnoughApprovesItself() async throws {
        try await World.live { world in
            try await Self.rule(world, approved: [.movie], upTo: 3)
            try await world.share("The Long Way 2019 1080p WEB-DL x264-TEST", isAlive: false)  // 2.5 GB
            let small = try await world.askMovie()
            try await world.until(small, is: .found)
            #expect(try await Self.approval(small, in: world) == nil)
            let sentences = try await world.pool.query(
                "SELECT sentence FROM request_log WHERE request_id = \(small) AND kind = 'approved'"
            ).map { try $0.get("sentence") as String }
            #expect(sentences == ["approved by itself: about 2.5 GB, and up to 3 GB nobody has to decide"])

            try await Self.rule(world, approved: [.movie], upTo: 2)
            try await world.share("The Short Way 2019 1080p WEB-DL x264-TEST", isAlive: false)
            let big = try await world.askMovie("The Short Way")
            let unseen = try await world.askMovie("Nobody Has It")
            for request in [big, unseen] {
                try await world.until("it was looked for") {
                    try await world.search(of: request)?.finishedAt != nil
                }
                #expect(try await Self.approval(request, in: world) == .awaited)
            }
        }
    }

    @Test func tenChoicesAtOnceGetExactlyTheSpace() async throws {
        try await World.live { world in
            try await Self.rule(world, Limits(gigabytes: 10))
            let names = (0..<8).map { "Movie \($0)" }
            for name in names { try await world.share("\(name) 2019 1080p WEB-DL x264-TEST", isAlive: false) }
            var requests: [Int64] = []
            for name in names {
                let request = try await world.askMovie(name)
                try await world.until(request, is: .found)
                requests.append(request)
            }
            let refusals: [String] = await withTaskGroup(of: String?.self) { group in
                for (request, name) in zip(requests, names) {
                    group.addTask {
                        do {
                            try await world.choose("\(name) 2019 1080p WEB-DL x264-TEST", of: request)
                            return nil
                        } catch CommandError.usedUp(let sentence) {
                            return sentence
                        } catch {
                            Issue.record("\(error)")
                            return nil
                        }
                    }
                }
                return await group.reduce(into: []) { if let sentence = $1 { $0.append(sentence) } }
            }
            // Four times 2.5 GB.
            let none = "It has 2.5 GB, and of the 10.0 GB a week that are yours 0 MB are left."
            #expect(refusals == [none, none, none, none])
            await #expect(throws: CommandError.self) { try await world.askMovie("One More") }
            _ = try await world.askMovie("Of Ben", by: world.ben)

            // An administrator may; what is cancelled gives its space back; and a week later there is new.
            let (full, taken) = try await (
                requests.asyncFirst { try await world.status($0) == .found },
                requests.asyncFirst { try await world.status($0) == .downloading }
            )
            let request = try #require(full)
            let name = "\(names[try #require(requests.firstIndex(of: request))]) 2019 1080p WEB-DL x264-TEST"
            await #expect(throws: CommandError.self) { try await world.choose(name, of: request) }
            try await world.orchestrator.cancel(try #require(taken), by: world.anna)
            try await world.choose(name, of: request)
            let last = try #require(try await requests.asyncFirst { try await world.status($0) == .found })
            let other = "\(names[try #require(requests.firstIndex(of: last))]) 2019 1080p WEB-DL x264-TEST"
            await #expect(throws: CommandError.self) { try await world.choose(other, of: last) }
            try await world.choose(other, of: last, by: world.olga)
        }
    }

    @Test func withoutSpaceNothingIsTakenByItself() async throws {
        try await World.live { world in
            try await Self.rule(world, Limits(gigabytes: 2))
            try await world.share("The Long Way 2019 1080p WEB-DL x264-TEST", isAlive: false)
            var wish = Self.wish("The Long Way")
            wish.choosing = .best
            let request = try await world.orchestrator.ask(wish, by: world.anna, key: World.key()).request
            try await world.until(request, is: .found)
            let next = try #require(try await world.request(request).nextSearchAt)
            #expect((21_000...21_700).contains(next.timeIntervalSinceNow))
            let lines = try await world.pool.query("SELECT sentence FROM request_log WHERE kind = 'space'")
            #expect(
                try lines.map { try $0.get("sentence") } == [
                    "The Long Way 2019 1080p WEB-DL x264-TEST was not taken. "
                        + "It has 2.5 GB, and of the 2.0 GB a week that are those of whoever asked first 2.0 GB are left."
                ])
            try await Self.rule(world, Limits(gigabytes: 3))
            try await world.orchestrator.search(request, by: world.anna)
            try await world.until(request, is: .downloading)
        }
    }

    @Test func whatWaitsForApprovalIsInTheQueueOnlyWhenSomebodyWantsToLook() async throws {
        try await World.live(working: false) { world in
            try await Self.rule(world, approved: [.movie])
            let asked = try await world.orchestrator.ask(Self.wish("The Long Way"), by: world.anna, key: World.key())
            #expect(asked.outcome == .awaiting)
            let request = asked.request
            #expect(try await world.status(request) == .pending)
            func look() async throws -> Claim? {
                let claim = try await world.pool.withConnection {
                    try await SearchQueue.claim(by: "test", lease: 60, on: $0)
                }
                guard let claim else { return nil }
                _ = try await world.pool.withConnection {
                    try await SearchQueue.settle(claim, by: "test", attempts: 0, next: 60, on: $0)
                }
                return claim
            }
            // For whoever decides.
            #expect(try await look()?.request == request)
            #expect(try await !Self.isQueued(request, in: world))
            // Whatever else would have it searched.
            try await world.orchestrator.houseChanged(searchAgain: true)
            await #expect(throws: CommandError.self) {
                try await world.orchestrator.search(request, by: world.anna)
            }
            try await world.pool.execute("UPDATE requests SET next_search_at = now()")
            #expect(try await !Self.isQueued(request, in: world))
            #expect(try await look() == nil)
            try await world.orchestrator.search(request, by: world.olga)
            #expect(try await look()?.request == request)
            await #expect(throws: CommandError.notAllowed) {
                try await world.orchestrator.approve(request, by: world.ben)
            }
            try await world.orchestrator.approve(request, by: world.olga)
            #expect(try await Self.isQueued(request, in: world))
            await #expect(throws: CommandError.self) {
                try await world.orchestrator.decline(request, because: "late", by: world.olga)
            }
            #expect(try await world.status(request) == .pending)
        }
    }

    /// What there is is on the page of whoever decides, and nothing comes of it before.
    @Test func whoDecidesSeesWhatThereIs() async throws {
        try await World.live { world in
            try await Self.rule(world, approved: [.movie])
            let name = "The Long Way 2019 1080p WEB-DL x264-TEST"
            let torrent = try await world.share(name)
            let request = try await world.askMovie(by: world.anna)
            try await world.pool.execute("UPDATE requests SET choosing = 'best' WHERE id = \(request)")
            try await world.until("it was looked for") { try await world.search(of: request) != nil }
            #expect(try await world.search(of: request)?.sentence == "1 seen: 1 acceptable.")
            let releases = try await world.pool.query("SELECT id, accepted FROM releases WHERE request_id = \(request)")
            #expect(try releases.map { try $0.get("accepted") } == [true])
            let waiting = try await world.request(request)
            #expect(waiting.status == .pending && waiting.approval == .awaited && waiting.searchAttempts == 0)
            #expect(waiting.nextSearchAt == nil)
            await #expect(throws: CommandError.self) {
                try await world.orchestrator.choose(release: releases[0].get("id"), of: request, by: world.olga)
            }
            #expect(try await world.aria2.client.snapshot().transfers[torrent.infohash] == nil)
            try await world.orchestrator.approve(request, by: world.olga)
            try await world.until(request, is: .completed)
        }
    }

    /// It is no failure of the request that nobody answers.
    @Test func whenNobodyAnswersTheLookItStaysAsItIs() async throws {
        try await World.live { world in
            try await Self.rule(world, approved: [.movie])
            world.indexer.behave(.status(500))
            let request = try await world.askMovie(by: world.anna)
            try await world.until("it was looked for") { try await world.search(of: request) != nil }
            let waiting = try await world.request(request)
            #expect(waiting.status == .pending && waiting.approval == .awaited && waiting.nextSearchAt == nil)
        }
    }

    @Test func whatWasDeclinedIsCancelledAndNeedsApprovalAgain() async throws {
        try await World.live(working: false) { world in
            try await Self.rule(world, approved: [.movie])
            let request = try await world.askMovie(by: world.anna)
            try await world.orchestrator.decline(request, because: "we have it on disc", by: world.olga)
            #expect(try await world.status(request) == .cancelled)
            let reason: String? = try await world.pool.query("SELECT reason FROM items")[0].get("reason")
            #expect(reason == "declined: we have it on disc")
            try await world.orchestrator.search(request, by: world.anna)
            #expect(try await world.status(request) == .pending)
            #expect(try await Self.approval(request, in: world) == .awaited)
            // Whoever needs no approval approves by wanting it.
            _ = try await world.orchestrator.ask(
                Self.wish("The Long Way"), by: world.olga, key: World.key())
            #expect(try await Self.approval(request, in: world) == nil)
            #expect(try await Self.isQueued(request, in: world))
        }
    }

    @Test func ofTwoWhoDecideAtOnceOneDoes() async throws {
        try await World.live(working: false) { world in
            try await Self.rule(world, approved: [.movie])
            for number in 0..<5 {
                let request = try await world.askMovie("Movie \(number)", by: world.anna)
                let outcomes = await withTaskGroup(of: Bool.self) { group in
                    group.addTask {
                        await Self.isDone { try await world.orchestrator.approve(request, by: world.olga) }
                    }
                    group.addTask {
                        await Self.isDone {
                            try await world.orchestrator.decline(request, because: "no", by: world.olga)
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                #expect(outcomes.count { $0 } == 1)
                let isApproved = try await Self.approval(request, in: world) == nil
                #expect(try await world.status(request) == (isApproved ? .pending : .cancelled))
            }
        }
    }

    private static func isDone(_ body: () async throws -> Void) async -> Bool {
        do {
            try await body()
            return true
        } catch CommandError.refused(let refusal) {
            #expect(refusal.code == .isDecided)
        } catch {
            Issue.record("\(error)")
        }
        return false
    }
}

extension Array where Element == Int64 {
    fileprivate func asyncFirst(_ isIt: (Int64) async throws -> Bool) async rethrows -> Int64? {
        for element in self where try await isIt(element) { return element }
        return nil
    }
}
