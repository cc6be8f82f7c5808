/// Assigns the lines of a log to the reports that they belong to.
///
/// One report per caller is open at a time (if the kernel prints callers), so that interleaved reports can be
/// separated. A kill's report stays open for a while, for the line that names the victim.
struct ReportAssembler {
    private let limits: LogLimits
    private var builders: [ReportBuilder] = []
    private var finished: [FailureReport] = []
    /// The previous line, if nothing was recognised in it: it may be the first part of a folded header.
    private var previous: (message: LogMessage, line: Int)?
    /// The call trace right before this line, if it belongs to no report: that of a report which has lost its head.
    private var strayFrames: [LogText] = []
    /// How many other lines have followed it.
    private var strayAge = 0
    /// From the log's last `Linux version` line.
    var kernelRelease: String?

    private static let linesAfterTrace = 16

    /// How many interleaved reports are open at a time. No real log has more.
    private static let openReports = 8

    init(limits: LogLimits) { self.limits = limits }

    var isIdle: Bool { builders.isEmpty }

    mutating func takeFinished() -> [FailureReport] {
        defer { finished = [] }
        return finished
    }

    mutating func finish() {
        while !builders.isEmpty { close(0) }
        previous = nil
    }

    mutating func consume(_ bytes: ArraySlice<UInt8>, line: Int) {
        for message in LogMessage.messages(in: bytes) { consume(message, line: line) }
    }

    private mutating func consume(_ message: LogMessage, line: Int) {
        if let release = Self.release(message.text) { kernelRelease = release }
        let current = index(for: message)
        // `httpd invoked` and `oom-killer: ...` are one line, though old kernels printed just the second part.
        let isFolded = previous?.message.text.trimmed.ends(with: "invoked") ?? false
        let item = isFolded ? nil : item(message.text, current)
        if let item {
            place(item, message, line, current)
            previous = nil
        } else if let (joined, first) = joinedHeader(with: message), let item = LogItem(joined.text) {
            place(item, joined, first, current)
            previous = nil
        } else if let current, builders[current].continueLine(message, line: line) {
            previous = nil
        } else {
            previous = (message, line)
            keepStray(message.text)
            if message.text.starts(with: "---[ end trace"), let current,
                builders[current].report.kind == .allocatorWarning
            {
                close(current)
            }
        }
        age()
    }

    /// Keeps the frames of a call trace that no report claims, in the order of the log.
    private mutating func keepStray(_ text: LogText) {
        if text.contains("+0x"), ReportBuilder.isFrame(text) {
            if strayFrames.count < limits.frames { strayFrames.append(text) }
            strayAge = 0
        } else if !strayFrames.isEmpty {
            // Registers and the code may follow.
            strayAge += 1
            if strayAge > Self.linesAfterTrace { strayFrames = [] }
        }
    }

    /// `6.1.0-56-amd64` of `Linux version 6.1.0-56-amd64 (...`.
    static func release(_ text: LogText) -> String? {
        guard text.starts(with: "Linux version ") else { return nil }
        let word = text.dropping(14).firstWord
        return word.bytes.first?.isDigit == true && word.bytes.count <= 128 ? word.string : nil
    }

    /// What a line means for the report that it may belong to, or by itself.
    private mutating func item(_ text: LogText, _ current: Int?) -> LogItem? {
        if let current { return builders[current].item(text) }
        return LogItem(text)
    }

    /// The open report that a message may belong to.
    private func index(for message: LogMessage) -> Int? {
        // By index: an element passed to a closure would be copied, and a report is large.
        builders.indices.last { index in
            !builders[index].isTrailing && (message.caller == nil || builders[index].caller == message.caller)
        }
    }

    private mutating func place(_ item: LogItem, _ message: LogMessage, _ line: Int, _ current: Int?) {
        switch item {
        case .allocationFailure where current.map { builders[$0].awaitsVmallocRequest } ?? false,
            .vmallocFailure where current.map { builders[$0].awaitsVmallocSize(message.text) } ?? false:
            if let current { builders[current].begin(item, message, line: line) }
        case .allocationFailure: start(.pageAllocationFailure, item, message, line, current)
        case .oomInvoked: start(.oomKill, item, message, line, current)
        case .vmallocFailure: start(.vmallocFailure, item, message, line, current)
        case .warning: start(.allocatorWarning, item, message, line, current)
        case .showMemory: start(.sysrqShowMemory, item, message, line, current)
        case .allocationStall: start(.allocationStall, item, message, line, current)
        case .noMMU: start(.noMMUFailure, item, message, line, current)
        case .cmaFailure: start(.cmaFailure, item, message, line, current)
        case .hugePageShortage: start(.hugePageShortage, item, message, line, current)
        // SLUB's lines follow the report that they belong to; anything after them belongs to another.
        case .memoryInfo
        where current == nil
            || current.map { builders[$0].part != .header || builders[$0].report.kind == .slubFailure } == true:
            start(.memoryInfo, item, message, line, current)
        case .slub where current.map({ !builders[$0].takesSlubLines }) ?? true:
            start(.slubFailure, item, message, line, current)
        case .killed, .oomSummary:
            let isOfGroup = message.text.contains("emory cgroup") || message.text.contains("CONSTRAINT_MEMCG")
            let waiting = builders.indices.last { index in
                // The line that says so may not have been joined with its continuation yet. A report that lost its
                // beginning has only the kill at its end.
                let isKill =
                    builders[index].report.oom != nil || builders[index].report.kind == .oomKill
                    || builders[index].report.kind == .memoryCgroupOOM
                    || builders[index].report.kind == .memoryInfo && !isOfGroup
                return isKill && (item == .killed || builders[index].report.oom?.constraint == nil)
            }
            if let waiting {
                builders[waiting].begin(item, message, line: line)
                builders[waiting].closeLine(ifComplete: item)
            } else {
                start(.oomKill, item, message, line, current)
            }
        // No process was left to kill, and the log has nothing else of the report.
        case .noVictim where current == nil,
            .panic where current == nil && message.text.contains("deadlocked on memory"):
            start(.oomKill, item, message, line, current)
        // The head is lost: no other report has such a line.
        case .cgroupUsage where current == nil: start(.memoryCgroupOOM, item, message, line, current)
        case .zone, .node, .counters, .freeBlocks:
            if let current, builders[current].report.kind != .slubFailure {
                builders[current].begin(item, message, line: line)
            } else {
                start(.memoryInfo, item, message, line, current)
            }
        default:
            guard let current else { return }
            builders[current].begin(item, message, line: line)
        }
    }

    private mutating func start(
        _ kind: FailureReport.Kind, _ item: LogItem, _ message: LogMessage, _ line: Int, _ current: Int?
    ) {
        if let current {
            builders[current].closeLine()
            let oom = builders[current].report.oom
            if let oom, oom.victims.isEmpty, builders[current].report.panic == nil {
                builders[current].isTrailing = true
            } else {
                close(current)
            }
        }
        if builders.count >= Self.openReports { close(0) }
        var builder = ReportBuilder(kind: kind, message: message, line: line, limits: limits)
        if kind == .memoryInfo, item == .memoryInfo || item == .counters {
            for frame in strayFrames { builder.readFrame(frame) }
        }
        strayFrames = []
        builder.begin(item, message, line: line)
        builders.append(builder)
    }

    private mutating func close(_ index: Int) {
        var builder = builders.remove(at: index)
        let report = builder.finished(lastRelease: kernelRelease)
        // A stray line that looks like a counter's does not make a report.
        let isStray =
            report.kind == .memoryInfo && report.memory?.zones.isEmpty ?? true
            && !report.header.hasPrefix("Mem-")
        if !isStray { finished.append(report) }
    }

    /// Closes reports that have had no line for long, and those that are too long.
    private mutating func age() {
        for index in builders.indices.reversed() {
            builders[index].idleLines += 1
            if builders[index].idleLines > limits.idleLines || builders[index].lineCount >= limits.reportLines {
                close(index)
            }
        }
    }

    /// The previous line joined with this one, if a mail program folded a header in the middle of its keywords.
    private func joinedHeader(with message: LogMessage) -> (LogMessage, line: Int)? {
        guard let previous, !message.hasPrefix || !previous.message.hasPrefix else { return nil }
        let seconds: [StaticString] = [
            "oom-killer:", "allocation failure: order:", "allocation failure. order:", "failure: order:",
            "failure. order:",
            "error: size", "Unable to allocate memory on",
        ]
        guard seconds.contains(where: { message.text.starts(with: $0) }) else { return nil }
        var joined = previous.message
        joined.text = LogText(Array(joined.text.bytes.suffix(200)) + [0x20] + Array(message.text.bytes.prefix(1024)))
        return (joined, previous.line)
    }
}

extension ReportBuilder {
    /// Whether SLUB's lines belong to the report: they follow the report of the pages that it did not get, whose head
    /// may be lost.
    var takesSlubLines: Bool {
        switch report.kind {
        case .pageAllocationFailure, .slubFailure, .memoryInfo: true
        case .oomKill, .memoryCgroupOOM, .vmallocFailure, .allocatorWarning, .sysrqShowMemory, .allocationStall,
            .noMMUFailure, .cmaFailure, .hugePageShortage:
            false
        }
    }

    /// Up to 3.x, a vmalloc's size and its request are separate lines (`warn_alloc_failed`, mm/page_alloc.c, 3.13).
    var awaitsVmallocRequest: Bool {
        report.kind == .vmallocFailure && part == .header && report.gfp == nil && report.callTrace.isEmpty
            && (report.header.hasPrefix("vmalloc: allocation failure") || reportsNoRoom)
    }

    /// A separate line comes before them if the address space had no room (`alloc_vmap_area`, mm/vmalloc.c, 4.1). From
    /// 4.10 on the second is the request's as well: `modprobe: vmalloc: allocation failure: 425984 bytes, mode:...`.
    func awaitsVmallocSize(_ text: LogText) -> Bool {
        guard part == .header, report.gfp == nil, report.callTrace.isEmpty, reportsNoRoom else { return false }
        guard let rest = text.after("vmalloc: allocation failure: ") ?? text.after("vmalloc error: size ") else {
            return text.starts(with: "vmalloc: allocation failure")
        }
        // The address space has whole pages and one more as a guard (`__get_vm_area_node`, mm/vmalloc.c, 4.14).
        guard let asked = rest.leadingInteger?.value, let area = vmapSize else { return true }
        return (0...Self.largestGuard).contains(area &- asked)
    }

    /// Two pages of 64 KiB: the end of the last page, and the guard.
    private static var largestGuard: Int { 128 << 10 }

    private var vmapSize: Int? {
        LogText(Array(report.header.utf8)).after("vmap allocation for size ")?.leadingInteger?.value
    }

    private var reportsNoRoom: Bool {
        report.kind == .vmallocFailure && report.header.hasPrefix("vmap allocation for size")
    }

    /// Completes a line that may be folded, if it is whole: kills can come by the hundred, and need not stay open.
    mutating func closeLine(ifComplete item: LogItem) {
        guard let open, LogText(open.text).contains("oom_score_adj:") || LogText(open.text).contains(",uid=") else {
            return
        }
        closeLine()
    }
}
