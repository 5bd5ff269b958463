import Foundation
package import HTTPClient
import HTTPTypes
import Reactor

/// Somebody at a browser without scripting: follows links, fills in forms, keeps cookies.
package final class Browser: Sendable {
    private let cookies = Locked<[String: String]>([:])
    private let http: HTTPClient
    private let address: @Sendable () -> String
    private let log: @Sendable () -> String

    /// - Parameters:
    ///   - address: of the server, at this moment; without a slash at the end.
    ///   - log: what the server has logged, shown when a wait was in vain.
    package init(
        http: HTTPClient, address: @escaping @Sendable () -> String, log: @escaping @Sendable () -> String = { "" }
    ) {
        self.http = http
        self.address = address
        self.log = log
    }

    /// Somebody at the pages of a world.
    package convenience init(_ world: World) {
        self.init(http: world.http, address: { world.usher.url }, log: { world.usher.log })
    }

    package func get(_ path: String) async throws -> Page {
        try await show(try await send(path), at: path)
    }

    /// Fills in a form and sends it; shows where that leads.
    package func submit(_ form: HTMLForm, _ entries: [String: [String]] = [:], to action: String? = nil) async throws
        -> Page
    {
        try await post(action ?? form.action, form.filled(entries))
    }

    package func post(_ path: String, _ fields: [(String, String)]) async throws -> Page {
        try await show(try await send(path, fields: fields), at: path)
    }

    /// Presses a button of a page that is a form of its own.
    @discardableResult
    package func press(_ action: String, on page: Page, _ entries: [String: [String]] = [:]) async throws -> Page {
        try await submit(page.form(action), entries)
    }

    /// Opens the page again and again, as somebody who waits does, until it is as expected.
    @discardableResult
    package func wait(
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
                        + log().suffix(6000))
            }
            try await Task.sleep(for: .milliseconds(150))
        }
    }

    /// Waits until a request has this status.
    @discardableResult
    package func wait(on path: String, status: String, within limit: Duration = .seconds(60)) async throws -> Page {
        try await wait(on: path, for: status, within: limit) { $0.requestStatus == status }
    }

    // MARK: HTTP

    /// Sends a form, without following where it leads.
    package func send(_ path: String, fields: [(String, String)]) async throws -> ClientResponse {
        try await send(
            path, body: fields.map { "\(Self.encoded($0.0))=\(Self.encoded($0.1))" }.joined(separator: "&"))
    }

    /// One exchange, without following where it leads.
    package func send(_ path: String, body: String? = nil) async throws -> ClientResponse {
        let address = address()
        guard let origin = WebURL(address)?.origin else { throw PageError("\(address) is no address") }
        var fields: HTTPFields = [:]
        let kept = cookies.withLock { $0 }
        if !kept.isEmpty { fields[.cookie] = kept.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ") }
        if body != nil { fields[.contentType] = "application/x-www-form-urlencoded" }
        let response = try await http.send(
            ClientRequest(
                url: address + path, method: body == nil ? .get : .post, fields: fields,
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
