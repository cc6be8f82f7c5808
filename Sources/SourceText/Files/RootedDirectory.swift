import SystemPackage

/// A directory of unknown origin, such as a saved `/proc` or an unpacked archive, which is read without ever leaving
/// it.
///
/// Links that lead out of it are not followed, and only regular files are opened, so that a FIFO or device cannot make
/// the program wait, and nothing of this machine is shown as if it were part of the tree.
package struct RootedDirectory: Sendable {
    private let root: FilePath

    /// What is at a path.
    package enum Content: Equatable, Sendable {
        case found([UInt8])
        case missing
        /// The reason, to follow "cannot be read: ".
        case unreadable(reason: String)
    }

    /// Nil if there is no such directory.
    package init?(_ path: String) {
        guard let root = try? SystemCalls.resolve(FilePath(path)), (try? Stat(root))?.type == .directory else {
            return nil
        }
        self.root = root
    }

    /// Whether a path, with links resolved, is in this directory or does not exist.
    package func contains(_ path: String) -> Bool {
        guard let resolved = try? SystemCalls.resolve(FilePath(path)) else { return true }
        return resolved.starts(with: root)
    }

    /// Reads a whole file to its end, since files in procfs have no size.
    ///
    /// - Parameters:
    ///   - path: The path as it would be opened, beginning with the directory's own.
    ///   - limit: The most bytes that are read.
    package func read(_ path: String, limit: Int) -> Content {
        do {
            let resolved = try SystemCalls.resolve(FilePath(path))
            guard resolved.starts(with: root) else {
                return .unreadable(reason: "it is a link out of the directory, which is not followed")
            }
            let type = try Stat(resolved, followTargetSymlink: false).type
            guard type == .regular else {
                return .unreadable(reason: "it is \(Self.name(of: type)), not a regular file")
            }
            // Without waiting, in case it has become a FIFO meanwhile.
            let descriptor = try FileDescriptor.open(
                resolved, .readOnly, options: [.closeOnExec, .nonBlocking, .noFollow])
            defer { try? descriptor.close() }
            guard try Stat(descriptor).type == .regular else { return .unreadable(reason: "it is not a regular file") }
            return .found(try descriptor.readAll(name: path, limit: limit))
        } catch Errno.noSuchFileOrDirectory, Errno.notDirectory {
            return .missing
        } catch let error as SourceError {
            return .unreadable(
                reason: error.kind == .tooLarge ? "it is longer than \(limit >> 20) MiB" : error.message)
        } catch {
            return .unreadable(reason: "\(error)")
        }
    }

    private static func name(of type: FileType) -> String {
        switch type {
        case .directory: "a directory"
        case .fifo: "a FIFO"
        case .socket: "a socket"
        case .characterSpecial, .blockSpecial: "a device"
        default: "something else"
        }
    }
}
