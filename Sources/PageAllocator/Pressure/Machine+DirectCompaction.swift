import BuddyEngine
import GFP
import Topology

extension Machine {
    /// Compacts in the context of the request, then walks again (`__alloc_pages_direct_compact`).
    mutating func compactDirectly<Observer: AllocationObserver>(
        _ request: borrowing AllocationRequest, _ context: inout WalkContext, _ flags: AllocFlags,
        _ priority: CompactionPriority, _ attempt: inout PressureAttempt, observing observer: inout Observer
    ) -> PageFrame? {
        guard request.order > 0 else { return nil }
        let before = timeCompacting
        attempt.compaction = compact(request, context, flags, priority, observing: &observer)
        taskCompacted(since: before)
        guard attempt.compaction != .skipped || profile.reclaim.looksAfterSkippedCompaction else { return nil }
        counters.compactStalls += 1
        if let frame = walk(request, &context, flags: flags, observing: &observer) {
            if let zone = segments.zone(of: frame) { resetDeferral(zone, request.order, isCertain: true) }
            counters.compactSuccesses += 1
            return frame
        }
        counters.compactFailures += 1
        if pressure.cpu != nil { giveUpCPU(observing: &observer) }
        return nil
    }

    /// Compacts the zones that the request may use, in turn (`try_to_compact_pages`, mm/compaction.c).
    private mutating func compact<Observer: AllocationObserver>(
        _ request: borrowing AllocationRequest, _ context: WalkContext, _ flags: AllocFlags,
        _ priority: CompactionPriority, observing observer: inout Observer
    ) -> CompactionResult {
        var greatest = CompactionResult.skipped
        guard request.gfp.mayCompact else { return greatest }
        for position in context.preferred..<context.count {
            let entry = entries[context.start + position]
            guard allows(entry, request, context), !passesBy(entry.node, request, context, flags) else { continue }
            let zone = Int(entry.zone)
            if priority > .fullSync, isDeferred(zone, request.order) {
                greatest = max(greatest, .deferred)
                continue
            }
            let task = CompactionTask(
                zone: zone, order: request.order, type: context.type, highest: context.highest, flags: flags,
                isAsync: priority == .async, wholeZone: priority == .fullSync, isDirect: true, cpu: context.cpu)
            let result = run(task, observing: &observer)
            greatest = max(greatest, result)
            if result == .success {
                resetDeferral(zone, request.order, isCertain: false)
                break
            }
            if priority != .async, result == .complete || result == .partialSkipped { postpone(zone, request.order) }
        }
        return greatest
    }

    /// Whether to compact again, and harder (`should_compact_retry`).
    mutating func shouldRetryCompaction(
        _ request: borrowing AllocationRequest, _ context: WalkContext, _ attempt: inout PressureAttempt
    ) -> Bool {
        guard request.order > 0 else { return false }
        let isCostly = request.order > PerCPUPages.costlyOrder
        if attempt.compaction == .skipped { return couldCompact(request, context) }
        if attempt.compaction == .success {
            attempt.compactionRetries += 1
            if attempt.compactionRetries <= (isCostly ? Self.mostCompactionRetries / 4 : Self.mostCompactionRetries) {
                return true
            }
        }
        let hardest: CompactionPriority = isCostly ? .lightSync : .fullSync
        guard attempt.compactionPriority > hardest,
            let next = CompactionPriority(rawValue: attempt.compactionPriority.rawValue - 1)
        else { return false }
        attempt.compactionPriority = next
        attempt.compactionRetries = 0
        return true
    }

    /// How often compaction is retried (`MAX_COMPACT_RETRIES`).
    private static var mostCompactionRetries: Int { 16 }

    /// Whether some zone would have room for compaction if part of its reclaimable pages were free
    /// (`compaction_zonelist_suitable`).
    private mutating func couldCompact(_ request: borrowing AllocationRequest, _ context: WalkContext) -> Bool {
        for position in context.preferred..<context.count {
            let entry = entries[context.start + position]
            guard allows(entry, request, context) else { continue }
            let zone = Int(entry.zone)
            let reclaimable = reclaimHook?.reclaimablePages(in: zones[zone].reference) ?? 0
            let free = reclaimable / Int(max(request.order.rawValue, 1)) + max(zones[zone].buddy.counters.exactFree, 0)
            if hasRoomForCompaction(zone, order: request.order, highest: context.highest, free: free) { return true }
        }
        return false
    }

    /// Whether a zone has enough free pages to move others to (`__compaction_suitable`).
    func hasRoomForCompaction(_ zone: Int, order: Order, highest: Int, free: Int) -> Bool {
        let level: WatermarkLevel = order > PerCPUPages.costlyOrder ? .low : .min
        return zones[zone].keeps(
            zones[zone].effectiveWatermark(level) + 2 * order.pages, order: 0, highest: highest, flags: .cma,
            free: free)
    }

    /// Whether compaction can help in a zone: it has room and, for a costly order, fragmentation is the problem
    /// (`compaction_suitable`).
    func isSuitableForCompaction(_ zone: Int, order: Order, highest: Int) -> Bool {
        guard
            hasRoomForCompaction(zone, order: order, highest: highest, free: zones[zone].buddy.counters.free)
        else { return false }
        guard order > PerCPUPages.costlyOrder else { return true }
        let index = zones[zone].fragmentation.index(order)
        return index < 0 || index > topology.sysctls.extfragThreshold
    }

    // MARK: - Deferral

    /// Whether compaction is skipped because it failed recently (`compaction_deferred`).
    mutating func isDeferred(_ zone: Int, _ order: Order) -> Bool {
        guard order >= pressure.compaction[zone].orderFailed else { return false }
        let limit = 1 << pressure.compaction[zone].deferShift
        pressure.compaction[zone].considered += 1
        guard pressure.compaction[zone].considered >= limit else { return true }
        pressure.compaction[zone].considered = limit
        return false
    }

    /// Makes compaction be skipped more often (`defer_compaction`).
    mutating func postpone(_ zone: Int, _ order: Order) {
        pressure.compaction[zone].considered = 0
        pressure.compaction[zone].deferShift = min(
            pressure.compaction[zone].deferShift + 1, CompactionState.mostDeferShift)
        pressure.compaction[zone].orderFailed = min(pressure.compaction[zone].orderFailed, order)
    }

    /// Makes compaction be tried again for an order that succeeded (`compaction_defer_reset`).
    mutating func resetDeferral(_ zone: Int, _ order: Order, isCertain: Bool) {
        if isCertain {
            pressure.compaction[zone].considered = 0
            pressure.compaction[zone].deferShift = 0
        }
        if order >= pressure.compaction[zone].orderFailed {
            pressure.compaction[zone].orderFailed = Order(order.rawValue + 1)
        }
    }
}
