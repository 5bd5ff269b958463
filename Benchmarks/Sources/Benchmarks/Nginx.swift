import Foundation
import Reactor
import TestSupport

/// An nginx of our own, in a temporary directory; gone with this process.
final class Nginx: Sendable {
    /// Where it listens, plain.
    let url: String
    /// Where it speaks TLS, if it has a certificate.
    let secureURL: String
    private let shell: WatchedShell

    /// Starts one with two workers, and returns when it answers.
    ///
    /// - Parameters:
    ///   - locations: what it does at each path, in nginx's words.
    ///   - tls: the folder of `cert.pem` and `key.pem`.
    static func start(locations: [String: String], tls: String? = nil) async throws -> Nginx {
        let port = Int.random(in: 20_000..<30_000)
        let nginx = try Nginx(port: port, locations: locations, tls: tls)
        guard try await nginx.shell.nextLine() == "ready" else {
            throw TestSupportError("nginx does not start: apt-get install nginx-light")
        }
        return nginx
    }

    private init(port: Int, locations: [String: String], tls: String?) throws {
        url = "http://127.0.0.1:\(port)"
        secureURL = "https://127.0.0.1:\(port + 1)"
        let secure = tls.map { folder in
            """
            listen 127.0.0.1:\(port + 1) ssl;
            ssl_certificate \(folder)/cert.pem;
            ssl_certificate_key \(folder)/key.pem;
            ssl_protocols TLSv1.2 TLSv1.3;
            """
        }
        let directory = "/tmp/usher-bench-nginx-\(UUID())"
        let text = """
            worker_processes 2;
            daemon off;
            pid \(directory)/pid;
            error_log \(directory)/log;
            events { worker_connections 2048; }
            http {
                access_log off;
                sendfile on;
                tcp_nodelay on;
                keepalive_requests 1000000000;
                client_body_temp_path \(directory)/body;
                proxy_temp_path \(directory)/proxy;
                fastcgi_temp_path \(directory)/fastcgi;
                uwsgi_temp_path \(directory)/uwsgi;
                scgi_temp_path \(directory)/scgi;
                server {
                    listen 127.0.0.1:\(port);
                    \(secure ?? "")
                    \(locations.map { "location \($0.key) { \($0.value) }" }.joined(separator: "\n"))
                }
            }
            """
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try text.write(toFile: directory + "/nginx.conf", atomically: true, encoding: .utf8)
        shell = try WatchedShell(script: Self.script, arguments: [directory, "\(port)"])
    }

    /// Ends it.
    func stop() { shell.close() }

    private static let script = #"""
        PATH=$PATH:/usr/sbin
        nginx -e "$1/log" -c "$1/nginx.conf" >>"$1/log" 2>&1 </dev/null &
        child=$!
        until curl -s -o /dev/null "http://127.0.0.1:$2/"; do
            kill -0 "$child" 2>/dev/null || { cat "$1/log"; exit 1; }
            sleep 0.05
        done
        echo ready
        read -r nothing
        kill "$child"
        wait
        rm -rf "$1"
        """#
}
