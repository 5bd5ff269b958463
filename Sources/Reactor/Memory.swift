import CLinux

/// Gives back to the system what was freed.
///
/// glibc by itself gives back only what lies at the end of its heap, and there is always something in use there: a process
/// that had ten thousand visitors for a minute would keep their memory for good. Takes milliseconds for each hundred
/// mebibytes, and stops whoever asks for memory meanwhile.
public func giveMemoryBack() {
    clinux_trim_memory()
}
