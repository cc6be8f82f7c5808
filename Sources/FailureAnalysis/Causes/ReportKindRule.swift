import GFP
import KernelLog

/// Reports whose kind alone determines the cause, without any zone.
struct ReportKindRule {
    let verdict: FailureAnalysis.Verdict
    let cause: Cause

    init?(_ report: FailureReport, _ request: FailedRequest?) {
        switch report.kind {
        case .sysrqShowMemory:
            self.init(.notAsked(.reportAskedFor), .none)
        case .memoryInfo:
            // SLUB's lines after it name the request, although the head is lost.
            guard report.slub.isEmpty else { return nil }
            self.init(.notRebuilt(.headMissing), .unknown)
        case .cmaFailure: self.init(.notAsked(.cmaArea), .cmaArea)
        case .hugePageShortage: self.init(.notAsked(.hugePagesSetAside), .hugetlb)
        case .memoryCgroupOOM:
            self.init(.notAsked(.memoryCgroup), .memcg)
        case .oomKill where report.oom?.constraint == "CONSTRAINT_MEMCG":
            self.init(.notAsked(.memoryCgroup), .memcg)
        case .oomKill where report.order == -1:
            self.init(.notAsked(.killAskedFor), .sysrqF)
        case .oomKill where Self.isPageFault(report):
            self.init(.notAsked(.pageFault), .unknown)
        case .allocatorWarning:
            guard let other = Self.otherWarning(report) else {
                self.init(.refuses, .orderTooLarge)
                return
            }
            self.init(.notAsked(other), .unknown)
        case .vmallocFailure:
            guard let rule = Self.vmalloc(report) else { return nil }
            self = rule
        case .pageAllocationFailure, .slubFailure, .oomKill, .allocationStall, .noMMUFailure:
            return nil
        }
    }

    private static func isPageFault(_ report: FailureReport) -> Bool {
        report.gfp?.number == 0 && (report.order ?? 0) == 0
            || report.callTrace.contains { $0.isReliable && $0.function.hasPrefix("pagefault_out_of_memory") }
    }

    private init(_ verdict: FailureAnalysis.Verdict, _ cause: Cause) {
        self.verdict = verdict
        self.cause = cause
    }

    /// What a warning of mm/page_alloc.c is about, by its function; nil: too large an order, which `__alloc_pages`
    /// refuses (up to 4.19 `__alloc_pages_slowpath`).
    private static func otherWarning(_ report: FailureReport) -> NoRefusal? {
        let words = report.header.split(separator: " ")
        guard let place = words.firstIndex(where: { $0.contains("mm/page_alloc.c:") }), place + 1 < words.count else {
            return nil
        }
        let function = words[place + 1]
        let isSlowPath =
            function.hasPrefix("__alloc_pages_slowpath") && (report.kernel ?? .usual).has(.warningsOfNofail)
        if isSlowPath || function.hasPrefix("get_page_from_freelist") || function.hasPrefix("rmqueue") {
            return .nofailBeyondPromise
        }
        if function.contains("free") {
            return .wrongFree(function: String(function.prefix { $0 != "+" }))
        }
        return nil
    }

    /// vmalloc refused before asking for any page: the size is greater than the machine's memory
    /// (`__vmalloc_node_range`, mm/vmalloc.c), or the address space has no hole of that size (`alloc_vmap_area`).
    private static func vmalloc(_ report: FailureReport) -> Self? {
        guard let failure = report.vmalloc else { return nil }
        let reason = failure.reason.lowercased()
        if reason.contains("exceeds total pages") {
            return Self(.notAsked(.vmallocAboveMemory), .vmallocSize)
        }
        if failure.size == 0, failure.pageOrder == nil, !reason.contains("failed to allocate pages") {
            return Self(.notAsked(.vmallocOfNothing), .unknown)
        }
        let ram = report.memory?.pageTotals["RAM"] ?? 0
        if let size = failure.size, ram > 0, size / (report.memory?.assumedPageSize ?? 4096) > ram {
            return Self(.notAsked(.vmallocAboveMemory), .vmallocSize)
        }
        if reason == "no vmap area", ram == 0 { return Self(.notAsked(.vmallocOfSize), .vmallocSize) }
        if reason.contains("vm_struct") || reason.contains("vmap") || reason.contains("use vmalloc=") {
            return Self(.notAsked(.vmallocWithoutRoom), .vmallocSize)
        }
        return nil
    }
}
