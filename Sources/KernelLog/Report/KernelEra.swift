import GFP
import SourceText

/// Which kernels print a report in this form, determined from what is printed and what is not, if no line names the
/// kernel.
public struct KernelEra: Hashable, Sendable, CustomStringConvertible {
    /// The oldest kernel that prints what was found.
    public private(set) var first = KernelVersion(2, 6)
    /// The oldest kernel that no longer prints it; nil: all newer ones do.
    public private(set) var end: KernelVersion?

    public init(_ report: FailureReport) {
        readHeader(report)
        readTasks(report)
        guard let memory = report.memory else { return }
        readCounters(memory.counters)
        readZones(memory)
        if let end, end <= first { self.end = nil }
    }

    /// "6.1 to 6.11", "4.6 or later", "before 4.4".
    public var description: String {
        guard let end else { return "\(first) or later" }
        return first <= KernelVersion(2, 6) ? "before \(end)" : "\(first) or later, before \(end)"
    }

    /// The kernel whose rules are used for the era: the newest that certainly prints this form.
    public var representative: KernelVersion {
        guard let end else { return max(first, .usual) }
        if end.patch > 0 { return first }
        return end.minor > 0 ? max(first, KernelVersion(end.major, end.minor - 1)) : first
    }

    private mutating func from(_ major: Int, _ minor: Int, if holds: Bool) {
        if holds { first = max(first, KernelVersion(major, minor)) }
    }

    private mutating func before(_ major: Int, _ minor: Int, _ patch: Int = 0, if holds: Bool) {
        guard holds else { return }
        let version = KernelVersion(major, minor, patch)
        end = end.map { min($0, version) } ?? version
    }

    // MARK: Evidence, with the version that changed it

    private mutating func readHeader(_ report: FailureReport) {
        let names = report.gfp?.names ?? ""
        // %pGg; a line cut off within the names shows it as well.
        let printsNames = !names.isEmpty || report.header.contains("(GFP_") || report.header.contains("(__GFP_")
        from(4, 6, if: printsNames)
        before(4, 6, if: report.gfp?.number != nil && !printsNames && !report.header.hasSuffix(","))
        before(
            4, 4,
            if: names.isEmpty && report.header.mentions("failure: order") && report.memory?.nodes.isEmpty ?? false
                && report.memory?.zones.contains {
                    $0.freeBlocks?.contains { $0.letters?.contains("R") ?? false } ?? false
                } ?? false)
        from(4, 20, if: report.header.mentions("nodemask=") && report.header.mentions("cpuset="))
        let kill = report.kind == .oomKill && report.header.mentions("oom-killer")
        before(5, 0, if: kill && report.header.mentions("nodemask="))
        from(4, 8, if: kill && report.header.mentions("nodemask="))
        from(5, 0, if: report.oom?.constraint != nil)
        before(3, 0, if: report.header.mentions("failure. order:"))
        before(4, 8, if: report.kind == .slubFailure && report.header.mentions("(gfp="))
        before(2, 6, 36, if: report.header.mentions("oomkilladj="))
        before(3, 7, if: report.header.mentions("oom_adj="))
        from(4, 9, if: report.kind == .allocationStall)
        before(4, 15, if: report.kind == .allocationStall && report.header.mentions("stalls for"))
        from(7, 0, if: report.kind == .allocationStall && report.header.mentions("stall for"))
        before(6, 1, if: names.contains("__GFP_ATOMIC"))
        from(5, 18, if: names.contains("GFP_HIGHUSER_MOVABLE|__GFP_COMP"))
        let isAppended = report.callTrace.contains { $0.function.hasSuffix("_noprof") }
        from(6, 10, if: isAppended)  // alloc_tag hooks
    }

    private mutating func readTasks(_ report: FailureReport) {
        guard let task = report.tasks.first else { return }
        before(4, 16, if: task.columns["nr_ptes"] != nil)
        from(4, 15, if: task.columns["pgtables_bytes"] != nil)
        from(6, 8, if: task.columns["rss_anon"] != nil)
    }

    private mutating func readCounters(_ counters: [String: Int]) {
        guard !counters.isEmpty else { return }
        before(2, 6, 31, if: counters["slab"] != nil || counters["active"] != nil)
        before(5, 8, if: counters["unstable"] != nil)
        from(3, 6, if: counters["free_cma"] != nil)
        from(4, 1, if: counters["free_pcp"] != nil)
        from(5, 15, if: counters["kernel_misc_reclaimable"] != nil)
        from(6, 1, if: counters["sec_pagetables"] != nil)
    }

    private mutating func readZones(_ memory: FailureReport.MemoryInfo) {
        guard !memory.zones.isEmpty else { return }
        let zones = memory.zones
        from(4, 8, if: !memory.nodes.isEmpty)  // node LRU lists
        from(3, 8, if: zones.contains { $0.managed != nil })
        before(4, 1, if: zones.contains { !$0.perCPU.isEmpty })
        from(4, 1, if: zones.contains { $0.kibibytes["free_pcp"] != nil })
        before(3, 9, if: zones.contains { $0.present != nil && $0.managed == nil && $0.isAllUnreclaimable != nil })
        before(4, 8, if: zones.contains { $0.counts["pages_scanned"] != nil } && memory.nodes.isEmpty)
        from(5, 6, if: zones.contains { $0.reservedHighAtomic != nil })
        from(5, 12, if: zones.contains { $0.boost != nil })
        from(6, 13, if: zones.contains { $0.freeHighAtomic != nil })
        let letters = zones.flatMap { $0.freeBlocks ?? [] }.compactMap(\.letters).joined()
        from(3, 9, if: !letters.isEmpty)
        before(4, 4, if: letters.contains("R"))
    }
}

extension FailureReport {
    /// Which kernels print a report in this form.
    public var era: KernelEra { KernelEra(self) }

    /// The kernel named, or the one that represents the report's form.
    public var assumedKernel: KernelVersion { kernel ?? era.representative }
}
