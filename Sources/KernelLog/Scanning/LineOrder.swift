/// Determines whether a log has its newest line first, by the order of a report's parts and by the kernel's clock.
struct LineOrder {
    /// The answer; nil: not determined yet.
    private var answer: Bool?
    private var position = 0
    private var firstZone: Int?
    private var firstBlocks: Int?
    private var kill: [LogItem] = []
    /// Rows of tasks since the line that names the killed process; nil: there was no such line, or something followed
    /// it.
    private var rows: Int?
    /// The time of the line before, in units of its last digit.
    private var clock: Int?
    private var falls = 0
    private var rises = 0

    /// Fewer lines may have been mixed up in transit.
    private static let enough = (rows: 3, falls: 8)

    /// Determines the order.
    ///
    /// - Parameters:
    ///   - lines: The lines around a report's first key words.
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
        // The killed process is printed after the table: a table that directly follows, its end first, belongs to the
        // same kill.
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

    /// Whether three parts of the end of a memory cgroup's kill came before its head. A kernel prints the request, the
    /// group's usage, the table of tasks, and the killed process, in this order.
    private var isGroupKillTurned: Bool {
        guard let summary = kill.firstIndex(of: .oomSummary), let tasks = kill.firstIndex(of: .taskHeader),
            let usage = kill.firstIndex(of: .cgroupUsage)
        else { return false }
        return summary < tasks && tasks < usage
    }

    // MARK: The clock

    /// Whether the clock runs backwards: lines of different CPUs may be swapped by a few microseconds, and a boot sets
    /// the clock back once.
    private var runsBackwards: Bool { falls >= Self.enough.falls && falls > 8 * rises }

    private mutating func readClock(_ message: LogMessage) {
        guard let now = message.timestamp.flatMap(Self.microseconds) else { return }
        if let clock, now < clock { falls += 1 }
        if let clock, now > clock { rises += 1 }
        clock = now
    }

    /// The microseconds of a time such as `7.825166`; nil: the time has another form.
    private static func microseconds(_ stamp: String) -> Int? {
        let text = LogText(Array(stamp.utf8)).trimmed
        guard let (seconds, rest) = text.leadingInteger, (0..<1 << 40).contains(seconds), rest.starts(with: "."),
            rest.bytes.count == 7, let fraction = rest.dropping(1).integer
        else { return nil }
        return seconds * 1_000_000 + fraction
    }
}
