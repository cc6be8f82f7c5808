import BuddyEngine
import GFP
import Topology

/// Determines the cause from a scene by the allocator's own rules: first what kept free memory from the request, then
/// what the memory that is not free is used for.
struct CauseFinder {
    let scene: FailureScene
    let account: MemoryAccount?

    /// A finder; `account` is what the memory is used for, nil if the report does not say.
    init(_ scene: FailureScene, account: MemoryAccount?) {
        self.scene = scene
        self.account = account
    }

    func cause() -> Cause {
        if scene.request.order > Int(scene.machine.snapshot.topology.maximumOrder.rawValue) { return .orderTooLarge }
        guard scene.isRefused else { return .stateWouldServe }
        let zones = scene.allowedZones
        if scene.request.binding == .thisNode, zones.isEmpty { return .memorylessNode }
        if scene.isRefusedByHistoricRule, hasPages(zones) { return .fragmentation }
        return fragmentation(zones) ?? restriction() ?? obstacle(zones) ?? urgency() ?? holder()
    }

    /// Whether a zone of relevant size is above its mark, so that it does not lack pages. For a kill, memory must also not
    /// be used up: its last attempt was at the high mark, after everything that reclaim could do.
    private func hasPages(_ zones: [ZoneStanding]) -> Bool {
        let all = zones.reduce(0) { $0 + $1.managed }
        let reclaimable = scene.reclaimablePages(includingSwap: false)
        return zones.contains { zone in
            zone.managed * 10 >= all && zone.passesForSinglePage
                && (scene.report.kind != .oomKill || zone.isPlentiful(adding: reclaimable[zone.reference] ?? 0))
        }
    }

    /// Fragmentation, if a zone of relevant size has enough pages but no block of the order.
    private func fragmentation(_ zones: [ZoneStanding]) -> Cause? {
        let all = zones.reduce(0) { $0 + $1.managed }
        return scene.fragmented(zones.filter { $0.managed * 10 >= all }).isEmpty ? nil : .fragmentation
    }

    /// The request's own limits, if memory is free beyond them.
    private func restriction() -> Cause? {
        guard scene.isMuchFreeElsewhere else { return nil }
        if isMuchFreeAboveMask { return zoneRestriction() }
        switch scene.request.binding {
        case .thisNode: return .nodeFullThisNode
        case .nodemask: return .nodemask
        case .mempolicy: return .mempolicy
        case .cpuset: return .cpuset
        case nil: break
        }
        return zoneRestriction()
    }

    private func zoneRestriction() -> Cause? {
        let highest = scene.request.highestZone(scene.kinds) ?? .normal
        if highest < .normal { return .zoneExhausted }
        guard highest < .movable else { return nil }
        let hasHighMem =
            (scene.report.memory?.pageTotals["HighMem/MovableOnly"] ?? 0) > 0
            || scene.machine.snapshot.zones.contains { $0.span.kind == .highMem && $0.span.managed > 0 }
        return hasHighMem && highest < .highMem ? .zoneExhausted : .movableOnly
    }

    /// Whether much memory is free on the nodes that the request may use, in zones that its mask does not allow.
    private var isMuchFreeAboveMask: Bool {
        scene.isMuchFree { scene.isOnAllowedNode($0.span.node) && !scene.allows($0) }
    }

    /// The term of the watermark test without which the first walk would have succeeded.
    private func obstacle(_ zones: [ZoneStanding]) -> Cause? {
        let all = zones.reduce(0) { $0 + $1.managed }
        let large = zones.filter { $0.managed * 10 >= all }
        // If reclaim had its chance, a few pages reserved for others do not explain why the rest is used up.
        let least = scene.request.maySleep ? all / 100 : 0
        let cma = large.filter { $0.cmaFree * 2 >= $0.free && $0.passesEasily(without: [.cma]) }
        // A kill is about who uses the memory, unless a considerable part is reserved.
        let leastOfArea = scene.report.kind == .oomKill ? all / 10 : least
        if !cma.isEmpty, cma.reduce(0, { $0 + $1.cmaFree }) >= leastOfArea { return .cmaOnly }
        if large.contains(where: isEmptiedByHighAtomic) { return .highAtomic }
        let kept = large.filter { $0.highAtomicFree * 3 >= $0.free && $0.passes(without: [.highAtomic]) }
        // More than kswapd would want, and most of it reserved: before 4.10 the reserve was not given up for a kill.
        let isEnough = kept.contains { $0.highAtomicFree * 2 >= $0.free && $0.passesAtHighMark(without: [.highAtomic]) }
        if !kept.isEmpty, isEnough || kept.reduce(0, { $0 + $1.highAtomicFree }) >= least { return .highAtomic }
        // A request that may sleep had reclaim work for it: if that did not reach the boosted mark, there is another
        // cause.
        if !scene.request.maySleep, large.contains(where: { $0.boost > 0 && $0.passesEasily(without: [.boost]) }) {
            return .watermarkBoost
        }
        // With the kernel's default ratio of 256, a reserve is less than a hundredth of memory, and not the cause.
        let reserved = zones.filter { $0.lowmemReserve > 0 && $0.passesEasily(without: [.lowmemReserve]) }
            .reduce(0) { $0 + min($1.free, $1.lowmemReserve) }
        let free = zones.reduce(0) { $0 + $1.free }
        // A kill is about who uses the memory, unless a considerable part is reserved.
        let isKept = scene.report.kind == .oomKill ? reserved >= all / 10 : reserved >= all / 100
        if isKept, reserved * 2 >= free { return .lowmemReserve }
        return nil
    }

    /// Whether the marks let the request pass, because its flags let it count the reserve, but all lists for single
    /// pages are empty, and most free memory is reserved for high orders (4.4 to 6.2, `rmqueue_bulk`, mm/page_alloc.c,
    /// 5.10).
    private func isEmptiedByHighAtomic(_ zone: ZoneStanding) -> Bool {
        let look = scene.record.looks.last { $0.zone == zone.reference }
        return look?.verdict == .listsEmpty && (zone.zone.exact?.freeHighAtomic ?? 0) * 2 >= zone.free && zone.free > 0
    }

    /// The cause for a request that cannot sleep and can only use what is free at that moment, so that its right to
    /// reserves matters.
    private func urgency() -> Cause? {
        guard !scene.request.maySleep else { return nil }
        return scene.request.gfp.contains(.high) ? .reservesExhausted : .belowMinNoReserve
    }

    private func holder() -> Cause {
        // Without a total, it is unknown how much no counter includes.
        guard let account, account.managed != nil, let largest = account.largestInUse,
            account.isComplete || !(scene.report.memory?.counters.isEmpty ?? true) || account.hasCertainLargest
        else { return .unknown }
        if isBeforeFirstProcess(account) { return .bootInitramfs }
        if isForkBomb(account) { return .forkBomb }
        if account.slab > largest.pages { return .slabLeak }
        switch largest.kind {
        case .processes: return .processMemory
        case .mlocked: return .mlocked
        case .tmpfs: return .tmpfs
        case .slabUnreclaimable, .slabReclaimable, .slab: return .slabLeak
        case .pageTables: return .pageTables
        case .hugePages: return .hugetlb
        case .kernelStacks: return .forkBomb
        case .balloon: return .balloon
        // What is compressed now was processes' memory.
        case .compressedSwap: return .processMemory
        case .unaccounted where mayBeBeforeFirstProcess: return .unknown
        case .unaccounted:
            return allocatedBy(largest.pages) ?? (scene.report.kind == .oomKill ? .pageLeak : .memoryFull)
        case .pageCache, .unevictable, .perCPU, .free, .lru, .graphics: return .memoryFull
        }
    }

    /// The cause if the kernel's own profile of allocations shows who uses most of the pages that no counter includes.
    private func allocatedBy(_ pages: Int) -> Cause? {
        guard let site = scene.report.allocations.max(by: { $0.bytes < $1.bytes }),
            site.bytes / scene.pageSize * 2 >= pages
        else { return nil }
        if site.file.hasSuffix("/brd.c") { return .ramdisk }
        return site.file.hasSuffix("mm/vmalloc.c") ? .vmallocLeak : nil
    }

    /// Whether most tasks have the same name and little memory each, and nothing else uses half of the memory.
    private func isForkBomb(_ account: MemoryAccount) -> Bool {
        let tasks = scene.report.tasks
        // If tasks are not printed (vm.oom_dump_tasks 0): stacks take a twentieth of memory only with very many tasks.
        if tasks.isEmpty, account.pages(.kernelStacks) * 20 >= (account.managed ?? .max) { return true }
        if tasks.isEmpty, isRefusedToFork(account) { return true }
        guard tasks.count >= 50, let group = scene.report.processes.max(by: { $0.count < $1.count }),
            group.count * 5 >= tasks.count * 4, let largest = account.largestInUse
        else { return false }
        let isSmall = group.residentPages / max(1, group.count) * scene.pageSize < 4 << 20
        guard largest.pages * 2 >= (account.managed ?? .max) else { return isSmall }
        // A task's structures in slab caches take up to four times its stack.
        let isOfTasks = largest.kind == .slabUnreclaimable && account.slab <= 4 * account.pages(.kernelStacks)
        return isSmall && isOfTasks
    }

    /// Whether very many processes hold the memory, on kernels up to 2.6.31, where no counter has stacks: a new task was
    /// refused, page tables and slab caches hold 1/20 each, which very many small processes cause, and no other holder
    /// has half of the memory.
    private func isRefusedToFork(_ account: MemoryAccount) -> Bool {
        let isFork = scene.report.callTrace.contains { frame in
            frame.isReliable
                && ["copy_process", "dup_task_struct", "do_fork"].contains { frame.function.hasPrefix($0) }
        }
        guard isFork, account.pages(.kernelStacks) == 0, let managed = account.managed,
            let largest = account.largestInUse
        else { return false }
        return account.pages(.pageTables) * 20 >= managed && account.slab * 20 >= managed
            && (largest.kind == .pageTables || largest.kind == .unaccounted || largest.pages * 2 < managed)
    }

    /// Whether the request was made by the first task, a kernel thread, or an unknown task.
    private var isAskedByBoot: Bool {
        guard let process = scene.report.process else { return true }
        return process.pid == 1 || process.name.hasPrefix("swapper") || process.name.hasPrefix("kworker")
    }

    /// Whether the pages that no counter includes may have been used at boot: no task is named, and only totals would
    /// tell.
    private var mayBeBeforeFirstProcess: Bool {
        let report = scene.report
        return report.kind == .oomKill && report.tasks.isEmpty && report.oom?.victims.isEmpty ?? true && isAskedByBoot
            && report.memory?.pageTotals["RAM"] == nil
    }

    /// Whether no task has memory of its own yet, and the allocator manages a small part of the machine's memory.
    private func isBeforeFirstProcess(_ account: MemoryAccount) -> Bool {
        guard let ram = scene.report.memory?.pageTotals["RAM"].map({ min($0, 1 << 40) }), scene.report.kind == .oomKill,
            scene.report.tasks.isEmpty, scene.report.oom?.victims.isEmpty ?? true, isAskedByBoot,
            account.pages(.processes) * 20 < (account.managed ?? .max)
        else { return false }
        let hasCulprit = account.holders.contains {
            ![.unevictable, .tmpfs, .unaccounted].contains($0.kind) && $0.pages * 2 >= (account.managed ?? .max)
        }
        if hasCulprit { return false }
        let root = account.pages(.unevictable) + account.pages(.tmpfs)
        let managed = account.managed ?? ram
        return (ram - managed) * 2 >= ram || root * 2 >= managed
    }
}
