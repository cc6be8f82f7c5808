import BuddyEngine
import GFP
import Topology

/// What a request has been through in the slow path so far.
struct PressureAttempt {
    var fruitlessRounds = 0
    var compactionRetries = 0
    var compaction = CompactionResult.skipped
    var compactionPriority = CompactionPriority.lightSync
    /// How many pages the last reclaim freed.
    var progress = 0
    var rounds = 0
    /// Its own task has been killed meanwhile.
    var isVictim = false
}

extension Machine {
    /// Serves a request that may sleep, after its second walk failed: compacts, reclaims, and finally kills
    /// (`__alloc_pages_slowpath`, mm/page_alloc.c, 5.10 to 6.12).
    @usableFromInline
    @inline(never)
    mutating func allocateUnderPressure<Observer: AllocationObserver>(
        _ request: borrowing AllocationRequest, _ context: inout WalkContext, flags first: AllocFlags,
        observing observer: inout Observer
    ) -> PageFrame? {
        var request = copy request
        pressure.clock += 1
        var flags = first
        var attempt = PressureAttempt()
        let gfp = request.gfp
        let order = request.order
        let isCostly = order > PerCPUPages.costlyOrder

        if gfp.mayCompact, isCostly || order > 0 && context.type != .movable, request.emergencyFlags.isEmpty {
            if let frame = compactDirectly(request, &context, flags, .async, &attempt, observing: &observer) {
                return frame
            }
            if isCostly, gfp.contains(.noRetry) {
                if attempt.compaction == .skipped || attempt.compaction == .deferred || gfp.contains(.thisNode) {
                    return nil
                }
                attempt.compactionPriority = .async
            }
        }
        while attempt.rounds < PressureState.mostRounds {
            attempt.rounds += 1
            if let frame = walkAgain(request, &context, flags: &flags, observing: &observer) { return frame }
            if request.task.contains(.memoryAllocator) { return nil }
            if let frame = reclaimDirectly(request, &context, flags, &attempt, observing: &observer) { return frame }
            if let frame = compactDirectly(
                request, &context, flags, attempt.compactionPriority, &attempt, observing: &observer)
            {
                return frame
            }
            switch decide(request, context, &flags, &attempt, observing: &observer) {
            case .again:
                if attempt.isVictim { request.task.insert(.oomVictim) }
            case .served(let frame): return frame
            case .giveUp:
                guard gfp.contains(.noFail), attempt.fruitlessRounds <= Self.mostFruitlessRounds * 4 else {
                    return nil
                }
                attempt.fruitlessRounds += 1
                if let frame = walkPastCpuset(request, &context, flags: [.minReserve], observing: &observer) {
                    return frame
                }
            }
        }
        return nil
    }

    /// Like ``allocateUnderPressure(_:_:flags:observing:)``, but the first compaction is part of the rounds, each of
    /// which begins by waking kswapd and walking (`__alloc_pages_slowpath`, mm/page_alloc.c, 7.2).
    mutating func allocateInRounds<Observer: AllocationObserver>(
        _ request: borrowing AllocationRequest, _ context: inout WalkContext, flags first: AllocFlags,
        observing observer: inout Observer
    ) -> PageFrame? {
        var request = copy request
        pressure.clock += 1
        var flags = first
        var attempt = PressureAttempt()
        let gfp = request.gfp
        var compactsFirst =
            gfp.mayCompact
            && (request.order > PerCPUPages.costlyOrder || request.order > 0 && context.type != .movable)
        if compactsFirst { attempt.compactionPriority = .async }
        while attempt.rounds < PressureState.mostRounds {
            attempt.rounds += 1
            if attempt.rounds > 1 {
                if let frame = callAndWalk(request, &context, flags: flags, observing: &observer) { return frame }
                _ = gainRights(request, &context, flags: &flags)
            }
            if request.task.contains(.memoryAllocator) { return nil }
            if !compactsFirst,
                let frame = reclaimDirectly(request, &context, flags, &attempt, observing: &observer)
            {
                return frame
            }
            if let frame = compactDirectly(
                request, &context, flags, attempt.compactionPriority, &attempt, observing: &observer)
            {
                return frame
            }
            if compactsFirst {
                if gfp.isSuperset(of: [.noRetry, .thisNode]) { return nil }
                if !gfp.contains(.noRetry) { attempt.compactionPriority = .lightSync }
                compactsFirst = false
                continue
            }
            switch decide(request, context, &flags, &attempt, observing: &observer) {
            case .again:
                if attempt.isVictim { request.task.insert(.oomVictim) }
            case .served(let frame): return frame
            case .giveUp:
                guard gfp.contains(.noFail), attempt.fruitlessRounds <= Self.mostFruitlessRounds * 4 else {
                    return nil
                }
                attempt.fruitlessRounds += 1
                if let frame = walkPastCpuset(
                    request, &context, flags: profile.walk.reserves.flagsWithoutFailing, observing: &observer)
                {
                    return frame
                }
            }
        }
        return nil
    }

    private enum Decision {
        case again
        case giveUp
        case served(PageFrame)
    }

    private mutating func decide<Observer: AllocationObserver>(
        _ request: borrowing AllocationRequest, _ context: WalkContext, _ flags: inout AllocFlags,
        _ attempt: inout PressureAttempt, observing observer: inout Observer
    ) -> Decision {
        let gfp = request.gfp
        let isCostly = request.order > PerCPUPages.costlyOrder
        if gfp.contains(.noRetry) { return .giveUp }
        if isCostly, !gfp.mayCompact || !gfp.contains(.retryMayFail) { return .giveUp }
        let mayReclaim = shouldRetryReclaim(request, context, flags, &attempt)
        if pressure.cpu != nil {
            giveUpCPU(observing: &observer)
        } else if !awakened.isEmpty {
            runKswapd(observing: &observer)
        }
        if mayReclaim { return .again }
        if attempt.progress > 0, gfp.mayCompact, shouldRetryCompaction(request, context, &attempt) { return .again }
        if forbidsFragmentation, flags.contains(.noFragment) {
            flags.remove(.noFragment)
            return .again
        }
        let (frame, madeProgress) = killForMemory(request, context, &attempt, observing: &observer)
        if let frame { return .served(frame) }
        if request.task.contains(.oomVictim), flags.contains(.oom) || gfp.contains(.noMemAlloc) { return .giveUp }
        guard madeProgress else { return .giveUp }
        attempt.fruitlessRounds = 0
        return .again
    }

    /// Whether reclaim could still free enough (`should_reclaim_retry`). If not, pageblocks reserved as highatomic are
    /// given up, one at a time.
    private mutating func shouldRetryReclaim(
        _ request: borrowing AllocationRequest, _ context: WalkContext, _ flags: AllocFlags,
        _ attempt: inout PressureAttempt
    ) -> Bool {
        if attempt.progress > 0, request.order <= PerCPUPages.costlyOrder {
            attempt.fruitlessRounds = 0
        } else {
            attempt.fruitlessRounds += 1
        }
        if attempt.fruitlessRounds <= Self.mostFruitlessRounds, let reclaimHook {
            for position in context.preferred..<context.count {
                let entry = entries[context.start + position]
                guard allows(entry, request, context), !passesBy(entry.node, request, context, flags) else { continue }
                let zone = Int(entry.zone)
                let exact = max(zones[zone].buddy.counters.exactFree, 0)
                // Without an estimate, only progress counts.
                guard let reclaimable = reclaimHook.reclaimablePages(in: zones[zone].reference) else {
                    if attempt.progress > 0 { return true }
                    continue
                }
                let mark = zones[zone].effectiveWatermark(.min)
                if zones[zone].keeps(
                    mark, order: request.order, highest: context.highest, flags: flags, free: exact + reclaimable)
                {
                    return true
                }
            }
        }
        guard profile.reclaim.soonGivesUpHighAtomic || attempt.fruitlessRounds > Self.mostFruitlessRounds else {
            return false
        }
        return unreserveHighAtomic(request, context, force: true)
    }

    /// Gives up a highatomic pageblock in the first zone that has one (`unreserve_highatomic_pageblock`).
    mutating func unreserveHighAtomic(
        _ request: borrowing AllocationRequest, _ context: WalkContext, force: Bool
    ) -> Bool {
        for position in context.preferred..<context.count {
            let entry = entries[context.start + position]
            guard allows(entry, request, context) else { continue }
            let zone = Int(entry.zone)
            if let listener {
                var observer = ListenerObserver(listener)
                if zones[zone].buddy.unreserveHighAtomic(as: context.type, force: force, observing: &observer) {
                    return true
                }
            } else if zones[zone].buddy.unreserveHighAtomic(as: context.type, force: force) {
                return true
            }
        }
        return false
    }
}

extension GFPFlags {
    /// Compaction writes and waits, so I/O must be allowed (`gfp_compaction_allowed`).
    var mayCompact: Bool { contains(.io) }
}
