/// Finds out whether a log's lines stand with the newest first, by what is printed after what, and by the kernel's clock.
struct LineOrder {
    /// Nil: nothing has told yet.
    private var answer: Bool?
    private var position = 0
    private var firstZone: Int?
    private var firstBlocks: Int?
    private var kill: [LogItem] = []
    /// Rows of tasks since the line that says who was killed; nil: no such line yet, or something between.
    private var rows: Int?
    /// Of the line before, in units of its last digit.
    private var clock: Int?
    private var falls = 0
    private var rises = 0

    /// Fewer lines may have been mixed on their way.
    private static let enough = (rows: 3, falls: 8)

    /// - Parameter lines: Those around a report's first key words.
    static func isNewestFirst(_ lines: [ArraySlice<UInt8>]) -> Bool {
        var order = LineOrder()
        for line in lines {
            for message in LogMessage.messages(in: line) { order.take(message) }
            if let answer = order.answer { return answer }
        }
        return order.runsBackwards
    }

    private mutating func take(_ message: LogMessage) {
        defer { position += 1 }
        readClock(message)
        // Who was killed is printed after the table: one that follows directly, its end first, is of the same kill.
        if let count = rows, TaskRow.isLikely(message.text) {
            rows = count + 1
            if count + 1 >= Self.enough.rows { answer = true }
        }
        guard answer == nil, let item = LogItem(message.text) else { return }
        if ![.killed, .killAnnounced, .oomSummary].contains(item) { rows = nil }
        switch item {
        case .zone: firstZone = firstZone ?? position
        case .freeBlocks, .pageTotal, .hugePages: firstBlocks = firstBlocks ?? position
        case .killed, .killAnnounced: rows = rows ?? 0
        case .oomSummary:
            kill.append(item)
            rows = rows ?? 0
        case .taskHeader, .cgroupUsage: kill.append(item)
        // A kernel prints `Mem-Info:`, then marks, then free blocks and totals.
        case .memoryInfo:
            answer = firstZone.map { zone in firstBlocks.map { $0 < zone } ?? false } ?? runsBackwards
        case .oomInvoked:
            if firstZone == nil, firstBlocks == nil { answer = isGroupKillTurned || runsBackwards }
        default: break
        }
    }

    /// Of a memory cgroup's kill a kernel prints the request, the group's usage, the table of tasks, and whom it killed:
    /// three parts of the end came before the head.
    private var isGroupKillTurned: Bool {
        guard let summary = kill.firstIndex(of: .oomSummary), let tasks = kill.firstIndex(of: .taskHeader),
            let usage = kill.firstIndex(of: .cgroupUsage)
        else { return false }
        return summary < tasks && tasks < usage
    }

    // MARK: The clock

    /// CPUs' lines may be mixed by a few microseconds, and a boot sets the clock back once.
    private var runsBackwards: Bool { falls >= Self.enough.falls && falls > 8 * rises }

    private mutating func readClock(_ message: LogMessage) {
        guard let now = message.timestamp.flatMap(Self.microseconds) else { return }
        if let clock, now < clock { falls += 1 }
        if let clock, now > clock { rises += 1 }
        clock = now
    }

    /// `7.825166`; nil: another form of time.
    private static func microseconds(_ stamp: String) -> Int? {
        let text = LogText(Array(stamp.utf8)).trimmed
        guard let (seconds, rest) = text.leadingInteger, (0..<1 << 40).contains(seconds), rest.starts(with: "."),
            rest.bytes.count == 7, let fraction = rest.dropping(1).integer
        else { return nil }
        return seconds * 1_000_000 + fraction
    }
}
