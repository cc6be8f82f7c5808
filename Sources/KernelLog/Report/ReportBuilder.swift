import BuddyEngine
import GFP

/// Builds one report, line by line.
struct ReportBuilder {
    /// Which list the next lines may belong to.
    enum Part {
        case header
        /// After `Mem-Info:`, before the first node or zone.
        case counters
        case memory
        case slabs
        case tasks
    }

    var report: FailureReport
    var part = Part.header
    var open: LogicalLine?
    /// The caller (task or CPU) that printed these lines; nil if the log does not name callers.
    let caller: String?
    /// Only lines about the kill are still expected.
    var isTrailing = false
    /// Lines of the log since the last one of this report.
    var idleLines = 0
    var taskColumns = TaskColumns(names: [])
    var lineCount = 0
    var leftOut: Set<String> = []
    var zonesByName: [ZoneKey: Int] = [:]
    /// The zone of the last `per-cpu:` line.
    var perCPUZone: ZoneKey?
    var perCPULists: [ZoneKey: [FailureReport.PerCPULists]] = [:]
    var perCPUCount = 0
    /// The last line ended with a frame's `?`.
    var isNextFrameUnreliable = false
    /// The zone of the last line: `lowmem_reserve[]:` belongs to it.
    var lastZone: Int?
    let limits: LogLimits

    struct ZoneKey: Hashable {
        var node: Int
        var name: String
    }

    init(kind: FailureReport.Kind, message: LogMessage, line: Int, limits: LogLimits) {
        report = FailureReport(line: line, kind: kind, header: message.text.string)
        report.timestamp = message.timestamp
        caller = message.caller
        self.limits = limits
    }

    /// What a line is at this point of the report; nil if it does not belong to a report.
    ///
    /// `mutating`, although nothing changes: it is called for each line, and the builder is to be passed by address,
    /// not copied.
    mutating func item(_ text: LogText) -> LogItem? {
        switch part {
        case .header:
            if let item = LogItem(text) { return item }
            if Self.isFrame(text) { return .frame }
            if report.kind == .allocatorWarning, text.starts(with: "R") || text.starts(with: "E"), text.contains(": ") {
                return .registers
            }
        case .counters:
            if let item = LogItem(text) { return item }
            if Self.isCounter(text.firstWord) { return .counters }
        case .slabs:
            if let item = LogItem(text) { return item }
            if isSlab(text) { return .slab }
        case .tasks:
            if isTask(text) { return .task }
            return LogItem(text)
        case .memory:
            if let item = LogItem(text) { return item }
        }
        if report.oom != nil, isCgroupStatistic(text) { return .cgroupStatistic }
        let hasSlub = !report.slub.isEmpty || open?.item == .slub
        if hasSlub, text.starts(with: "cache: ") { return .slubCache }
        if hasSlub, text.starts(with: "node "), text.contains(": slabs: ") { return .slubNode }
        return nil
    }

    /// Adds a line of this report, which may still be continued.
    mutating func begin(_ item: LogItem, _ message: LogMessage, line: Int) {
        closeLine()
        idleLines = 0
        lineCount += 1
        report.lastLine = line
        if item == .zone, report.stateTimestamp == nil { report.stateTimestamp = message.timestamp }
        open = LogicalLine(item: item, message: message, line: line)
        // Parts begin at once, so that the next line is interpreted correctly.
        switch item {
        case .memoryInfo, .counters: part = .counters
        case .node, .zone, .hugePages: part = .memory
        case .slabHeader: part = .slabs
        case .taskHeader: part = .tasks
        case .task where !isRowFolded: closeLine()
        default: break
        }
    }

    /// Adds a line that begins nothing, if it continues the open one; returns whether it does.
    mutating func continueLine(_ message: LogMessage, line: Int) -> Bool {
        guard let open else { return false }
        let isRest =
            open.item == .task ? isRowFolded && !message.hasPrefix : open.shouldContinue(with: message)
        guard isRest else { return false }
        self.open?.append(message.text, line: line)
        report.lastLine = line
        idleLines = 0
        return true
    }

    mutating func closeLine() {
        guard let line = open else { return }
        open = nil
        read(line)
    }

    /// The report, as far as it is complete.
    mutating func finished(lastRelease: String?) -> FailureReport {
        closeLine()
        completeZones()
        if report.kernelRelease == nil { report.kernelRelease = lastRelease }
        if report.kind == .oomKill, isOfGroupByTrace { report.kind = .memoryCgroupOOM }
        for list in leftOut.sorted() {
            report.notes.append("More \(list) than this reader keeps (\(limits.entries)); the rest was omitted.")
        }
        if lineCount >= limits.reportLines {
            report.notes.append("The report is longer than \(limits.reportLines) lines; the rest was omitted.")
        }
        report.missing = FailureReport.Section.allCases.filter(report.lacks)
        return report
    }

    /// Whether a kill was begun by a memory cgroup (`mem_cgroup_out_of_memory`, up to 4.18 also
    /// `mem_cgroup_oom_synchronize`, mm/memcontrol.c), where the lines about the group are lost.
    private var isOfGroupByTrace: Bool {
        guard report.oom?.constraint == nil, report.oom?.isGlobal != true, report.memory?.zones.isEmpty ?? true else {
            return false
        }
        return report.probableCallTrace.contains { $0.function.hasPrefix("mem_cgroup_o") }
    }

    private mutating func read(_ line: LogicalLine) {
        let text = LogText(line.text).trimmed
        switch line.item {
        case .allocationFailure, .oomInvoked, .vmallocFailure, .warning, .showMemory, .memoryInfo, .allocationStall,
            .noMMU, .cmaFailure, .hugePageShortage:
            readHeader(line.item, text)
        case .cmaPages: readCMAPages(text)
        case .processLine: readProcess(text)
        case .slub, .slubCache, .slubNode: readSlub(line.item, text, line: line.line)
        case .cpu: readCPU(text)
        case .hardware: if report.hardware == nil { report.hardware = text.after("Hardware name: ")?.string }
        case .workqueue: if report.workqueue == nil { report.workqueue = text.after("Workqueue: ")?.string }
        case .frame: readFrame(text)
        case .registers: readRegisters(text)
        case .cpuset: readCpuset(text)
        case .counters: readCounters(text)
        case .zonePerCPU, .perCPU: readPerCPU(line.item, text)
        case .node: readNode(text)
        case .zone: readZone(text)
        case .lowmemReserve: readLowmemReserve(text)
        case .freeBlocks: readFreeBlocks(text)
        case .hugePages: readHugePages(text)
        case .pageCache, .swapCache, .swapStatistics, .freeSwap, .totalSwap, .pageTotal: readTotal(line.item, text)
        case .allocationSite: readAllocationSite(text)
        case .taskHeader, .task: readTask(line.item, text)
        case .slabHeader: break
        case .slab: readSlab(text)
        case .oomSummary, .killed, .killAnnounced, .noVictim, .cgroupUsage, .cgroupStatistic, .cgroupTask:
            readOutOfMemory(line.item, text, line: line.line)
        case .panic: report.panic = text.after("Kernel panic - not syncing: ")?.string
        }
    }

    /// Whether one more entry may be added to a list of the report.
    mutating func mayAppend(_ list: String, count: Int) -> Bool {
        guard count < limits.entries else {
            leftOut.insert(list)
            return false
        }
        return true
    }

    /// Whether a word is `active_anon:72024`: a name and a number without unit.
    static func isCounter(_ word: LogText) -> Bool {
        guard let colon = word.bytes.firstIndex(of: UInt8(ascii: ":")), colon > word.bytes.startIndex else {
            return false
        }
        return LogText(word.bytes[(colon + 1)...]).integer != nil
    }
}
