import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What is on disk, by path. Links are followed, but for directories on the way down.
package enum FileSystem {
    /// Whether anything is there.
    package static func exists(_ path: String) -> Bool { type(of: path) != nil }

    package static func isDirectory(_ path: String) -> Bool { type(of: path) == .directory }

    /// Whether it can be read more than once: no pipe, device or directory.
    package static func isRegularFile(_ path: String) -> Bool { type(of: path) == .regular }

    /// Whether this user may run it.
    package static func isProgram(_ path: String) -> Bool { isRegularFile(path) && access(path, X_OK) == 0 }

    private static func type(of path: String) -> FileType? { (try? Stat(FilePath(path)))?.type }

    /// The names in a directory, sorted, without `.` and `..`.
    ///
    /// - Throws: `Errno` for what is not there, is not a directory or may not be read.
    package static func names(in directory: String) throws(Errno) -> [String] {
        guard let stream = opendir(directory) else { throw Errno(rawValue: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            // Only as much of an entry is there as its name is long: it must not be copied whole.
            guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { break }
            let name = String(cString: UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self))
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Everything below a directory, as paths from it on, sorted. Links are named, not followed; what may not be read has
    /// nothing below it.
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

    /// Makes a directory, and those above it that are not there.
    ///
    /// - Throws: `Errno` if it is not there afterwards.
    package static func makeDirectory(_ path: String) throws(Errno) {
        if mkdir(path, 0o777) == 0 || isDirectory(path) { return }
        let failure = Errno(rawValue: errno)
        let parent = FilePath(path).removingLastComponent()
        guard failure == .noSuchFileOrDirectory, !parent.isEmpty, parent.string != path else { throw failure }
        try makeDirectory(parent.string)
        guard mkdir(path, 0o777) == 0 || isDirectory(path) else { throw Errno(rawValue: errno) }
    }
}
