import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Access to files by path. Links are followed, except to directories in ``paths(below:)``.
package enum FileSystem {
    /// Whether something exists at the path.
    package static func exists(_ path: String) -> Bool { type(of: path) != nil }

    /// Whether the path leads to a directory.
    package static func isDirectory(_ path: String) -> Bool { type(of: path) == .directory }

    /// Whether it can be read more than once: it is not a pipe, device or directory.
    package static func isRegularFile(_ path: String) -> Bool { type(of: path) == .regular }

    /// Whether it is a file that this user may execute.
    package static func isProgram(_ path: String) -> Bool { isRegularFile(path) && access(path, X_OK) == 0 }

    private static func type(of path: String) -> FileType? { (try? Stat(FilePath(path)))?.type }

    /// The names in a directory, sorted, without `.` and `..`.
    ///
    /// - Parameters:
    ///   - directory: Its path.
    /// - Throws: `Errno` if it does not exist, is not a directory or must not be read.
    package static func names(in directory: String) throws(Errno) -> [String] {
        guard let stream = opendir(directory) else { throw Errno(rawValue: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            // An entry is only as long as its name requires: it must not be copied as a whole.
            guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { break }
            let name = String(cString: UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self))
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Everything below a directory, as sorted paths relative to it. Links are listed but not followed; a directory
    /// that must not be read counts as empty.
    ///
    /// - Parameters:
    ///   - directory: Its path.
    package static func paths(below directory: String) -> [String] {
        var found: [String] = []
        var waiting = [""]
        while let prefix = waiting.popLast() {
            for name in (try? names(in: "\(directory)/\(prefix)")) ?? [] {
                let path = prefix + name
                found.append(path)
                let status = try? Stat(FilePath("\(directory)/\(path)"), followTargetSymlink: false)
                if status?.type == .directory { waiting.append(path + "/") }
            }
        }
        return found.sorted()
    }

    /// Creates a directory and those above it that do not exist.
    ///
    /// - Parameters:
    ///   - path: Its path.
    /// - Throws: `Errno` if it does not exist afterwards.
    package static func makeDirectory(_ path: String) throws(Errno) {
        if mkdir(path, 0o777) == 0 || isDirectory(path) { return }
        let failure = Errno(rawValue: errno)
        let parent = FilePath(path).removingLastComponent()
        guard failure == .noSuchFileOrDirectory, !parent.isEmpty, parent.string != path else { throw failure }
        try makeDirectory(parent.string)
        guard mkdir(path, 0o777) == 0 || isDirectory(path) else { throw Errno(rawValue: errno) }
    }
}
