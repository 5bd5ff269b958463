import HTTP
import HTTPTypes

/// What a connection answers by itself, whatever is served.
enum OwnAnswers {
    /// RFC 9110 §9.3.7: what the server as a whole can do.
    static let serverOptions = Response(
        status: .noContent, fields: [.allow: "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"])

    /// To the same over HTTPS (RFC 9110 §15.4.9).
    static func redirect(_ request: Request, toPort port: Int) -> Response {
        guard let authority = request.authority, request.target.hasPrefix("/") else {
            return .text("This address leads to HTTPS, for requests that name a host.\n", status: .badRequest)
        }
        let isNumeric = authority.hasPrefix("[")
        let host = isNumeric ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
        let location = "https://\(host)\(port == 443 ? "" : ":\(port)")\(request.target)"
        return Response(status: .permanentRedirect, fields: [.location: location])
    }

    /// To whoever speaks without TLS where it is spoken, all that is sent.
    static func speaksTLS(date: String) -> String {
        let text = "This port speaks HTTPS: the address begins with https://\n"
        return "HTTP/1.1 400 Bad Request\r\nDate: \(date)\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + "Content-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n\(text)"
    }
}
