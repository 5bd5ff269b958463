import Foundation

/// Reads a secret from standard input: without showing it when somebody types, as one line otherwise.
func readSecret(_ prompt: String) -> String {
    guard isatty(STDIN_FILENO) == 1 else { return readLine() ?? "" }
    FileHandle.standardError.write(Data(prompt.utf8))
    var before = termios()
    tcgetattr(STDIN_FILENO, &before)
    var silent = before
    silent.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
    defer {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
        FileHandle.standardError.write(Data("\n".utf8))
    }
    return readLine() ?? ""
}
