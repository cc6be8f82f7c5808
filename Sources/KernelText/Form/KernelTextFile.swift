/// A text that the kernel prints in procfs or sysfs, as a value that can be read and written.
///
/// Readers accept carriage returns before line ends, lines that do not belong to the text (each becomes one of
/// ``notes``) and a last line that is cut off. A line with the right name and an invalid value is an error.
public protocol KernelTextFile: Hashable, Sendable {
    /// Reads a text.
    ///
    /// - Parameters:
    ///   - bytes: The text; bytes that are not UTF-8 are replaced.
    ///   - name: What errors and notes call the text.
    /// - Throws: ``KernelTextError`` for a text that cannot be read.
    init(parsing bytes: [UInt8], name: String) throws(KernelTextError)

    /// What was odd about the text, one sentence each; empty if nothing was.
    var notes: [String] { get }

    /// The kernel's text, byte for byte.
    var text: String { get }
}

extension KernelTextFile {
    public init(parsing text: String, name: String) throws(KernelTextError) {
        try self.init(parsing: Array(text.utf8), name: name)
    }
}
