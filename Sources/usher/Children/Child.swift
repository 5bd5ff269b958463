import Backup
import CLinux
import Foundation
import Logging
import Reactor

/// A program that Usher runs and looks after: started again when it ends, and ended when Usher does.
///
/// It has a process group of its own, so that Ctrl-C reaches only Usher, which then stops its children in order. If
/// Usher is killed, the kernel sends them their signal to stop.
final class Child: Sendable {
    struct Program: Sendable {
        var name: String
        var path: String
        var arguments: [String]
        /// Whom to run as, when Usher itself is root.
        var user: UserAccount?
        var workingDirectory: String
        /// Asks it to stop, now and cleanly.
        var stopSignal: StopSignal
        var log: String
    }

    enum StopSignal: String, Sendable {
        case interrupt = "INT"
        case terminate = "TERM"

        var number: CInt { self == .interrupt ? SIGINT : SIGTERM }
    }

    private let program: Program
    private let logger: Logger
    private let state = Locked(State())

    private struct State {
        var pid: pid_t?
        var isStopping = false
    }

    init(_ program: Program, logger: Logger) {
        self.program = program
        self.logger = logger
    }

    /// Runs the program again and again until ``stop(within:)``.
    func supervise() async {
        var pause = Duration.milliseconds(200)
        while !state.withLock({ $0.isStopping }) {
            let started = ContinuousClock.now
            do {
                let status = try await runOnce()
                if state.withLock({ $0.isStopping }) { return }
                logger.warning("\(program.name) ended and is started again", metadata: ["status": "\(status)"])
            } catch {
                logger.error("\(program.name) could not be started", metadata: ["reason": "\(error)"])
            }
            if started.duration(to: .now) > .seconds(30) { pause = .milliseconds(200) }
            let next = ContinuousClock.now + pause
            while ContinuousClock.now < next, !state.withLock({ $0.isStopping }) {
                do { try await Task.sleep(for: .milliseconds(50)) } catch { return }
            }
            pause = min(pause * 2, .seconds(10))
        }
    }

    /// Ends the program and waits for it; past `limit` it is killed.
    func stop(within limit: Duration) async {
        let pid = state.withLock { state in
            state.isStopping = true
            return state.pid
        }
        guard let pid else { return }
        kill(pid, program.stopSignal.number)
        let deadline = ContinuousClock.now + limit
        while state.withLock({ $0.pid }) != nil {
            if ContinuousClock.now > deadline { kill(pid, SIGKILL) }
            do { try await Task.sleep(for: .milliseconds(20)) } catch { return }
        }
    }

    /// Starts the program and waits until it ends, both on a thread of its own: the kernel ends the program with the
    /// *thread* that started it (prctl(2), PR_SET_PDEATHSIG), and the threads of the pool come and go.
    private func runOnce() async throws -> CInt {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try self.wait(for: self.start()) })
            }
        }
    }

    private func start() throws -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var everySignal = sigset_t()
        sigfillset(&everySignal)
        var noSignal = sigset_t()
        sigemptyset(&noSignal)
        posix_spawnattr_setsigdefault(&attributes, &everySignal)
        posix_spawnattr_setsigmask(&attributes, &noSignal)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&files, 1, program.log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&files, 1, 2)
        clinux_spawn_close_from(&files, 3)
        clinux_spawn_in_folder(&files, program.workingDirectory)

        // setpriv gives the child its account, and has the kernel tell it when Usher is gone.
        var words = ["setpriv", "--pdeathsig", program.stopSignal.rawValue]
        if let user = program.user {
            words += ["--reuid", "\(user.uid)", "--regid", "\(user.gid)", "--clear-groups"]
        }
        words += ["--", program.path] + program.arguments
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        let settings = ["PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=\(program.workingDirectory)"]
        var environment: [UnsafeMutablePointer<CChar>?] = settings.map { strdup($0) } + [nil]
        defer { for setting in environment { free(setting) } }

        var pid = pid_t()
        let failure = posix_spawnp(&pid, "setpriv", &files, &attributes, &arguments, &environment)
        guard failure == 0 else { throw UsherError("\(program.path): \(String(cString: strerror(failure)))") }
        let isStopping = state.withLock { state in
            state.pid = pid
            return state.isStopping
        }
        // Asked to stop while it was being started: nobody else knows of it yet.
        if isStopping { kill(pid, program.stopSignal.number) }
        return pid
    }

    private func wait(for pid: pid_t) -> CInt {
        var status: CInt = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        state.withLock { $0.pid = nil }
        return status
    }
}
