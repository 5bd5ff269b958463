import Glibc
import Hummingbird

/// The server that we would otherwise have taken, with one small page: `Serving` measures Usher beside it. Prints the port
/// once it listens.
@main
struct Main {
    static func main() async throws {
        let router = Router()
        router.get("/healthz") { _, _ in "ok\n" }
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                print(channel.localAddress?.port ?? 0)
                fflush(nil)
            })
        try await application.runService()
    }
}
