import BuddyEngine
import GFP
import Topology

extension Machine {
    /// Continues after the first walk found nothing: wakes kswapd, uses the reserves that the request may use, reclaims
    /// (`__alloc_pages_slowpath`).
    @inlinable
    @inline(never)
    mutating func allocateSlowly<Observer: AllocationObserver>(
        _ request: borrowing AllocationRequest, _ first: WalkContext, observing observer: inout Observer
    ) -> PageFrame? {
        var context = first
        if context.isConfined, !loosen(request, &context) { return nil }
        if let frame = tryAll(request, &context, observing: &observer) { return frame }
        guard context.isConfined, losesMask(request, context) else { return nil }
        context.isMasked = false
        context.preferred = firstAllowed(request, context)
        return tryAll(request, &context, observing: &observer)
    }

    /// Everything that a request may try from the second walk on.
    @inlinable
    mutating func tryAll<Observer: AllocationObserver>(
        _ request: borrowing AllocationRequest, _ context: inout WalkContext, observing observer: inout Observer
    ) -> PageFrame? {
        var flags = request.slowFlags(profile.walk.reserves, mayUseCMA: hasCMA && context.type == .movable)
        if forbidsFragmentation { flags.insert(.noFragment) }
        guard context.preferred < context.count else { return nil }

        if flags.contains(.kswapd) { wakeAllKswapds(request, context, observing: &observer) }
        if let frame = walk(request, &context, flags: flags, observing: &observer) { return frame }

        if profile.walk.slowPath == .walksOnceMoreWithNewRights {
            return tryNewRights(request, &context, flags: &flags, observing: &observer)
        }
        if reclaimHook != nil, request.gfp.contains(.directReclaim) {
            return allocateUnderPressure(request, &context, flags: flags, observing: &observer)
        }
        return walkAgain(request, &context, flags: &flags, observing: &observer)
    }

    /// Wakes kswapd again, then walks with all that the request may use; in the end, high-priority requests drop their
    /// node mask (`retry:` in `__alloc_pages_slowpath`).
    @inlinable
    mutating func walkAgain<Observer: AllocationObserver>(
        _ request: borrowing AllocationRequest, _ context: inout WalkContext, flags: inout AllocFlags,
        observing observer: inout Observer
    ) -> PageFrame? {
        if flags.contains(.kswapd) { wakeAllKswapds(request, context, observing: &observer) }
        _ = gainRights(request, &context, flags: &flags)
        return walk(request, &context, flags: flags, observing: &observer)
    }

    /// Lets a request go below all watermarks, or ignore its node mask and cpuset, if it may. Returns whether it may
    /// ignore anything.
    @inlinable
    mutating func gainRights(
        _ request: borrowing AllocationRequest, _ context: inout WalkContext, flags: inout AllocFlags
    ) -> Bool {
        let reserves = request.emergencyFlags
        flags = request.lastFlags(after: flags, profile.walk.reserves)
        guard !flags.contains(.cpuset) || !reserves.isEmpty else { return false }
        if context.isMasked {
            context.isMasked = false
            context.preferred = firstAllowed(request, context)
        }
        return true
    }

    /// How many rounds of reclaim without progress a request goes through before it gives up (`MAX_RECLAIM_RETRIES`).
    @inlinable
    static var mostFruitlessRounds: Int { 16 }
}
