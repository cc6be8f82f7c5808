import SystemPackage

/// Reading by system calls, which works alike for files, pipes, devices and `/proc`, whose files have a size of 0.
extension FileDescriptor {
    /// Opens a source, `-` for standard input. The size is nil for anything but a regular file.
    static func openSource(_ path: String, name: String) throws(SourceError) -> (FileDescriptor, size: Int?) {
        let descriptor: FileDescriptor
        do {
            descriptor =
                path == "-" ? .standardInput : try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        } catch { throw SourceError(source: name, error) }
        do {
            let status = try Stat(descriptor)
            guard status.type != .directory else {
                throw SourceError(source: name, kind: .directory, message: "is a directory; name a file in it")
            }
            return (descriptor, status.type == .regular ? Int(status.size) : nil)
        } catch {
            descriptor.closeSource()
            throw error as? SourceError ?? SourceError(source: name, error)
        }
    }

    /// Closes what ``openSource(_:name:)`` opened; standard input stays open.
    func closeSource() {
        if self != .standardInput { try? close() }
    }

    /// Calls read(2), again if a signal interrupts it. 0 means the end.
    func read(
        into buffer: UnsafeMutableBufferPointer<UInt8>, name: String
    ) throws(SourceError) -> Int {
        do { return try read(into: UnsafeMutableRawBufferPointer(buffer)) } catch {
            throw SourceError(source: name, error)
        }
    }

    /// Reads to the end.
    ///
    /// - Parameters:
    ///   - name: What messages call the source.
    ///   - limit: The most bytes that are read.
    ///   - expected: The file's size; 0 if unknown.
    /// - Throws: ``SourceError`` if reading fails or there are more bytes.
    func readAll(name: String, limit: Int, expected: Int = 0) throws(SourceError) -> [UInt8] {
        var bytes: [UInt8] = []
        // One byte more than expected: the read that finds the end then needs no second buffer.
        var step = max(expected < limit ? expected + 1 : 0, 1 << 16)
        while true {
            var failure: (any Error)?
            let part = [UInt8](unsafeUninitializedCapacity: step) { buffer, count in
                do { count = try read(into: UnsafeMutableRawBufferPointer(buffer)) } catch { failure = error }
            }
            if let failure { throw SourceError(source: name, failure) }
            guard !part.isEmpty else { return bytes }
            guard bytes.count + part.count <= limit else {
                throw SourceError(
                    source: name, kind: .tooLarge, message: "is larger than \(limit) bytes, the most that is read")
            }
            if bytes.isEmpty { bytes = part } else { bytes += part }
            step = 1 << 16
        }
    }
}

extension SourceError {
    /// The meaning of a system call's error.
    init(source: String, _ error: any Error) {
        switch error as? Errno {
        case .noSuchFileOrDirectory, .notDirectory:
            self.init(source: source, kind: .missing, message: "there is no such file")
        case .permissionDenied, .notPermitted:
            self.init(source: source, kind: .unreadable, message: "may not be read by this user")
        default:
            self.init(source: source, kind: .unreadable, message: "\(error)")
        }
    }
}
