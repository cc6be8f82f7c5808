/// The column formats of the kernel's `seq_printf`.
enum KernelFormat {
    /// `%8s`, `%6lu`: right-aligned in a column; longer texts are not cut.
    static func right(_ value: some CustomStringConvertible, _ width: Int) -> String {
        let text = value.description
        return String(repeating: " ", count: max(0, width - text.utf8.count)) + text
    }

    /// `%-12s`: left-aligned in a column.
    static func left(_ value: some CustomStringConvertible, _ width: Int) -> String {
        let text = value.description
        return text + String(repeating: " ", count: max(0, width - text.utf8.count))
    }
}
