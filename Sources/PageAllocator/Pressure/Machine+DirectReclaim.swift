import BuddyEngine
import GFP
import Topology

extension Machine {
    /// Reclaims in the context of the request, then walks again; if that fails, it tries once more with pages that were
    /// reserved as highatomic or lay on CPUs' lists (`__alloc_pages_direct_reclaim`).
    mutating func reclaimDirectly<Observer: AllocationObserver>(
        _ request: borrowing AllocationRequest, _ context: inout WalkContext, _ flags: AllocFlags,
        _ attempt: inout PressureAttempt, observing observer: inout Observer
    ) -> PageFrame? {
        attempt.progress = freePages(for: request, context, observing: &observer)
        guard attempt.progress > 0 else { return nil }
        if let frame = walk(request, &context, flags: flags, observing: &observer) { return frame }
        _ = unreserveHighAtomic(request, context, force: false)
        drainAll()
        if profile.reclaim.drainsByWorker { taskSleepsShortly(observing: &observer) }
        return walk(request, &context, flags: flags, observing: &observer)
    }

    /// Reclaims from all nodes that the request may use (`try_to_free_pages` and `do_try_to_free_pages`, mm/vmscan.c).
    /// Returns the pages freed; 1 if reclaim was cut short because compaction can do better.
    private mutating func freePages<Observer: AllocationObserver>(
        for request: borrowing AllocationRequest, _ context: WalkContext, observing observer: inout Observer
    ) -> Int {
        guard let reclaimHook else { return 0 }
        if pressure.cpu == nil { _ = reclaimHook.letOthersRun(upTo: nil, in: &self) }
        giveUpCPU(observing: &observer)
        defer { giveUpCPU(observing: &observer) }
        for _ in 0..<(profile.reclaim.repeatsFruitlessReclaim ? 2 : 1) {
            counters.allocStalls[context.highest] += 1
            var reclaimed = 0
            for priority in stride(from: ReclaimCall.gentlest, through: 0, by: -1) {
                let before = counters.foliosScanned
                let (freed, isCompactionReady) = shrinkNodes(
                    for: request, context, priority: priority, observing: &observer)
                reclaimed += freed
                taskReclaimed(since: before)
                if reclaimed >= ReclaimCall.cluster || !reclaimHook.scansByPriority { break }
                if isCompactionReady { return max(reclaimed, 1) }
            }
            if reclaimed > 0 { return reclaimed }
        }
        return 0
    }

    /// One pass over the nodes that the request may use (`shrink_zones`).
    private mutating func shrinkNodes<Observer: AllocationObserver>(
        for request: borrowing AllocationRequest, _ context: WalkContext, priority: Int,
        observing observer: inout Observer
    ) -> (freed: Int, isCompactionReady: Bool) {
        var freed = 0
        var isCompactionReady = false
        var last: NodeID?
        for position in context.preferred..<context.count {
            let entry = entries[context.start + position]
            guard allows(entry, request, context) else { continue }
            if context.isConfined {
                // Memory outside the cpuset is never reclaimed for a task in one.
                var hardwalled = context
                hardwalled.isHardwalled = true
                guard isInCpuset(entry.node, request, hardwalled) else { continue }
            }
            if request.order > PerCPUPages.costlyOrder,
                self.isCompactionReady(Int(entry.zone), order: request.order, highest: context.highest)
            {
                isCompactionReady = true
                continue
            }
            guard entry.node != last else { continue }
            last = entry.node
            var call = ReclaimCall(
                reason: .direct, node: entry.node, order: request.order, highestZoneIndex: context.highest,
                gfp: request.gfp, priority: priority)
            call.mayWrite = request.gfp.contains(.io)
            call.maySwap = request.gfp.contains(.io)
            call.cpu = request.cpu
            freed += shrinkNode(call, position: zones[Int(entry.zone)].nodePosition, observing: &observer)
        }
        return (freed, isCompactionReady)
    }

    /// Reclaims from one node; for a high order, until compaction has room to work (`shrink_node`,
    /// `should_continue_reclaim`).
    mutating func shrinkNode<Observer: AllocationObserver>(
        _ call: ReclaimCall, position node: Int, observing observer: inout Observer
    ) -> Int {
        var sum = 0
        var passes = 0
        repeat {
            let freed = shrinkNodeOnce(call, position: node, observing: &observer)
            sum += freed
            passes += 1
            guard freed > 0, reclaimHook?.scansByPriority == true, passes < PressureState.mostRounds else { break }
        } while shouldContinue(call, node: node)
        return sum
    }

    mutating func shrinkNodeOnce<Observer: AllocationObserver>(
        _ call: ReclaimCall, position node: Int, observing observer: inout Observer
    ) -> Int {
        guard let reclaimHook else { return 0 }
        let before = pagesFreed
        let claimed = reclaimHook.reclaim(call, in: &self)
        // Pages that a hook claims but did not free help nobody, and would be asked for again forever.
        let freed = max(min(claimed, pagesFreed &- before), 0)
        observer.reclaimed(call, freed: freed)
        if freed > 0 { reclaimers[node].failures = 0 }
        return freed
    }

    /// How many pages have been freed so far, in all zones.
    private var pagesFreed: Int { (0..<zoneCount).reduce(0) { $0 &+ zones[$1].pagesFreed } }

    func shouldContinue(_ call: ReclaimCall, node: Int) -> Bool {
        let isForCompaction =
            call.order > 0
            && (call.order > PerCPUPages.costlyOrder || call.priority < ReclaimCall.gentlest - 2)
        guard isForCompaction, !profile.reclaim.keepsGenerations, let reclaimHook else { return false }
        var reclaimable = 0
        for zone in 0..<zoneCount
        where zones[zone].nodePosition == node && zones[zone].index <= call.highestZoneIndex && zones[zone].managed > 0
        {
            if zones[zone].keeps(
                zones[zone].effectiveWatermark(.min), order: call.order, highest: call.highestZoneIndex, flags: [],
                free: zones[zone].buddy.counters.free)
                || isSuitableForCompaction(zone, order: call.order, highest: call.highestZoneIndex)
            {
                return false
            }
            reclaimable += reclaimHook.reclaimablePages(in: zones[zone].reference) ?? 0
        }
        return reclaimable > 2 * call.order.pages
    }

    /// Whether compaction would have enough room for reclaim to stop (`compaction_ready`).
    private func isCompactionReady(_ zone: Int, order: Order, highest: Int) -> Bool {
        let free = zones[zone].buddy.counters.free
        if zones[zone].keeps(
            zones[zone].effectiveWatermark(.min), order: order, highest: highest, flags: [], free: free)
        {
            return true
        }
        guard isSuitableForCompaction(zone, order: order, highest: highest) else { return false }
        return zones[zone].keeps(
            zones[zone].effectiveWatermark(.high) + 2 * order.pages, order: 0, highest: highest, flags: [], free: free)
    }
}
