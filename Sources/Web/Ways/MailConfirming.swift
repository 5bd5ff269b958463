import HTTP
import HTTPServer
import HTTPTypes
import Orchestrator
import Storage

extension Site {
    /// Takes the code that was sent to a mailbox.
    func confirmMailbox(_ visit: Visit, _ me: Me) async throws -> Response {
        let (id, way) = try await way(visit, me)
        guard !way.isConfirmed else { return visit.redirect(to: "/account/notices/\(id)") }
        var entries = try visit.entries()
        if try await orchestrator.confirm(id, code: entries["code"], of: me.id) {
            return visit.redirect(to: "/account/notices", saying: .waySaved)
        }
        entries.refuse("code", "That is not the code, or not any more. After five tries another has to be sent.")
        return wayForm(
            visit, me, way.kind, (id, way), Entries(WayDraft.form(way)), code: entries, status: .unprocessableContent)
    }

    /// Sends another one.
    func sendCodeAgain(_ visit: Visit, _ me: Me) async throws -> Response {
        let (id, way) = try await way(visit, me)
        guard !way.isConfirmed else { return visit.redirect(to: "/account/notices/\(id)") }
        return try await sendCode(to: way.address, visit, me, way: id)
    }

    /// Sends a code, and goes on to the page where it is typed, which says what came of it.
    func sendCode(to address: String, _ visit: Visit, _ me: Me, way: Int64) async throws -> Response {
        let notice =
            switch try await orchestrator.sendCode(to: address, of: me.id) {
            case .answered(let answer) where answer.isGood:
                Notice(kind: "success", text: "A code was sent to \(address). It is valid for an hour.")
            case .answered(let answer):
                Notice(kind: "error", text: "The code could not be sent to \(address). \(answer.sentence)")
            case .tooMany:
                Notice(kind: "error", text: "Enough codes were sent for now. Try again in an hour.")
            case .noServer:
                Notice(kind: "error", text: "This house sends no e-mail; an administrator can say by which server.")
            }
        return visit.redirect(to: "/account/notices/\(way)", saying: notice)
    }
}
