import SystemPackage

/// A file that is written completely or not at all.
///
/// A regular file grows without a name (`O_TMPFILE`) in its directory, and ``finish()`` gives it its name in one step,
/// once it is on disk. Until then an older file of that name is unchanged, and if the program ends before, even by
/// `kill -9`, nothing is left behind. On a file system without unnamed files it grows as `.NAME.numazones-part` in the
/// same directory, which the next writer takes over. A symbolic link is kept, and its target replaced. The new file has
/// the old one's permissions, and its owner if this user may set it.
///
/// A device, a FIFO and an open descriptor (`-`, `/dev/stdout`) are written to directly. Anything else is refused. A
/// name that ends in `.gz` is written as gzip.
///
/// ```swift
/// var file = try OutputFile.create("aged.json.gz")
/// try file.write(text)
/// try file.finish()
/// ```
package struct OutputFile: ~Copyable {
    /// The path as the user gave it, or "standard output".
    package let name: String
    /// Bytes written so far, before compression.
    package private(set) var bytes = 0

    private let descriptor: FileDescriptor
    private var placement: Placement
    private var deflater: DeflateStream?

    /// How the content gets to its place.
    private enum Placement {
        /// It is written there directly; `closes` if this file owns the descriptor.
        case direct(closes: Bool)
        case unnamed(FilePath)
        case named(FilePath, as: FilePath)
        case done
    }

    /// Opens a file for writing; a FIFO waits here for its reader.
    ///
    /// - Parameters:
    ///   - path: The file; `-` is standard output.
    /// - Throws: ``OutputError`` if nothing can be written there.
    package static func create(_ path: String) throws(OutputError) -> OutputFile {
        try create(path, usesUnnamed: true)
    }

    /// Like ``create(_:)``; with `usesUnnamed` false, as on a file system without unnamed files.
    static func create(_ path: String, usesUnnamed: Bool) throws(OutputError) -> OutputFile {
        do {
            switch try OutputPlace(path) {
            case .descriptor(let descriptor):
                let name = path == "-" ? "standard output" : path
                return OutputFile(name, descriptor, .direct(closes: false))
            case .stream(let stream):
                let descriptor = try FileDescriptor.open(stream, .writeOnly, options: .closeOnExec)
                return OutputFile(path, descriptor, .direct(closes: true))
            case .file(let place, let existing):
                if existing != nil { try SystemCalls.checkWritable(place) }
                let file = try open(path, place, usesUnnamed: usesUnnamed)
                if let existing { try file.take(existing) }
                return file
            }
        } catch let error as OutputError {
            throw error
        } catch {
            throw OutputError(target: path, error as? Errno ?? .ioError)
        }
    }

    /// Writes a whole text.
    package static func write(_ text: String, to path: String) throws(OutputError) {
        var file = try create(path)
        try file.write(text)
        try file.finish()
    }

    /// Whether there is a regular file that ``create(_:)`` would replace.
    ///
    /// - Throws: ``OutputError`` for a place whose content could not be read again: a device, a FIFO, a descriptor, or
    ///   a place that cannot be written to.
    package static func isPresent(_ path: String) throws(OutputError) -> Bool {
        guard case .file(_, let existing) = try OutputPlace(path) else {
            throw OutputError(target: path, message: "is not a regular file, so it could not be read again")
        }
        return existing != nil
    }

    /// Removes a file that ``create(_:)`` and ``finish()`` made; of a link its target; never a device or a FIFO.
    package static func remove(_ path: String) throws(OutputError) {
        guard case .file(let place, .some) = try OutputPlace(path) else { return }
        do { try SystemCalls.remove(place) } catch { throw OutputError(target: path, error) }
    }

    private init(_ name: String, _ descriptor: FileDescriptor, _ placement: Placement) {
        self.name = name
        self.descriptor = descriptor
        self.placement = placement
        deflater = nil
        switch placement {
        case .unnamed, .named: if name.hasSuffix(".gz") { deflater = DeflateStream() }
        case .direct, .done: break
        }
    }

    deinit {
        switch placement {
        case .direct(closes: false): return
        case .named(let temporary, as: _): try? SystemCalls.remove(temporary)
        case .direct, .unnamed, .done: break
        }
        try? descriptor.close()
    }

    /// Appends a text.
    package mutating func write(_ text: String) throws(OutputError) {
        try write(Array(text.utf8))
    }

    /// Appends bytes.
    package mutating func write(_ bytes: [UInt8]) throws(OutputError) {
        try bytes.withUnsafeBufferPointer { buffer throws(OutputError) in try write(UnsafeRawBufferPointer(buffer)) }
    }

    /// Appends bytes.
    package mutating func write(_ buffer: UnsafeRawBufferPointer) throws(OutputError) {
        bytes += buffer.count
        guard deflater != nil else { return try put(buffer) }
        var rest = buffer[...]
        while !rest.isEmpty {
            let piece = rest.prefix(1 << 20)
            rest = rest.dropFirst(piece.count)
            if let packed = deflater?.pack(UnsafeRawBufferPointer(rebasing: piece)) { try put(packed) }
        }
    }

    /// Makes sure that everything is on disk, and puts the file in its place.
    package mutating func finish() throws(OutputError) {
        if let rest = deflater?.pack(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true) { try put(rest) }
        do throws(Errno) {
            switch placement {
            case .direct, .done: return
            case .unnamed(let place):
                try SystemCalls.synchronize(descriptor)
                try giveName(place)
            case .named(let temporary, as: let place):
                try SystemCalls.synchronize(descriptor)
                try SystemCalls.rename(temporary, to: place)
            }
        } catch { throw OutputError(target: name, error) }
        placement = .done
    }

    private func put(_ bytes: [UInt8]) throws(OutputError) {
        try bytes.withUnsafeBufferPointer { buffer throws(OutputError) in try put(UnsafeRawBufferPointer(buffer)) }
    }

    private func put(_ buffer: UnsafeRawBufferPointer) throws(OutputError) {
        var done = 0
        do {
            while done < buffer.count {
                done += try descriptor.write(UnsafeRawBufferPointer(rebasing: buffer[done...]))
            }
        } catch { throw OutputError(target: name, error as? Errno ?? .ioError) }
    }
}

extension OutputFile {
    private static func open(_ name: String, _ place: FilePath, usesUnnamed: Bool) throws -> OutputFile {
        if usesUnnamed, let descriptor = SystemCalls.openUnnamed(in: place.removingLastComponent()) {
            return OutputFile(name, descriptor, .unnamed(place))
        }
        let temporary = temporaryPath(for: place)
        while true {
            let descriptor = try FileDescriptor.open(
                temporary, .writeOnly, options: [.create, .closeOnExec, .noFollow],
                permissions: [.ownerReadWrite, .groupReadWrite, .otherReadWrite])
            do {
                guard SystemCalls.lock(descriptor) else {
                    throw OutputError(target: name, message: "is being written by another program; wait for its end")
                }
                // Its last writer may have put it in its place between opening and locking.
                if try isStill(temporary, descriptor) {
                    try descriptor.resize(to: 0)
                    return OutputFile(name, descriptor, .named(temporary, as: place))
                }
                try descriptor.close()
            } catch {
                try? descriptor.close()
                throw error
            }
        }
    }

    private static func isStill(_ path: FilePath, _ descriptor: FileDescriptor) throws -> Bool {
        guard let named = try? Stat(path, followTargetSymlink: false) else { return false }
        let opened = try Stat(descriptor)
        return named.inode == opened.inode && named.deviceID == opened.deviceID
    }

    private static func temporaryPath(for place: FilePath) -> FilePath {
        place.removingLastComponent().appending(".\(place.lastComponent?.string ?? "").numazones-part")
    }

    /// Makes the new file's owner and permissions those of the one it replaces.
    private func take(_ existing: Stat) throws {
        let own = try Stat(descriptor)
        var permissions = existing.permissions
        if own.userID != existing.userID || own.groupID != existing.groupID {
            do throws(Errno) {
                try SystemCalls.setOwner(existing, of: descriptor)
            } catch {
                // No other user's program may become this user's set-user-ID program.
                permissions.remove([.setUserID, .setGroupID])
            }
        }
        try SystemCalls.setPermissions(permissions, of: descriptor)
    }

    /// An unnamed file can only get a name that is free, so an older file is replaced by way of a second name.
    private func giveName(_ place: FilePath) throws(Errno) {
        do throws(Errno) {
            return try SystemCalls.name(descriptor, as: place)
        } catch {
            guard error == .fileExists else { throw error }
        }
        let temporary = Self.temporaryPath(for: place)
        try? SystemCalls.remove(temporary)
        try SystemCalls.name(descriptor, as: temporary)
        do throws(Errno) {
            try SystemCalls.rename(temporary, to: place)
        } catch {
            try? SystemCalls.remove(temporary)
            throw error
        }
    }
}
