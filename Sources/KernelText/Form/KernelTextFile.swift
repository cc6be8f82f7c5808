/// A text that the kernel prints in procfs or sysfs, as a value that can be read and written.
///
/// Readers accept carriage returns before line ends, lines that do not belong (they end up in ``notes``) and a last line
/// that is cut off. A line that has the right name and the wrong value is an error.
public protocol KernelTextFile: Hashable, Sendable {
    /// - Parameters:
    ///   - bytes: the text; bytes that are not UTF-8 are replaced.
    ///   - name: what to call the text in errors and notes.
    init(parsing bytes: [UInt8], name: String) throws(KernelTextError)

    /// What was odd about the text that was read, one sentence each; empty for a text in order.
    var notes: [String] { get }

    /// The kernel's own text, byte for byte.
    var text: String { get }
}

extension KernelTextFile {
    public init(parsing text: String, name: String) throws(KernelTextError) {
        try self.init(parsing: Array(text.utf8), name: name)
    }
}
