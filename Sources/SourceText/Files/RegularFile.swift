import Foundation

/// What can be read more than once: no pipe, device or directory. Links are followed.
package enum RegularFile {
    package static func exists(at path: String) -> Bool {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: target)
        return attributes?[.type] as? FileAttributeType == .typeRegular
    }

    /// Nil for what is no regular file, or may not be read.
    package static func open(_ path: String) -> FileHandle? {
        exists(at: path) ? FileHandle(forReadingAtPath: path) : nil
    }
}
