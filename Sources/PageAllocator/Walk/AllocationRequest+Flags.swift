import BuddyEngine
import GFP

extension AllocationRequest {
    /// What the request may do from its second walk on (`gfp_to_alloc_flags`).
    ///
    /// - Parameters:
    ///   - rules: The kernel's rules on reserves.
    ///   - mayUseCMA: The machine has CMA, and the request's type is movable (`gfp_to_alloc_flags_cma`).
    @inlinable
    public func slowFlags(_ rules: ReserveRules, mayUseCMA: Bool) -> AllocFlags {
        var flags = rules.slowFlags(
            gfp, isHighOrder: order > 0, isRealTime: task.contains(.realTime) && !task.contains(.interrupt))
        if mayUseCMA { flags.insert(.cma) }
        return flags
    }

    /// The right to go below every watermark, which a request has if it frees memory or its task is being killed; empty
    /// if it has none (`__gfp_pfmemalloc_flags`).
    @inlinable
    public var emergencyFlags: AllocFlags {
        if gfp.contains(.noMemAlloc) { return [] }
        if gfp.contains(.memAlloc) { return .noWatermarks }
        if task.contains(.interrupt) { return [] }
        if task.contains(.memoryAllocator) { return .noWatermarks }
        return task.contains(.oomVictim) ? .oom : []
    }

    /// What the last walk before reclaim or refusal may do: everything that the request has a right to (`retry:` in
    /// `__alloc_pages_slowpath`).
    ///
    /// - Parameters:
    ///   - slow: ``slowFlags(_:mayUseCMA:)``.
    ///   - rules: The kernel's rules on reserves.
    @inlinable
    public func lastFlags(after slow: AllocFlags, _ rules: ReserveRules) -> AllocFlags {
        let reserves = emergencyFlags
        guard !reserves.isEmpty else { return slow }
        return reserves.union(slow.intersection(rules.emergencyKeepsKswapd ? [.kswapd, .cma] : .cma))
    }
}
