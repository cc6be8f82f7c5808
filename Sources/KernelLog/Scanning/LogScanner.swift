/// Finds and reads the reports of a log of any length, in constant memory.
///
/// Pass it the log's bytes with `scan`, in pieces of any size, then call ``finish()``. Between reports it only searches
/// for phrases that reports contain, skipping most bytes; lines are read as text only near one of them. The log may
/// come from `dmesg`, journalctl (short or JSON), syslog, netconsole, a serial line or a mail; what these add is
/// recognised line by line, so forms may be mixed.
///
/// It never fails: a damaged report has what could be read, see ``FailureReport/missing``. ``LogLimits`` bounds its
/// memory.
public struct LogScanner: Sendable {
    /// Words that every kind of report has and that no mail program can fold; the last one names the kernel.
    static let triggers = TriggerSearch([
        "Mem-Info:", "Mem-info:", "oom-killer:", "allocation failure", "failure: order:", "failure. order:",
        "vmalloc error:", "vmap allocation", "SLUB: Unable", "SLAB: Unable", "mm/page_alloc.c:", "ut of memory: Kill",
        "Show Memory", "lowmem_reserve[]:", "oom-kill:constraint", "page allocation stall", "Allocation of length",
        "cma_alloc: ", "HugeTLB: allocating", "oom_kill_allocating_task", "ut of memory and no killable",
        "deadlocked on memory", "kB, failcnt ", "Linux version",
    ])
    private static let kernelTrigger = 23

    /// How many bytes before a trigger are read as well: a header may have been folded, or written as a JSON array of
    /// bytes.
    private static let lookback = 16 * 1024
    /// How many bytes after a trigger determine the log's form.
    private static let lookahead = 16 * 1024
    private static let slice = 1024 * 1024

    private let limits: LogLimits
    private var assembler: ReportAssembler
    private var rejoiner = LineRejoiner()
    private var buffer: [UInt8] = []
    /// How many line breaks come before the buffer.
    private var linesBefore = 0
    /// The buffer's first `countedTo` bytes have `linesCounted` line breaks.
    private var countedTo = 0
    private var linesCounted = 0
    /// Up to here, everything has been read as lines or is known to have no trigger.
    private var position = 0
    /// Lines are read from ``position`` at least up to here; nil while searching for a trigger.
    private var readUntil: Int?
    /// Up to here lines have been read, and are not read again.
    private var readTo = 0
    /// Whether the buffer begins within a line.
    private var startsWithinLine = false
    private var isSkippingLine = false

    /// How many bytes of the log are held at the moment.
    var bufferedBytes: Int { buffer.count }

    public init(limits: LogLimits = LogLimits()) {
        self.limits = limits
        assembler = ReportAssembler(limits: limits)
    }

    /// All reports of a log in memory, in order of time.
    public static func reports(in log: some Sequence<UInt8>, limits: LogLimits = LogLimits()) -> [FailureReport] {
        let bytes = Array(log)
        var scanner = LogScanner(limits: limits)
        var reports = bytes.withUnsafeBytes { scanner.scan($0) }
        reports += scanner.finish()
        return FailureReport.inOrderOfTime(reports)
    }

    /// All reports of a log in memory, in order of time.
    public static func reports(in log: String, limits: LogLimits = LogLimits()) -> [FailureReport] {
        reports(in: log.utf8, limits: limits)
    }

    /// Reads the next bytes of the log.
    ///
    /// - Returns: The reports known to be complete, which is usually some lines after their end.
    public mutating func scan(_ bytes: UnsafeRawBufferPointer) -> [FailureReport] {
        var reports: [FailureReport] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Self.slice)
            buffer.append(contentsOf: bytes[start..<end])
            advance(isEnd: false)
            reports += assembler.takeFinished()
            start = end
        }
        return reports
    }

    /// Reads the next bytes of the log.
    public mutating func scan(_ bytes: [UInt8]) -> [FailureReport] {
        bytes.withUnsafeBytes { scan($0) }
    }

    /// Ends the log, and returns the reports still open. The scanner can then begin with another log.
    public mutating func finish() -> [FailureReport] {
        advance(isEnd: true)
        for line in rejoiner.flush() { assembler.consume(line.bytes[...], line: line.number) }
        assembler.finish()
        let reports = assembler.takeFinished()
        self = LogScanner(limits: limits)
        return reports
    }

    private mutating func advance(isEnd: Bool) {
        while position < buffer.count {
            if readUntil != nil {
                guard readLine(isEnd: isEnd) else { break }
            } else {
                guard findTrigger(isEnd: isEnd) else { break }
            }
        }
        discard()
    }

    // MARK: Searching

    /// Searches on from ``position``; false if more bytes are needed.
    private mutating func findTrigger(isEnd: Bool) -> Bool {
        guard let hit = buffer.withUnsafeBytes({ Self.triggers.first(in: $0, from: position) }) else {
            position = max(position, buffer.count - Self.triggers.longest + 1)
            return false
        }
        let lineEnd = buffer[hit.offset...].firstIndex(of: 0x0A)
        if hit.pattern != Self.kernelTrigger, !isEnd, buffer.count - hit.offset < Self.lookahead {
            position = hit.offset
            return false
        }
        if hit.pattern == Self.kernelTrigger {
            let end = lineEnd ?? buffer.count
            if lineEnd == nil, !isEnd, end - hit.offset < 256 {
                position = hit.offset
                return false
            }
            if let release = ReportAssembler.release(LogText(buffer[hit.offset..<end])) {
                assembler.kernelRelease = release
            }
            position = hit.offset + 1
            return true
        }
        position = startOfReading(hit.offset)
        readUntil = hit.offset + 1
        rejoiner.form = LogForm(window: buffer[window(around: hit.offset)])
        return true
    }

    /// The lines from shortly before a trigger to as far after it as the lookahead goes.
    private func window(around trigger: Int) -> Range<Int> {
        let first = max(readTo, trigger - Self.lookahead / 8)
        let end = min(buffer.count, trigger + Self.lookahead)
        let start = buffer[first..<trigger].firstIndex(of: 0x0A).map { $0 + 1 } ?? first
        return start..<end
    }

    /// The beginning of a line some way before a trigger, after what has already been read.
    private func startOfReading(_ trigger: Int) -> Int {
        let earliest = max(readTo, trigger - Self.lookback)
        guard earliest > readTo || earliest == 0 && startsWithinLine else { return earliest }
        let next = buffer[earliest..<trigger].firstIndex(of: 0x0A)
        return next.map { $0 + 1 } ?? earliest
    }

    // MARK: Reading

    /// Reads the line at ``position``; false if its end has not arrived.
    private mutating func readLine(isEnd: Bool) -> Bool {
        let limit = min(buffer.count, position + limits.lineBytes)
        let lineBreak = buffer[position..<limit].firstIndex(of: 0x0A)
        if lineBreak == nil, limit == buffer.count, !isEnd, buffer.count - position < limits.lineBytes { return false }
        let end = lineBreak ?? limit
        if !isSkippingLine {
            let number = lineNumber(at: position)
            if rejoiner.takesLinesAsTheyAre {
                // A copy: a slice kept from the line would prevent the buffer from being changed in place.
                assembler.consume(Array(buffer[position..<end])[...], line: number)
            } else {
                for line in rejoiner.take(buffer[position..<end], number: number) {
                    assembler.consume(line.bytes[...], line: line.number)
                }
            }
        }
        isSkippingLine = lineBreak == nil
        position = lineBreak.map { $0 + 1 } ?? limit
        readTo = position
        if let until = readUntil, position >= until, assembler.isIdle, rejoiner.isEmpty, !isSkippingLine {
            readUntil = nil
        }
        return true
    }

    private mutating func lineNumber(at offset: Int) -> Int {
        linesCounted += countLines(countedTo..<max(countedTo, offset))
        countedTo = max(countedTo, offset)
        return linesBefore + linesCounted + 1
    }

    private func countLines(_ range: Range<Int>) -> Int {
        buffer.withUnsafeBytes { LineCount.of(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    // MARK: Forgetting

    /// Drops bytes that are neither to be read nor needed as lookback.
    private mutating func discard() {
        let keep = readUntil == nil ? max(readTo, min(position, buffer.count) - Self.lookback) : position
        guard keep > 0 else { return }
        linesCounted += countLines(countedTo..<max(countedTo, keep))
        countedTo = max(countedTo, keep)
        linesBefore += linesCounted - countLines(keep..<countedTo)
        startsWithinLine = keep > readTo && buffer[keep - 1] != 0x0A
        buffer.removeFirst(keep)
        countedTo = 0
        linesCounted = 0
        position -= keep
        readTo = max(0, readTo - keep)
        if let until = readUntil { readUntil = until - keep }
    }
}
