import Backup
import HTTP
import HTTPTypes
import Logging
import Orchestrator
import Postgres
import Storage

// A backup holds everybody's secrets, so no page hands one out: it is fetched from its folder by whoever may read that.
extension Site {
    func backupsPage(_ visit: Visit, _ me: Me) async throws -> Response {
        try await backups(visit, me, Entries())
    }

    func makeBackup(_ visit: Visit, _ me: Me) async throws -> Response {
        orchestrator.backUp()
        try await write { try await Audit.add(.operation, "asked for a backup", by: me.id, on: $0) }
        logger.notice("A backup was asked for", metadata: ["by": "\(me.id)"])
        return visit.redirect(to: "/admin/backups", saying: .backingUp)
    }

    func saveBackupSettings(_ visit: Visit, _ me: Me) async throws -> Response {
        var entries = try visit.entries()
        if entries["kept"].isEmpty { entries.refuse("kept", "This is missing.") }
        let kept = entries.number("kept", "This", in: Self.keptRange)
        guard entries.areValid, let kept else {
            return try await backups(visit, me, entries, status: .unprocessableContent)
        }
        let isDaily = entries["daily"] == "yes"
        try await write { connection in
            var settings = try await Settings.load(on: connection)
            (settings.dailyBackup, settings.backupsKept) = (isDaily, kept)
            try await settings.save(by: me.id, on: connection)
        }
        try await orchestrator.houseChanged(searchAgain: false)
        logger.notice("Settings of backups were changed", metadata: ["by": "\(me.id)"])
        return visit.redirect(to: "/admin/backups", saying: .settingsSaved)
    }

    private static let keptRange = 1...1000

    private func backups(
        _ visit: Visit, _ me: Me, _ entries: Entries, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let settings = try await read { try await Settings.load(on: $0) }
        let keeper = orchestrator.backups
        let files = try await keeper.list()
        let isFresh = entries.form.pairs.isEmpty
        let isDaily = isFresh ? settings.dailyBackup ?? keeper.isDailyByDefault : entries["daily"] == "yes"
        let isBusy = keeper.isBusy
        let failure = keeper.failure.map { failure in
            Notice(
                kind: "error",
                text: "The backup of \(visit.times.relative(failure.at)) came to nothing: \(failure.sentence)")
        }
        return visit.page(
            BackupsPage(
                page: visit.frame(
                    "Backups", for: me, live: LiveAddress.path(downloads: []), refreshSeconds: isBusy ? 3 : nil),
                notice: failure, folder: keeper.folder, isBusy: isBusy,
                backups: files.map { file in
                    BackupLine(
                        name: file.name, size: Figures.bytes(file.size),
                        when: visit.times.relative(file.madeAt), iso: Times.iso(file.madeAt))
                },
                daily: ChoiceGroup(
                    name: "daily", legend: "Each day",
                    options: [
                        Option(value: "yes", label: "Make one by itself", isSelected: isDaily),
                        Option(
                            value: "no", label: "Leave it to somebody else", isSelected: !isDaily,
                            hint: "Where the database is looked after already"),
                    ], type: "radio"),
                kept: Field(
                    number: "kept", "Backups kept", entries, value: settings.backupsKept, in: Self.keptRange,
                    hint: "With each new one, those that are older than the newest so many go.", isRequired: true)),
            status: status)
    }
}
