/// What a line of a report is, by how it begins.
enum LogItem: Hashable {
    case allocationFailure
    case oomInvoked
    case vmallocFailure
    case slub
    case warning
    case showMemory
    case memoryInfo
    case allocationStall
    case noMMU
    case cmaFailure
    case cmaPages
    case hugePageShortage

    case cpu
    case processLine
    case hardware
    case workqueue
    case frame
    case registers
    case cpuset

    case counters
    case zonePerCPU
    case perCPU
    case node
    case zone
    case lowmemReserve
    case freeBlocks
    case hugePages
    case pageCache
    case swapCache
    case swapStatistics
    case freeSwap
    case totalSwap
    case pageTotal
    case allocationSite

    case taskHeader
    case task
    case slabHeader
    case slab
    case slubCache
    case slubNode

    case oomSummary
    case killed
    case killAnnounced
    case noVictim
    case cgroupUsage
    case cgroupStatistic
    case cgroupTask
    case panic

    /// Whether it begins a report, whatever came before.
    var isHeader: Bool {
        switch self {
        case .allocationFailure, .oomInvoked, .vmallocFailure, .warning, .showMemory, .allocationStall, .noMMU,
            .cmaFailure, .hugePageShortage:
            true
        default: false
        }
    }
}

extension LogItem {
    /// What the text alone determines; ``ReportBuilder`` recognises lines that depend on their context.
    init?(_ text: LogText) {
        guard let first = text.bytes.first else { return nil }
        // A command of powerpc's debugger (`show_mem`, arch/powerpc/xmon/xmon.c, 6.6): `3:mon> mi`.
        if text.bytes.count <= 16, text.ends(with: "mon> mi") {
            self = .showMemory
            return
        }
        if let item = SpecialLine.item(text) ?? Self.memory(text, first) ?? Self.stack(text) {
            self = item
            return
        }
        return nil
    }

    private static func memory(_ text: LogText, _ first: UInt8) -> LogItem? {
        if text.starts(with: "lowmem_reserve[]:") || text.starts(with: "protections[]:") { return .lowmemReserve }
        if text.starts(with: "Node ") || text.starts(with: "hugepages_total=") { return nodeLine(text) }
        if text.starts(with: "Free swap") { return .freeSwap }
        if text.starts(with: "Total swap = ") { return .totalSwap }
        if text.starts(with: "Swap cache stats:") { return .swapStatistics }
        if text.starts(with: "Unreclaimable slab info:") { return .slabHeader }
        if first == UInt8(ascii: "["), text.contains("pid "), text.contains("]"), text.contains(" tgid") {
            return .taskHeader
        }
        if CounterNames.begin(text) { return .counters }
        if first.isDigit { return countLine(text) }
        if first.isLetter { return zoneLine(text) }
        return nil
    }

    /// Recognises `Node N ...`: a node's own line, or a zone's.
    private static func nodeLine(_ text: LogText) -> LogItem? {
        guard let (_, rest) = text.starts(with: "Node ") ? text.dropping(5).trimmed.leadingInteger : (0, text) else {
            return nil
        }
        let body = rest.trimmed
        if body.starts(with: "hugepages_total=") { return .hugePages }
        if body.starts(with: "active_anon:") { return .node }
        return zoneLine(body)
    }

    /// Recognises `DMA32 free:...`, `DMA32: 3*4kB ...`, `DMA32 per-cpu:`.
    private static func zoneLine(_ text: LogText) -> LogItem? {
        let name = text.bytes.prefix { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") }
        guard !name.isEmpty, name.count <= 16 else { return nil }
        let rest = text.dropping(name.count)
        if rest.starts(with: " free:"), rest.dropping(6).leadingInteger != nil { return .zone }
        if rest.starts(with: " per-cpu:") { return .zonePerCPU }
        if rest.starts(with: ":") {
            let blocks = rest.dropping(1).trimmed
            if let (_, size) = blocks.leadingInteger, size.starts(with: "*") { return .freeBlocks }
            // Without the asterisks, as Markdown displays it.
            if ZoneNames.known.contains(LogText(name).string), blocks.firstWord.bytes.first?.isDigit ?? false,
                blocks.firstWord.ends(with: "kB")
            {
                return .freeBlocks
            }
            if blocks.isEmpty, ZoneNames.known.contains(LogText(name).string) { return .freeBlocks }
        }
        if LogText(name).starts(with: "CPU"), rest.contains(" hi:") || rest.contains(" btch:") { return .perCPU }
        return nil
    }

    private static func countLine(_ text: LogText) -> LogItem? {
        guard let (_, rest) = text.leadingInteger else { return nil }
        let noun = rest.trimmed
        if text.contains(" func:"), noun.contains("B ") { return .allocationSite }
        if noun.starts(with: "total pagecache pages") || noun.starts(with: "pagecache pages") { return .pageCache }
        if noun.starts(with: "pages in swap cache") { return .swapCache }
        let isTotal =
            noun.starts(with: "pages RAM") || noun.starts(with: "pages HighMem") || noun.starts(with: "pages reserved")
            || noun.starts(with: "pages of ") || noun.starts(with: "pages shared")
            || noun.starts(with: "pages non-shared")
            || noun.starts(with: "pages cma reserved") || noun.starts(with: "pages hwpoisoned")
            || noun.starts(with: "pages swap cached") || noun.starts(with: "reserved pages")
            || noun.starts(with: "free pages") || noun.starts(with: "slab pages")
        return isTotal ? .pageTotal : nil
    }

    private static func stack(_ text: LogText) -> LogItem? {
        if text.starts(with: "CPU: ") && (text.contains(" Comm: ") || text.contains(" PID: "))
            || text.starts(with: "Pid: ") && text.contains(", comm: ")
        {
            return .cpu
        }
        // s390 up to 3.x: `CPU: 0 Not tainted 2.6.28 #1`, `Process basename (pid: 30555, task: ...)`.
        if text.starts(with: "CPU: "), text.contains(" Not tainted ") || text.contains(" Tainted: ") { return .cpu }
        if text.starts(with: "Process "), text.contains(" (pid: ") { return .processLine }
        if text.starts(with: "Hardware name: ") { return .hardware }
        if text.starts(with: "Workqueue: ") { return .workqueue }
        if text.contains(" cpuset=") && text.contains(" mems_allowed=") { return .cpuset }
        return nil
    }
}

/// The names that a zone may have.
enum ZoneNames {
    static let known: Set<String> = ["DMA", "DMA32", "Normal", "HighMem", "Movable", "Device"]
}

/// Names of whole-machine counters that begin a line (`show_free_areas`, mm/page_alloc.c, 2.6.28 to 6.1; mm/show_mem.c
/// since).
enum CounterNames {
    private static let first: [StaticString] = [
        "active_anon:", "active_file:", "unevictable:", "slab_reclaimable:", "mapped:", "sec_pagetables:",
        "kernel_misc_reclaimable:", "free:", "free_cma:", "Active_anon:", "inactive_file:", "Active:",
    ]

    static func begin(_ text: LogText) -> Bool {
        for name in first where text.starts(with: name) {
            let value = text.dropping(name.utf8CodeUnitCount)
            return value.bytes.first?.isDigit ?? false && value.firstWord.integer != nil
        }
        return false
    }
}
