/// A line that tells by certain words what it is, and those words: both the quick search for them and the recognition of a
/// line are made from ``all``.
struct SpecialLine: Sendable {
    let item: LogItem
    /// The words that are searched for.
    let phrase: StaticString
    /// What the line begins with; nil: anything.
    var start: StaticString?
    /// What it must have besides.
    var also: [StaticString] = []

    private init(_ item: LogItem, _ phrase: StaticString, start: StaticString? = nil, also: [StaticString] = []) {
        self.item = item
        self.phrase = phrase
        self.start = start
        self.also = also
    }

    private init(_ item: LogItem, start: StaticString) { self.init(item, start, start: start) }

    func matches(_ text: LogText) -> Bool {
        if let start, !text.starts(with: start) { return false }
        return text.contains(phrase) && also.allSatisfy { text.contains($0) }
    }

    /// The first that matches says what a line is.
    static let all: [SpecialLine] = [
        SpecialLine(.allocationFailure, " page allocation failure: order:"),
        SpecialLine(.allocationFailure, " page allocation failure. order:"),
        SpecialLine(.oomInvoked, " invoked oom-killer:"),
        // Up to 2.6.17 without the process: `oom-killer: gfp_mask=0x201d2, order=0`, before 2.6.13 without the order.
        SpecialLine(.oomInvoked, start: "oom-killer: gfp_mask="),
        SpecialLine(.vmallocFailure, " vmalloc error: size "),
        SpecialLine(.vmallocFailure, " vmalloc: allocation failure"),
        SpecialLine(.vmallocFailure, start: "vmalloc: allocation failure"),
        SpecialLine(.vmallocFailure, start: "vmap allocation for size "),
        SpecialLine(.vmallocFailure, " vmalloc size "),
        SpecialLine(.allocationStall, ": page allocation stalls for "),
        SpecialLine(.allocationStall, ": page allocation stall for "),
        SpecialLine(.noMMU, "Allocation of length ", also: [" from process "]),
        SpecialLine(.cmaFailure, "cma_alloc: ", also: ["alloc failed, req-size: "]),
        SpecialLine(.cmaPages, "number of available pages:"),
        SpecialLine(.hugePageShortage, "HugeTLB: allocating ", also: [" failed."]),
        SpecialLine(.slub, start: "SLUB: Unable to allocate memory on "),
        SpecialLine(.slub, start: "SLAB: Unable to allocate memory on "),
        SpecialLine(.warning, "mm/page_alloc.c:", start: "WARNING: "),
        SpecialLine(.showMemory, "ysrq: Show Memory"),
        SpecialLine(.showMemory, "ysRq : Show Memory"),
        SpecialLine(.memoryInfo, start: "Mem-Info:"),
        SpecialLine(.memoryInfo, start: "Mem-info:"),
        SpecialLine(.killed, "Killed process "),
        SpecialLine(.oomSummary, start: "oom-kill:constraint="),
        SpecialLine(.killAnnounced, "ut of memory: Kill process "),
        SpecialLine(.noVictim, "ut of memory and no killable processes"),
        SpecialLine(.panic, start: "Kernel panic - not syncing: "),
        SpecialLine(.cgroupUsage, ", failcnt ", also: [": usage ", "kB, limit "]),
        SpecialLine(.cgroupTask, " killed as a result of limit of ", start: "Task in "),
        SpecialLine(.cgroupTask, start: "Memory cgroup stats for "),
    ]

    /// Most lines of a report have none of the phrases, and are spared two dozen searches.
    private static let phrases = TriggerSearch(all.map { "\($0.phrase)" })

    /// What a line is; nil: none of these.
    static func item(_ text: LogText) -> LogItem? {
        guard phrases.isAny(in: text) else { return nil }
        for line in all where line.matches(text) { return line.item }
        return nil
    }
}
