import SystemPackage

/// What is at the place where a user wants something written, determined without touching it.
enum OutputPlace: Equatable {
    /// `-`, or a name for one of this process's own descriptors, such as `/dev/stdout`.
    case descriptor(FileDescriptor)
    /// A device, a FIFO, or another process's descriptor: something that is written to but never replaced.
    case stream(FilePath)
    /// A regular file, with links resolved, or the name of a file that does not exist yet.
    case file(FilePath, existing: Stat?)

    /// - Throws: ``OutputError`` for a place that cannot be written to as a file: a directory, a socket, a circle of
    ///   links, a directory that may not be searched.
    init(_ text: String) throws(OutputError) {
        guard text != "-" else {
            self = .descriptor(.standardOutput)
            return
        }
        guard !text.isEmpty, !text.hasSuffix("/") else {
            throw OutputError(target: text.isEmpty ? "\"\"" : text, message: "name a file, not a directory")
        }
        do {
            self = try Self.find(FilePath(text), target: text)
        } catch let error as OutputError {
            throw error
        } catch {
            throw OutputError(target: text, error as? Errno ?? .ioError)
        }
    }

    /// Linux, too, gives up after 40 links (`MAXSYMLINKS`).
    private static let mostLinks = 40

    private static func find(_ path: FilePath, target: String) throws -> OutputPlace {
        var path = path
        for _ in 0..<mostLinks {
            guard let status = try status(of: path) else { return .file(path, existing: nil) }
            guard status.type == .symbolicLink else { return try place(path, status, target: target) }
            if let place = descriptorPlace(path) { return place }
            path = path.removingLastComponent().pushing(try SystemCalls.target(ofLink: path))
        }
        throw Errno.tooManySymbolicLinkLevels
    }

    /// The status of a path without following links; nil if nothing is there.
    private static func status(of path: FilePath) throws(Errno) -> Stat? {
        do { return try Stat(path, followTargetSymlink: false) } catch {
            guard error == .noSuchFileOrDirectory else { throw error }
            return nil
        }
    }

    private static func place(_ path: FilePath, _ status: Stat, target: String) throws(OutputError) -> OutputPlace {
        switch status.type {
        case .regular: .file(path, existing: status)
        case .characterSpecial, .blockSpecial, .fifo: .stream(path)
        case .directory: throw OutputError(target: target, message: "is a directory; name a file in it")
        case .socket: throw OutputError(target: target, message: "is a socket, which cannot be written to as a file")
        default: throw OutputError(target: target, message: "is not a file, device or FIFO, so it cannot be written to")
        }
    }

    /// A link in `/proc/PID/fd` stands for an open file, not for the name that it shows: opening that name would give
    /// another open file, at its beginning.
    private static func descriptorPlace(_ path: FilePath) -> OutputPlace? {
        guard let directory = try? SystemCalls.resolve(path.removingLastComponent()),
            let number = path.lastComponent.flatMap({ Int32($0.string) })
        else { return nil }
        let parts = directory.components.map(\.string)
        guard parts.count >= 3, parts[0] == "proc", parts[parts.count - 1] == "fd" else { return nil }
        return parts[1] == String(SystemCalls.processID)
            ? .descriptor(FileDescriptor(rawValue: number)) : .stream(path)
    }
}
