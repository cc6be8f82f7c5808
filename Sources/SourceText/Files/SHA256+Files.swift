import Foundation

extension SHA256 {
    /// The digest of a file as it lies there, or of a directory: of each file below it, by name, its name and digest.
    ///
    /// - Throws: ``SourceError`` for what is not there, is no file or directory, or cannot be read.
    public static func digest(ofPath path: String) throws(SourceError) -> String {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw SourceError(source: path, kind: .missing, message: "there is no such file or directory")
        }
        var sum = SHA256()
        if isDirectory.boolValue {
            let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
            for name in names.sorted() {
                let file = "\(path)/\(name)"
                guard RegularFile.exists(at: file) else { continue }
                sum.update(Array("\(name)\n\(try digest(ofPath: file))\n".utf8))
            }
            return sum.finish()
        }
        guard let handle = RegularFile.open(path) else {
            throw SourceError(
                source: path, kind: .unreadable, message: "is no ordinary file that could be read more than once")
        }
        defer { try? handle.close() }
        do {
            while let part = try handle.read(upToCount: 1 << 20), !part.isEmpty { sum.update(part) }
        } catch { throw SourceError(source: path, kind: .unreadable, message: "cannot be read: \(error)") }
        return sum.finish()
    }
}
