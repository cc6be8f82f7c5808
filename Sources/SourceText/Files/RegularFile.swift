import OperatingSystem
import SystemPackage

/// What can be read more than once: no pipe, device or directory. Links are followed.
package enum RegularFile {
    package static func exists(at path: String) -> Bool { FileSystem.isRegularFile(path) }

    /// The first bytes of a file; nil for what is not a regular file, or may not be read.
    package static func head(of path: String, bytes: Int) -> [UInt8]? {
        guard exists(at: path), let descriptor = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        else { return nil }
        defer { try? descriptor.close() }
        return [UInt8](unsafeUninitializedCapacity: bytes) { buffer, count in
            count = (try? descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
        }
    }
}
