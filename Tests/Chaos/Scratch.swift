import Glibc
import TestSupport

/// The disk of the house: a file system of its own if we are root, so that it can be full; gone with this process.
final class Scratch: Sendable {
    let directory: String
    let isMounted: Bool
    private let shell: WatchedShell

    init() async throws {
        directory = "/tmp/usher-chaos-\(getpid())"
        shell = try WatchedShell(script: Self.script, arguments: [directory])
        isMounted = try await shell.nextLine() == "mounted"
    }

    /// Leaves room for a few blocks; `false` where that cannot be done.
    func fill() async throws -> Bool {
        guard isMounted else { return false }
        return try await command("fill") == "full"
    }

    /// Makes room again.
    func drain() async throws {
        guard try await command("drain") == "empty" else { throw TestSupportError("the disk stays full") }
    }

    private func command(_ command: String) async throws -> String? {
        try shell.send(command)
        return try await shell.nextLine()
    }

    private static let script = #"""
        directory=$1
        mkdir "$directory" || exit 1
        if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=1g usher-chaos "$directory" 2>/dev/null; then
            echo mounted
        else
            echo plain
        fi
        while read -r command; do
            case $command in
                fill)
                    used=$(df --output=used -k "$directory" | tail -n 1)
                    mount -o "remount,size=$((used + 16))k" "$directory" && echo full || echo failed ;;
                drain)
                    mount -o remount,size=1g "$directory" && echo empty || echo failed ;;
            esac
        done
        umount -l "$directory" 2>/dev/null
        rm -rf "$directory"
        """#
}
