import BuddyEngine
import GFP
import Topology

extension Machine {
    /// The first walk found nothing: wake kswapd, use what the request may of the reserves, reclaim
    /// (`__alloc_pages_slowpath`).
    @inlinable
    @inline(never)
    mutating func allocateSlowly<Observer: AllocationObserver>(
        _ request: borrowing AllocationRequest, _ first: WalkContext, observing observer: inout Observer
    ) -> PageFrame? {
        var context = first
        var flags = slowFlags(request, context)
        guard context.preferred < context.count else { return nil }

        if flags.contains(.kswapd) { wakeAllKswapds(request, context, observing: &observer) }
        if let frame = walk(request, &context, flags: flags, observing: &observer) { return frame }

        var fruitlessRounds = 0
        while true {
            if flags.contains(.kswapd) { wakeAllKswapds(request, context, observing: &observer) }
            let reserves = emergencyFlags(request)
            if !reserves.isEmpty {
                flags = reserves.union(flags.intersection(.kswapd))
                if hasCMA, context.type == .movable { flags.insert(.cma) }
            }
            let ignoresPolicy = !flags.contains(.cpuset) || !reserves.isEmpty
            if context.isMasked, ignoresPolicy {
                context.isMasked = false
                context.preferred = firstAllowed(request, context)
            }
            if let frame = walk(request, &context, flags: flags, observing: &observer) { return frame }
            guard request.gfp.contains(.directReclaim), !request.task.contains(.memoryAllocator) else { return nil }

            let progress = reclaimDirectly(request, context, observing: &observer)
            if progress > 0, let frame = walk(request, &context, flags: flags, observing: &observer) { return frame }
            fruitlessRounds = progress > 0 ? 0 : fruitlessRounds &+ 1
            guard mayRetry(request, fruitlessRounds: fruitlessRounds) else { return nil }
        }
    }

    /// What a request may do once it is in trouble (`gfp_to_alloc_flags`).
    @inlinable
    func slowFlags(_ request: borrowing AllocationRequest, _ context: WalkContext) -> AllocFlags {
        var flags: AllocFlags = [.minMark, .cpuset]
        if request.gfp.contains(.high) { flags.insert(.minReserve) }
        if request.gfp.contains(.kswapdReclaim) { flags.insert(.kswapd) }
        if request.gfp.contains(.directReclaim) {
            if request.task.contains(.realTime), !request.task.contains(.interrupt) { flags.insert(.minReserve) }
        } else {
            if !request.gfp.contains(.noMemAlloc) {
                flags.insert(.nonBlock)
                if request.order > 0, flags.contains(.minReserve) { flags.insert(.highAtomic) }
            }
            if flags.contains(.minReserve) { flags.remove(.cpuset) }
        }
        if hasCMA, context.type == .movable { flags.insert(.cma) }
        return flags
    }

    /// The right to go below every watermark, of those who free memory or are to die (`__gfp_pfmemalloc_flags`).
    @inlinable
    func emergencyFlags(_ request: borrowing AllocationRequest) -> AllocFlags {
        if request.gfp.contains(.noMemAlloc) { return [] }
        if request.gfp.contains(.memAlloc) { return .noWatermarks }
        if request.task.contains(.interrupt) { return [] }
        if request.task.contains(.memoryAllocator) { return .noWatermarks }
        return request.task.contains(.oomVictim) ? .oom : []
    }

    /// Rounds of reclaim without progress before a request gives up (`MAX_RECLAIM_RETRIES`).
    @inlinable
    static var mostFruitlessRounds: Int { 16 }

    /// Whether to reclaim once more. Without progress every request gives up in the end, `__GFP_NOFAIL` too: nothing
    /// else runs that could free memory for it.
    @inlinable
    func mayRetry(_ request: borrowing AllocationRequest, fruitlessRounds: Int) -> Bool {
        guard reclaimHook != nil, fruitlessRounds < Self.mostFruitlessRounds else { return false }
        if request.gfp.contains(.noFail) { return true }
        if request.gfp.contains(.noRetry) { return false }
        if request.order <= PerCPUPages.costlyOrder { return true }
        return request.gfp.contains(.retryMayFail)
    }

    @usableFromInline
    mutating func reclaimDirectly<Observer: AllocationObserver>(
        _ request: borrowing AllocationRequest, _ context: WalkContext, observing observer: inout Observer
    ) -> Int {
        guard let reclaimHook, context.preferred < context.count else { return 0 }
        let call = ReclaimCall(
            reason: .direct, node: entries[unchecked: context.start + context.preferred].node, order: request.order,
            highestZoneIndex: context.highest, gfp: request.gfp)
        let freed = reclaimHook.reclaim(call, in: &self)
        observer.reclaimed(call, freed: freed)
        return freed
    }
}
