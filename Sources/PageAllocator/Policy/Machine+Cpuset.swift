import BuddyEngine
import GFP
import Topology

extension Machine {
    /// Serves a request of a task in a cpuset. It never takes the fast path, so that that need not check for cpusets.
    mutating func allocate<Observer: AllocationObserver>(
        _ request: borrowing AllocationRequest, in cpuset: Cpuset, observing observer: inout Observer
    ) -> PageFrame? {
        let outer = self.cpuset
        self.cpuset = cpuset
        defer { self.cpuset = outer }
        return allocateByWalk(request, isConfined: true, observing: &observer)
    }

    /// For the first walk, the cpuset acts as a node mask if the request has none, and binds every request
    /// (`prepare_alloc_pages`). An interrupt has no cpuset.
    @usableFromInline
    @inline(never)
    mutating func confine(_ request: borrowing AllocationRequest, _ context: inout WalkContext) {
        guard cpuset != nil, !request.task.contains(.interrupt) else { return }
        context.isConfined = true
        context.isHardwalled = true
        if request.nodemask == nil {
            context.isMasked = true
            context.preferred = firstAllowed(request, context)
        }
    }

    /// From the second walk on, the request's own mask and its own `__GFP_HARDWALL` count again
    /// (`__alloc_pages_slowpath`).
    ///
    /// - Returns: False if the cpuset has no zone for such a request, so that nothing need be tried
    ///   (`cpusets_insane_config`).
    @usableFromInline
    @inline(never)
    mutating func loosen(_ request: borrowing AllocationRequest, _ context: inout WalkContext) -> Bool {
        context.isHardwalled = request.gfp.contains(.hardWall)
        context.isMasked = request.nodemask != nil
        context.preferred = firstAllowed(request, context)
        guard context.isHardwalled, let cpuset, hasOnlyMovableZones(cpuset.nodes) else { return true }
        return (0..<context.count).contains {
            let entry = entries[unchecked: context.start + $0]
            return Int(entry.index) <= context.highest && cpuset.nodes.contains(entry.node)
        }
    }

    /// Whether the request's node mask, having no node in common with the cpuset, is dropped before the request is
    /// refused (`check_retry_cpuset`).
    @usableFromInline
    func losesMask(_ request: borrowing AllocationRequest, _ context: WalkContext) -> Bool {
        guard context.isConfined, context.isMasked, let mask = request.nodemask, let cpuset else { return false }
        return !nodeIDs.contains { mask.contains($0) && cpuset.nodes.contains($0) }
    }

    /// Whether the task's cpuset allows a request to use a node's memory (`cpuset_node_allowed`).
    @usableFromInline
    @inline(never)
    func isInCpuset(_ node: NodeID, _ request: borrowing AllocationRequest, _ context: WalkContext) -> Bool {
        guard let cpuset, !cpuset.nodes.contains(node), !request.task.contains(.oomVictim) else { return true }
        return !context.isHardwalled && cpuset.outerNodes?.contains(node) ?? true
    }

    /// Whether compaction, and the test whether reclaim could help, skip a node for a request that may be confined:
    /// they do in 6.12, but not in 6.1.
    func passesBy(
        _ node: NodeID, _ request: borrowing AllocationRequest, _ context: WalkContext, _ flags: AllocFlags
    ) -> Bool {
        context.isConfined && flags.contains(.cpuset) && profile.reclaim.keepsToCpuset
            && !isInCpuset(node, request, context)
    }

    /// The last resort of `__GFP_NOFAIL`: a walk inside the cpuset, then one anywhere
    /// (`__alloc_pages_cpuset_fallback`).
    mutating func walkPastCpuset<Observer: AllocationObserver>(
        _ request: borrowing AllocationRequest, _ context: inout WalkContext, flags: AllocFlags,
        observing observer: inout Observer
    ) -> PageFrame? {
        if context.isConfined,
            let frame = walk(request, &context, flags: flags.union(.cpuset), observing: &observer)
        {
            return frame
        }
        return walk(request, &context, flags: flags, observing: &observer)
    }

    /// Whether the nodes have memory in movable zones only (`movable_only_nodes`, include/linux/cpuset.h).
    private func hasOnlyMovableZones(_ nodes: NodeMask) -> Bool {
        !(0..<zoneCount).contains {
            zones[$0].managed > 0 && zones[$0].kind != .movable && nodes.contains(zones[$0].node)
        }
    }
}
