/// A row of a kill's table of tasks, recognised by its form: `[  496]     0   496     2757      172 ...  sshd`.
enum TaskRow {
    /// Whether the text is a number in brackets followed by at least four numbers (`dump_tasks`, mm/oom_kill.c: user,
    /// thread group, size and resident pages in all kernels).
    static func isLikely(_ text: LogText) -> Bool {
        guard let rest = afterNumber(text) else { return false }
        var words = LogText.Words(rest)
        for _ in 0..<4 where words.next()?.integer == nil { return false }
        return words.next() != nil
    }

    /// What follows the number in brackets; nil: the text does not begin with one.
    static func afterNumber(_ text: LogText) -> LogText? {
        guard text.starts(with: "["), let close = text.bytes.prefix(16).firstIndex(of: UInt8(ascii: "]")) else {
            return nil
        }
        let number = LogText(text.bytes[(text.bytes.startIndex + 1)..<close]).trimmed
        return number.integer == nil ? nil : LogText(text.bytes[(close + 1)...])
    }
}
