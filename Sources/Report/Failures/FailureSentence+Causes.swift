import FailureAnalysis
import GFP
import KernelLog
import SourceText

/// The words of each cause; a new cause without words does not compile.
extension FailureSentence {
    /// What stopped a request that zones were tried for: the end of the sentence.
    func stop(_ cause: Cause, _ figures: FailureFigures) -> String {
        let free = amount(figures.free)
        let elsewhere = amount(figures.freeElsewhere)
        let full = "\(WalkFact.noMoreLeft.clause) (\(free))"
        switch cause {
        case .fragmentation:
            if figures.isRefusedByHistoricRule {
                return "\(amount(figures.freeInPieces)) are free there, but in pieces: too little of it in blocks "
                    + "large enough"
            }
            return "\(amount(figures.freeInPieces)) are free there, but "
                + WalkFact.noBlock(order: request?.order ?? 0).clause
                + (figures.largestPiece.map { "; the largest is of order \($0)" } ?? "")
        case .reservesExhausted:
            return
                "it cannot wait, and urgent requests have brought free memory down to what even they must leave "
                + "(\(free) are free)"
        case .belowMinNoReserve:
            return "it may neither wait nor go below the min mark, and \(full)"
        case .zoneExhausted:
            return figures.places.isEmpty
                ? "no zone that its mask allows has any memory, while \(elsewhere) are free in others"
                : full + filledBy + others(.mask, figures)
        case .movableOnly:
            return figures.places.isEmpty
                ? "the nodes that it may use have ZONE_MOVABLE only, where \(amount(freeAboveMask)) are free, which "
                    + "only movable requests may use"
                : "\(full)\(filledBy), while \(elsewhere) are free in ZONE_MOVABLE, which only movable requests may use"
        case .cmaOnly:
            return "\(free) are free there, but nearly all of it is \(WalkFact.ofCMA.clause)"
        case .highAtomic:
            return "\(free) are free there, but what lies above the mark is \(WalkFact.keptForHighAtomic.clause)"
        case .watermarkBoost:
            let raised =
                "\(free) are free there, but of the marks \(amount(figures.boost)) are \(WalkFact.boosted.clause)"
            // Whatever filled memory up to the raised marks may fill it up to lower ones as well: the log cannot tell.
            return request?.gfp.contains(.high) == true
                ? raised : raised + "; and it may neither wait nor go below them"
        case .lowmemReserve:
            return "\(free) are free there, but \(WalkFact.keptInReserve.clause)"
        case .nodeFullThisNode: return full + others(.thisNode, figures)
        case .memorylessNode:
            let others = report.assumedKernel.has(.reportsOfAllowedZones) ? ", or none that its mask allows" : ""
            return "__GFP_THISNODE ties it to a node that has no memory\(others)"
        case .nodemask: return full + others(.nodeMask, figures)
        case .mempolicy: return full + others(.memoryPolicy, figures)
        case .cpuset: return full + others(.cpuset, figures)
        case .stateWouldServe: return wouldServe(figures)
        case .orderTooLarge:
            return WalkFact.orderTooLarge(request?.order ?? 0, maximum: figures.maximumOrder).clause
                + ", which is a mistake of the caller"
        case .processMemory, .mlocked, .tmpfs, .ramdisk, .hugetlb, .slabLeak, .pageLeak, .vmallocLeak, .balloon,
            .pageTables,
            .forkBomb, .bootInitramfs, .memoryFull, .memcg, .vmallocSize, .sysrqF, .none, .cmaArea,
            .unknown:
            return "\(full); " + holder(cause) + swap(cause)
        case .allocationStall: return stall(figures)
        }
    }

    /// ", while 5 GiB are free on nodes that its cpuset does not allow"
    private func others(_ limit: WalkFact.Limit, _ figures: FailureFigures) -> String {
        let place = limit == .mask ? "in zones" : "on nodes"
        return ", while \(amount(figures.freeElsewhere)) are free \(place) \(WalkFact.notAllowed(by: limit).clause)"
    }

    /// Pages that are free in listed zones that the request's mask does not allow, on nodes that the request may use.
    private var freeAboveMask: Int {
        analysis.zones.reduce(0) { $0 + ($1.outcome == .notAllowedByMask ? $1.free ?? 0 : 0) }
    }

    /// "for 11 s".
    var stallTime: String { report.stallMilliseconds.map { "for \(($0 + 500) / 1000) s" } ?? "for long" }

    private func stall(_ figures: FailureFigures) -> String {
        let reclaimable = [MemoryHolder.Kind.pageCache].reduce(0) { $0 + (account?.pages($1) ?? 0) }
        let what =
            figures.servingZone != nil
            ? "and is still trying, though by the state printed it would be served now"
            : "and is still trying, until one of them is above the min mark"
        return
            "it has been trying \(stallTime) \(what) (\(amount(figures.free)) are free); reclaim has "
            + "\(amount(reclaimable)) of page cache to work on"
    }

    private func wouldServe(_ figures: FailureFigures) -> String {
        let zone = figures.servingZone.map { "node \($0.node) \($0.kind)" } ?? "a zone"
        var text =
            "but by the state printed \(zone) would have served it; memory was probably freed between the refusal and "
            + "the report (by reclaim, an exiting process, or another CPU's lists), or another CPU took the pages first"
        if let margin = figures.margin {
            text += "; it would have taken \(amount(margin)) more in use"
            if let order = request?.order, order > 0 {
                text += ", or the last \(figures.blocksLeft) blocks of order \(order)"
            } else if report.assumedKernel.has(.fragmentationAvoidance) {
                text += ", or marks boosted by as much,"
            }
            text += " to be refused"
        }
        if let full = fullNodes {
            text +=
                "; or the request was bound to \(full): this kernel does not print the nodes of a memory policy or a "
                + "node mask"
        }
        let cma = report.memory?.counters["free_cma"] ?? 0
        let free = report.memory?.counters["free"] ?? 0
        if cma > 0, cma >= free / 2, cma <= free {
            text += "; note that \(amount(min(cma, 1 << 40))) of what is free belongs to CMA"
        }
        return text
    }

    /// "node 1, which is full": the full nodes, if the kernel prints no nodemask that the request may have had; nil: it
    /// does print it, or no node is full.
    private var fullNodes: String? {
        let kernel = report.assumedKernel
        let isPrinted = kernel.has(report.kind == .oomKill ? .constraintInKills : .nodemaskInFailures)
        guard !isPrinted, report.nodemask == nil, request?.binding == nil else { return nil }
        let nodes = Set(analysis.zones.map(\.zone.node)).sorted()
        let full = nodes.filter { node in
            analysis.zones.filter { $0.zone.node == node }.allSatisfy { zone in
                guard let free = zone.free, let mark = zone.effectiveMark else { return false }
                return free - zone.unusable <= mark + (zone.lowmemReserve ?? 0)
            }
        }
        guard nodes.count > 1, !full.isEmpty else { return nil }
        return "\(Self.list(full.map { "node \($0)" })), which \(full.count == 1 ? "is" : "are") full"
    }

    private func holder(_ cause: Cause) -> String {
        switch cause {
        case .processMemory where account?.largestInUse?.kind == .compressedSwap:
            return
                "processes' memory that was swapped out still takes \(held(.compressedSwap)), compressed in "
                + "memory (zswap, zram)"
        case .processMemory: return "processes have \(held(.processes))\(largestProcess)"
        case .mlocked: return "processes have locked \(held(.mlocked))"
        case .tmpfs: return "tmpfs and shared memory have \(held(.tmpfs)), which no kill frees"
        case .hugetlb: return "\(held(.hugePages)) are set aside as huge pages"
        case .slabLeak:
            return "the kernel's slab caches have \(held(.slabUnreclaimable, .slabReclaimable, .slab))\(largestSlab)"
        case .balloon: return "a balloon driver has given \(held(.balloon)) back to the host"
        case .ramdisk, .vmallocLeak: return "\(held(.unaccounted)) are on no counter\(largestSite)"
        case .pageTables: return "page tables have \(held(.pageTables))"
        case .forkBomb:
            let tasks =
                report.tasks.isEmpty
                ? "very many processes hold it: their" : "there are \(report.tasks.count) tasks, whose"
            // Up to 2.6.31 stacks are on no counter, and everything else that a task needs is in slab caches.
            return (account?.pages(.kernelStacks) ?? 0) > 0
                ? "\(tasks) stacks and page tables alone have \(held(.kernelStacks, .pageTables))"
                : "\(tasks) page tables and slab caches have "
                    + held(.pageTables, .slabUnreclaimable, .slabReclaimable, .slab)
        case .bootInitramfs:
            return "no process has run yet: what the boot left, beside the kernel and the initial file system, was "
                + amount(account?.managed ?? 0)
        case .pageLeak:
            let whose =
                report.allocations.isEmpty
                ? ": pages that the kernel or a driver holds, a vmalloc area\(mayBeUnprinted) or a RAM disk, which it "
                    + "cannot distinguish" : largestSite
            return "\(held(.unaccounted)) are on no counter of the report\(whose)"
        case .memoryFull:
            guard let largest = account?.largestInUse else { return "who has it, the report does not say" }
            return largest.kind == .unaccounted
                ? "\(held(.unaccounted)) are held inside the kernel, on no counter of the report\(largestSite)"
                : "the largest part, \(held(largest.kind)), is \(largest.kind.title)"
        case .fragmentation, .reservesExhausted, .belowMinNoReserve, .zoneExhausted, .lowmemReserve, .highAtomic,
            .watermarkBoost, .movableOnly, .cmaOnly, .nodeFullThisNode, .memorylessNode, .nodemask, .mempolicy, .cpuset,
            .memcg, .vmallocSize, .orderTooLarge, .sysrqF, .none, .stateWouldServe,
            .allocationStall,
            .cmaArea, .unknown:
            return "who has it, the report does not say"
        }
    }

    private var largestProcess: String {
        guard let first = report.processes.first, let all = account?.pages(.processes) else { return "" }
        let pages = min(first.residentPages, 1 << 40)
        // A table that lost its rows names no process.
        guard pages * 4 >= all, pages > 0 else { return "" }
        let many = first.count > 1 ? "\(first.count) times " : ""
        let shared = pages > all ? ", what they share counted for each" : ""
        return ", \(pages * 2 >= all ? "most of it" : "the largest") \(many)\(first.name) (\(amount(pages))\(shared))"
    }

    /// ", a balloon": what newer kernels print and this one does not.
    private var mayBeUnprinted: String {
        let kernel = report.assumedKernel
        let balloon = kernel.has(.balloonInReports) ? "" : ", a balloon"
        let isSwapUsed = account?.swap.map { $0.free < $0.total } ?? false
        return balloon + (isSwapUsed && !kernel.has(.compressedSwapInReports) ? ", zswap or zram" : "")
    }

    /// ", most of it allocated by brd_insert_page (drivers/block/brd.c, 90 MiB)": from the kernel's own profile.
    private var largestSite: String {
        guard let site = report.allocations.max(by: { $0.bytes < $1.bytes }), site.bytes > 0 else { return "" }
        return
            ", the largest part allocated by \(VisibleText.of(site.function)) (\(VisibleText.of(site.file)), "
            + "\(MemoryAmount.text(bytes: site.bytes)))"
    }

    /// " of 4.5 GiB, of which 3 GiB are unreclaimable slab, most of it dentry (2 GiB)": who has the part of the machine
    /// that the request may use, where others have plenty.
    private var filledBy: String {
        guard let places = analysis.places, let account, account.isComplete, account.managed == places.managed,
            let largest = account.largestInUse, largest.pages * 4 >= places.managed
        else { return "" }
        let slab = largest.kind == .slabUnreclaimable ? largestSlab : ""
        return " of \(amount(places.managed)), of which \(amount(largest.pages)) are \(largest.kind.title)\(slab)"
    }

    private var largestSlab: String {
        guard let slab = report.slabs.max(by: { ($0.total, $1.name) < ($1.total, $0.name) }), slab.total > 0 else {
            return ""
        }
        return ", most of it \(slab.name) (\(MemoryAmount.text(kibibytes: slab.total)))"
    }

    /// " It holds 150 MiB of anonymous memory and 20 MiB of page cache.": from the group's own statistics.
    private var groupUse: String {
        guard let statistics = report.oom?.cgroupStatistics else { return "" }
        let names: [(name: String, what: String)] = [
            ("anon", "anonymous memory"), ("shmem", "tmpfs and shared memory"), ("file", "page cache, tmpfs among it"),
            ("slab", "slab"), ("pagetables", "page tables"), ("kernel_stack", "kernel stacks"),
        ]
        let held = names.compactMap { name, what in statistics[name].map { (bytes: min(max(0, $0), 1 << 52), what) } }
        let all = held.reduce(0) { $0 + $1.bytes }
        let large = held.filter { $0.bytes * 20 >= max(1, all) }.sorted { $0.bytes > $1.bytes }
        guard !large.isEmpty else { return "" }
        return " It holds " + Self.list(large.map { "\(MemoryAmount.text(bytes: $0.bytes)) of \($0.1)" }) + "."
    }

    /// Why an area did not provide its pages, by the error (`cma_alloc`, mm/cma.c, 6.12) and by the free pages that are
    /// left.
    private func contiguousRange(_ cma: FailureReport.CMAFailure) -> String {
        let left = cma.largestRun.map { run in
            let sum = cma.free.map { free in
                cma.total.map { ", of \(free) in all and \($0) that the area has" } ?? ", of \(free) in all"
            }
            return "the longest run that its users have left is of \(run) pages" + (sum ?? "")
        }
        if cma.result == -16 || cma.result == nil && cma.largestRun ?? 0 >= cma.pages {
            let pinned = "pages in it are in use and could not be moved: pinned, or held by a file system"
            return pinned + (left.map { "; \($0)" } ?? "")
        }
        if cma.result == -4 { return "a signal came before it was done" }
        return (left ?? "it has no run of that many pages that are free or could be moved")
            + "; cma= makes the area larger"
    }

    /// The whole sentence of a report in which no zone was tried.
    func special(_ cause: Cause, _ why: String) -> String {
        switch cause {
        case .memcg:
            let group = report.oom?.memcg.map { " \($0)" } ?? ""
            let limit =
                report.oom?.cgroupUsage.first { $0.resource == "memory" }
                .map { " of \(MemoryAmount.text(kibibytes: $0.limit))" } ?? ""
            return
                "The memory cgroup\(group) reached its limit\(limit): the page allocator had no part in it.\(groupUse)"
        case .cmaArea:
            guard let cma = report.cma else { return "A CMA area could not give the pages asked for." }
            let area = cma.area.map { " \($0)" } ?? ""
            return
                "The CMA area\(area) could not give \(cma.pages) pages together (\(amount(cma.pages))): "
                + "\(contiguousRange(cma))."
        case .hugetlb where report.hugePageShortage != nil:
            guard let pages = report.hugePageShortage else { return "Fewer huge pages could be set aside than wanted." }
            return
                "Of \(pages.wanted) huge pages of \(pages.size) only \(pages.got ?? 0) could be set aside: memory had "
                + "no more whole blocks of that size, or not so much in all."
        case .zoneExhausted, .movableOnly:
            let free = amount(min(report.memory?.counters["free"] ?? 0, 1 << 40))
            return
                "\(asker) was refused because no zone that its mask allows has any memory: the report lists none, "
                + "while \(free) are free in others."
        case .sysrqF: return "Nothing ran short: a person asked for the kill with SysRq f."
        case .none: return "Nothing failed: the report was asked for."
        case .orderTooLarge:
            let caller = analysis.requester.map { ", \($0.phrase)," } ?? ""
            return
                "The caller\(caller) asked for a block above the largest order that the allocator has, which is a "
                + "mistake of the caller: no amount of free memory helps."
        case .vmallocSize:
            let size = report.vmalloc?.size.map { " of \(MemoryAmount.text(bytes: $0))" } ?? ""
            let who = analysis.requester.map { " made by \(VisibleText.of($0.function))" } ?? ""
            return "A vmalloc\(size)\(who) failed before any page was asked for: \(why)."
        case .fragmentation, .reservesExhausted, .belowMinNoReserve, .memoryFull, .lowmemReserve, .highAtomic,
            .watermarkBoost, .cmaOnly, .nodeFullThisNode, .memorylessNode, .nodemask,
            .mempolicy, .cpuset, .processMemory, .mlocked, .tmpfs, .ramdisk, .hugetlb, .slabLeak, .pageLeak,
            .vmallocLeak, .balloon, .pageTables, .forkBomb, .bootInitramfs, .stateWouldServe, .allocationStall,
            .unknown:
            return "\(asker) was not refused by a zone: \(why)."
        }
    }
}
