#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reading by system calls: it works alike for files, pipes, devices and `/proc`, whose files say that they are empty.
enum FileDescriptor {
    static func read(_ path: String, name: String, limit: Int) throws(SourceError) -> [UInt8] {
        let (descriptor, size) = try openForReading(path, name: name)
        defer { if descriptor != STDIN_FILENO { _ = close(descriptor) } }

        // One byte more than the file says it has: the read that finds the end then needs no second buffer.
        let expected = size.map { $0 > 0 && $0 < limit ? $0 + 1 : 0 } ?? 0
        return try readAll(descriptor, name: name, limit: limit, expected: expected)
    }

    /// Opens a path, `-` for standard input. The size is nil where the source is not an ordinary file.
    static func openForReading(_ path: String, name: String) throws(SourceError) -> (descriptor: Int32, size: Int?) {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(name: name, code: errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            if descriptor != STDIN_FILENO { _ = close(descriptor) }
            throw failure(name: name, code: code)
        }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            if descriptor != STDIN_FILENO { _ = close(descriptor) }
            throw SourceError(source: name, kind: .directory, message: "is a directory; name a file in it")
        }
        return (descriptor, status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil)
    }

    /// One call of `read()`, begun anew where a signal broke it off. 0 is the end.
    static func read(
        _ descriptor: Int32, into buffer: UnsafeMutableBufferPointer<UInt8>, name: String
    ) throws(SourceError) -> Int {
        guard let base = buffer.baseAddress else { return 0 }
        while true {
            let count = systemRead(descriptor, base, buffer.count)
            if count >= 0 { return count }
            guard errno == EINTR else { throw failure(name: name, code: errno) }
        }
    }

    private static func readAll(
        _ descriptor: Int32, name: String, limit: Int, expected: Int
    ) throws(SourceError) -> [UInt8] {
        var bytes: [UInt8] = []
        var step = max(expected, 1 << 16)
        while true {
            var failed: Int32 = 0
            var count = 0
            let room = step
            let part = [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
                repeat {
                    count = systemRead(descriptor, buffer.baseAddress, room)
                } while count < 0 && errno == EINTR
                if count < 0 { failed = errno }
                initialized = max(count, 0)
            }
            guard failed == 0 else { throw failure(name: name, code: failed) }
            guard count > 0 else { return bytes }
            guard bytes.count + count <= limit else {
                throw SourceError(
                    source: name, kind: .tooLarge, message: "is larger than \(limit) bytes, the most that is read")
            }
            if bytes.isEmpty { bytes = part } else { bytes += part }
            step = 1 << 16
        }
    }

    private static func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutablePointer<UInt8>?, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, buffer, count)
        #elseif canImport(Musl)
            Musl.read(descriptor, buffer, count)
        #else
            Darwin.read(descriptor, buffer, count)
        #endif
    }

    private static func failure(name: String, code: Int32) -> SourceError {
        switch code {
        case ENOENT, ENOTDIR:
            SourceError(source: name, kind: .missing, message: "there is no such file")
        case EACCES, EPERM:
            SourceError(source: name, kind: .unreadable, message: "may not be read by this user")
        default:
            SourceError(source: name, kind: .unreadable, message: String(cString: strerror(code)))
        }
    }
}
