import BuddyEngine
import GFP
import Topology

extension Machine {
    /// What follows the second walk under rules by which only new rights justify a third: a request that may now ignore
    /// its node mask or the watermarks wakes kswapd and walks again. Then one that can sleep reclaims; one that cannot
    /// is refused, in defragmentation mode after a walk that may fragment (`__alloc_pages_slowpath`, 7.2).
    @usableFromInline
    mutating func tryNewRights<Observer: AllocationObserver>(
        _ request: borrowing AllocationRequest, _ context: inout WalkContext, flags: inout AllocFlags,
        observing observer: inout Observer
    ) -> PageFrame? {
        if gainRights(request, &context, flags: &flags),
            let frame = callAndWalk(request, &context, flags: flags, observing: &observer)
        {
            return frame
        }
        if reclaimHook != nil, request.gfp.contains(.directReclaim) {
            return allocateInRounds(request, &context, flags: flags, observing: &observer)
        }
        guard forbidsFragmentation, profile.walk.rescuesInDefragMode, flags.contains(.noFragment),
            request.gfp.contains(.kswapdReclaim)
        else {
            return nil
        }
        flags.remove(.noFragment)
        return callAndWalk(request, &context, flags: flags, observing: &observer)
    }

    mutating func callAndWalk<Observer: AllocationObserver>(
        _ request: borrowing AllocationRequest, _ context: inout WalkContext, flags: AllocFlags,
        observing observer: inout Observer
    ) -> PageFrame? {
        if flags.contains(.kswapd) { wakeAllKswapds(request, context, observing: &observer) }
        return walk(request, &context, flags: flags, observing: &observer)
    }
}
