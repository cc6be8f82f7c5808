/// Joins raw lines that were broken on the way, and reverses a log that is printed backwards.
struct LineRejoiner {
    /// A line as the kernel's logger wrote it, with the number of its first part.
    typealias Line = (bytes: [UInt8], number: Int)

    var form = LogForm.plain
    private var open: Line?
    /// The length of the open line's last part.
    private var lastLength = 0
    private var isSoftBreak = false
    private var backwards: [Line] = []
    private var backwardsBytes = 0
    private var itemlessLines = 0
    private var hasHeader = false

    /// How many lines of a log printed backwards are held at a time: a table of tasks may have tens of thousands. More
    /// would be an attack.
    private static let backwardsLimit = 80_000
    /// The number of held lines from which on no second report is held beside one whose first line has arrived.
    private static let backwardsEnough = 10_000
    private static let backwardsByteLimit = 64 << 20
    private static let lineLimit = 64 * 1024

    var isEmpty: Bool { open == nil && backwards.isEmpty }

    /// Whether each raw line is a whole one, as in an unmodified log.
    var takesLinesAsTheyAre: Bool { form == .plain && open == nil }

    /// Adds a raw line; returns the lines that are now complete.
    mutating func take(_ whole: ArraySlice<UInt8>, number: Int) -> [Line] {
        let raw = form.foreignPrefix?.removed(from: whole) ?? whole
        if form.isNewestFirst { return takeBackwards(raw, number: number) }
        if form.isQuotedPrintable { return takeQuotedPrintable(raw, number: number) }
        guard let wrap = form.wrap else { return [(Array(raw), number)] }
        let content = wrap.part(raw)
        if var line = open, lastLength == wrap.width, line.bytes.count < Self.lineLimit, !Self.begins(content) {
            line.bytes += content
            open = line
            lastLength = content.count
            return content.count == wrap.width ? [] : flush()
        }
        let before = flush()
        open = (Array(content), number)
        lastLength = content.count
        return content.count == wrap.width ? before : before + flush()
    }

    /// Returns the lines held, in the order of the kernel's time.
    mutating func flush() -> [Line] {
        defer {
            open = nil
            isSoftBreak = false
            backwards = []
            backwardsBytes = 0
            itemlessLines = 0
            hasHeader = false
        }
        return backwards.reversed() + (open.map { [$0] } ?? [])
    }

    /// Whether a line certainly does not continue another.
    private static func begins(_ content: ArraySlice<UInt8>) -> Bool {
        let messages = LogMessage.messages(in: content.prefix(400))
        return messages.first.map { $0.hasPrefix || LogItem($0.text) != nil } ?? true
    }

    // MARK: Quoted-printable

    private mutating func takeQuotedPrintable(_ raw: ArraySlice<UInt8>, number: Int) -> [Line] {
        let content = LogText(HardWrap.content(of: raw))
        let isBroken = content.bytes.last == UInt8(ascii: "=")
        let decoded = QuotedPrintable.decoded(isBroken ? content.bytes.dropLast() : content.bytes)
        if isSoftBreak, let line = open, line.bytes.count < Self.lineLimit {
            open = (line.bytes + decoded, line.number)
        } else {
            open = (decoded, number)
        }
        isSoftBreak = isBroken
        return isBroken ? [] : flush()
    }

    // MARK: Newest first

    /// Holds lines until one that begins a report has passed, and nothing of a report has come for a while.
    private mutating func takeBackwards(_ raw: ArraySlice<UInt8>, number: Int) -> [Line] {
        backwards.append((Array(raw.prefix(Self.lineLimit)), number))
        backwardsBytes += min(raw.count, Self.lineLimit)
        let messages = LogMessage.messages(in: raw)
        let items = messages.map { LogItem($0.text) }
        let isOfReport = items.contains { $0 != nil } || messages.contains { TaskRow.isLikely($0.text) }
        itemlessLines = isOfReport ? 0 : itemlessLines + 1
        let isHeader = items.contains { $0?.isHeader ?? false }
        if isHeader { hasHeader = true }
        let isEnough =
            itemlessLines > (hasHeader ? 60 : 400) || backwards.count >= Self.backwardsLimit
            || backwardsBytes >= Self.backwardsByteLimit
            || isHeader && backwards.count >= Self.backwardsEnough
        return isEnough ? flush() : []
    }
}
