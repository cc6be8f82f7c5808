import OperatingSystem
import SystemPackage

extension SHA256 {
    /// The digest of a file's bytes on disk, or of a directory: of the name and digest of each file below it, by name.
    ///
    /// - Throws: ``SourceError`` for a path that is missing, neither file nor directory, or unreadable.
    package static func digest(ofPath path: String) throws(SourceError) -> String {
        guard FileSystem.exists(path) else {
            throw SourceError(source: path, kind: .missing, message: "there is no such file or directory")
        }
        var sum = SHA256()
        if FileSystem.isDirectory(path) {
            for name in FileSystem.paths(below: path) {
                let file = "\(path)/\(name)"
                guard RegularFile.exists(at: file) else { continue }
                sum.update(Array("\(name)\n\(try digest(ofPath: file))\n".utf8))
            }
            return sum.finish()
        }
        guard RegularFile.exists(at: path) else {
            throw SourceError(
                source: path, kind: .unreadable, message: "is not a regular file, so it can be read only once")
        }
        let (descriptor, _) = try FileDescriptor.openSource(path, name: path)
        defer { descriptor.closeSource() }
        var part = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = try part.withUnsafeMutableBufferPointer { buffer throws(SourceError) in
                try descriptor.read(into: buffer, name: path)
            }
            guard count > 0 else { return sum.finish() }
            sum.update(part[..<count])
        }
    }
}
