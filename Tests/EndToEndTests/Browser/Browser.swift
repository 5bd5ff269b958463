import Foundation
import HTTPClient
import HTTPTypes
import Reactor
import TestSupport

/// Somebody at a browser without scripting: follows links, fills in forms, keeps cookies.
final class Browser: Sendable {
    let world: World
    private let cookies = Locked<[String: String]>([:])

    init(_ world: World) {
        self.world = world
    }

    func get(_ path: String) async throws -> Page {
        try await show(try await send(path), at: path)
    }

    /// Fills in a form and sends it; shows where that leads.
    func submit(_ form: HTMLForm, _ entries: [String: [String]] = [:], to action: String? = nil) async throws -> Page {
        try await post(action ?? form.action, form.filled(entries))
    }

    func post(_ path: String, _ fields: [(String, String)]) async throws -> Page {
        let body = fields.map { "\(Self.encoded($0.0))=\(Self.encoded($0.1))" }.joined(separator: "&")
        return try await show(try await send(path, body: body), at: path)
    }

    /// Presses a button of a page that is a form of its own.
    @discardableResult
    func press(_ action: String, on page: Page, _ entries: [String: [String]] = [:]) async throws -> Page {
        try await submit(page.form(action), entries)
    }

    /// Opens the page again and again, as somebody who waits does, until it is as expected.
    @discardableResult
    func wait(
        on path: String, for what: String, within limit: Duration = .seconds(60),
        until isMet: (Page) -> Bool
    ) async throws -> Page {
        let deadline = ContinuousClock.now + limit
        while true {
            let page = try await get(path)
            if isMet(page) { return page }
            guard ContinuousClock.now < deadline else {
                throw PageError(
                    "waited in vain for \(what) on \(path), which says (\(page.status)): \(page.text)\n"
                        + world.usher.log.suffix(6000))
            }
            try await Task.sleep(for: .milliseconds(150))
        }
    }

    /// Waits until a request has this status.
    @discardableResult
    func wait(on path: String, status: String, within limit: Duration = .seconds(60)) async throws -> Page {
        try await wait(on: path, for: status, within: limit) { $0.requestStatus == status }
    }

    // MARK: HTTP

    /// One exchange, without following where it leads.
    func send(_ path: String, body: String? = nil) async throws -> ClientResponse {
        guard let origin = WebURL(world.usher.url)?.origin else { throw PageError(world.usher.url) }
        var fields: HTTPFields = [:]
        let kept = cookies.withLock { $0 }
        if !kept.isEmpty { fields[.cookie] = kept.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ") }
        if body != nil { fields[.contentType] = "application/x-www-form-urlencoded" }
        let response = try await world.http.send(
            ClientRequest(
                url: world.usher.url + path, method: body == nil ? .get : .post, fields: fields,
                body: body.map { Array($0.utf8) }, addresses: .exactly(origin)))
        for field in response.fields where field.name == .setCookie { keep(field.value) }
        return response
    }

    private func show(_ response: ClientResponse, at path: String) async throws -> Page {
        var (response, path) = (response, path)
        for _ in 0..<10 {
            guard let location = response.location, 300..<400 ~= response.status else {
                return try Page(
                    status: response.status, address: path, source: String(decoding: response.body, as: UTF8.self))
            }
            guard location.hasPrefix("/") else { throw PageError("\(path) leads elsewhere: \(location)") }
            path = location
            response = try await send(path)
        }
        throw PageError("\(path) leads in a circle")
    }

    private func keep(_ cookie: String) {
        let parts = cookie.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
        guard let pair = parts.first, let sign = pair.firstIndex(of: "=") else { return }
        let value = String(pair[pair.index(after: sign)...])
        let isOver = parts.dropFirst().contains { $0.lowercased() == "max-age=0" }
        cookies.withLock { $0[String(pair[..<sign])] = isOver ? nil : value }
    }

    private static func encoded(_ text: String) -> String {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        // Alphanumerics beyond ASCII are percent-encoded too, as text in UTF-8 always can be.
        return text.addingPercentEncoding(
            withAllowedCharacters: allowed.intersection(CharacterSet(charactersIn: "\u{0}"..."\u{7f}"))) ?? ""
    }
}
