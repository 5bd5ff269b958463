/// The configuration of an aria2 of our own.
public enum Aria2Configuration {
    /// The text of its file, which holds the secret: mode 0600.
    ///
    /// It has no session file: aria2 is a cache, and reading one back is how a hostile magnet becomes another download.
    /// It listens for orders on loopback only, keeps from every file that is there, and gives up waiting early where
    /// its defaults wait for minutes.
    ///
    /// - Parameters:
    ///   - secret: what each order carries; random, new for each start.
    ///   - rpcPort: where orders are taken, on loopback.
    ///   - listenPort: where peers connect, TCP and UDP.
    ///   - directory: for downloads that name none, which Usher never adds; absolute.
    public static func text(secret: String, rpcPort: Int, listenPort: Int, directory: String) -> String {
        """
        enable-rpc=true
        rpc-listen-all=false
        rpc-listen-port=\(rpcPort)
        rpc-secret=\(secret)
        rpc-allow-origin-all=false
        rpc-max-request-size=16M
        rpc-save-upload-metadata=false
        force-save=false
        dir=\(directory)
        file-allocation=none
        allow-overwrite=false
        auto-file-renaming=false
        follow-torrent=false
        follow-metalink=false
        bt-save-metadata=true
        bt-load-saved-metadata=true
        seed-time=0
        bt-tracker-connect-timeout=10
        bt-tracker-timeout=15
        bt-stop-timeout=21600
        max-concurrent-downloads=5
        bt-detach-seed-only=true
        max-download-result=1000
        auto-save-interval=15
        bt-max-peers=55
        max-overall-upload-limit=1M
        enable-dht=true
        enable-dht6=false
        bt-enable-lpd=false
        disable-ipv6=true
        listen-port=\(listenPort)
        dht-listen-port=\(listenPort)
        no-netrc=true
        quiet=true
        log-level=warn

        """
    }
}
