import OperatingSystem
import SystemPackage

/// Files that can be read more than once: not pipes, devices or directories. Links are followed.
package enum RegularFile {
    /// Whether there is such a file.
    package static func exists(at path: String) -> Bool { FileSystem.isRegularFile(path) }

    /// The first bytes of a file; nil if it is not a regular file, or may not be read.
    package static func head(of path: String, bytes: Int) -> [UInt8]? {
        guard exists(at: path), let descriptor = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        else { return nil }
        defer { try? descriptor.close() }
        return [UInt8](unsafeUninitializedCapacity: bytes) { buffer, count in
            count = (try? descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
        }
    }
}
