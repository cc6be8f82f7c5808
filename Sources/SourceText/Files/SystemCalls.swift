import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The system calls that swift-system lacks, with its types.
enum SystemCalls {
    /// fsync(2): everything written is on disk when this returns.
    static func synchronize(_ descriptor: FileDescriptor) throws(Errno) {
        try check(fsync(descriptor.rawValue))
    }

    /// rename(2): replaces a file of that name in one step.
    static func rename(_ path: FilePath, to name: FilePath) throws(Errno) {
        #if canImport(Glibc)
            try check(Glibc.rename(path.string, name.string))
        #elseif canImport(Musl)
            try check(Musl.rename(path.string, name.string))
        #else
            try check(Darwin.rename(path.string, name.string))
        #endif
    }

    /// unlink(2).
    static func remove(_ path: FilePath) throws(Errno) { try check(unlink(path.string)) }

    /// realpath(3): the path without links, `.` and `..`.
    static func resolve(_ path: FilePath) throws(Errno) -> FilePath {
        guard let resolved = realpath(path.isEmpty ? "." : path.string, nil) else { throw current }
        defer { free(resolved) }
        return FilePath(platformString: resolved)
    }

    /// readlink(2): the target exactly as the link has it.
    static func target(ofLink path: FilePath) throws(Errno) -> FilePath {
        // PATH_MAX is 4096 on Linux, 1024 on Darwin; a longer target could not be opened.
        let target = [CChar](unsafeUninitializedCapacity: 4096) { buffer, count in
            count = buffer.baseAddress.map { max(readlink(path.string, $0, buffer.count), 0) } ?? 0
        }
        guard !target.isEmpty else { throw current }
        return FilePath(String(decoding: target.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    /// fchmod(2).
    static func setPermissions(_ permissions: FilePermissions, of descriptor: FileDescriptor) throws(Errno) {
        try check(fchmod(descriptor.rawValue, permissions.rawValue))
    }

    /// fchown(2).
    static func setOwner(_ status: Stat, of descriptor: FileDescriptor) throws(Errno) {
        try check(fchown(descriptor.rawValue, status.userID.rawValue, status.groupID.rawValue))
    }

    /// Throws if this user may not write to a path.
    static func checkWritable(_ path: FilePath) throws(Errno) { try check(access(path.string, W_OK)) }

    /// flock(2), without waiting: false if another process holds the lock.
    static func lock(_ descriptor: FileDescriptor) -> Bool { flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 }

    static var processID: Int32 { getpid() }

    /// Opens a file without a name in a directory. It vanishes with the process unless ``name(_:as:)`` gives it one;
    /// nil if the file system or the kernel cannot do that.
    static func openUnnamed(in directory: FilePath) -> FileDescriptor? {
        #if os(Linux)
            // O_TMPFILE of Linux's <asm-generic/fcntl.h>, a macro too complex to be imported.
            let unnamed: Int32 = 0o20_000_000 | O_DIRECTORY
            let descriptor = open(directory.isEmpty ? "." : directory.string, unnamed | O_WRONLY | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { return nil }
            // Without /proc the file could never get its name.
            guard access(ownDescriptor(descriptor), F_OK) == 0 else {
                close(descriptor)
                return nil
            }
            return FileDescriptor(rawValue: descriptor)
        #else
            return nil
        #endif
    }

    /// Gives an unnamed file a name, which must be free.
    static func name(_ descriptor: FileDescriptor, as path: FilePath) throws(Errno) {
        try check(
            linkat(AT_FDCWD, ownDescriptor(descriptor.rawValue), AT_FDCWD, path.string, AT_SYMLINK_FOLLOW))
    }

    /// Where Linux shows one of this process's descriptors as a file.
    private static func ownDescriptor(_ descriptor: Int32) -> String { "/proc/self/fd/\(descriptor)" }

    private static var current: Errno { Errno(rawValue: errno) }

    private static func check(_ result: Int32) throws(Errno) {
        guard result >= 0 else { throw current }
    }
}
