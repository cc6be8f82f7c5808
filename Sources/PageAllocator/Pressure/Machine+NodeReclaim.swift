import BuddyEngine
import GFP
import Topology

extension Machine {
    /// Reclaims from a zone below its mark, because `vm.zone_reclaim_mode` prefers that to a more distant node. Returns
    /// whether the zone can now serve the request (`node_reclaim`, mm/vmscan.c, as `get_page_from_freelist` uses it).
    @usableFromInline
    @inline(never)
    mutating func reclaimsNode<Observer: AllocationObserver>(
        of zone: Int, _ request: borrowing AllocationRequest, _ context: WalkContext, flags: AllocFlags,
        observing observer: inout Observer
    ) -> Bool {
        let mode = topology.sysctls.zoneReclaimMode
        guard mode != 0, let reclaimHook, !pressure.isReclaimingNode, !flags.contains(.noWatermarks),
            context.preferred < context.count
        else { return false }
        let preferred = entries[context.start + context.preferred].node
        let node = zones[zone].node
        // `zone_allows_reclaim`, `gfpflags_allow_blocking`; and only the own node, or one without CPUs.
        guard Int(topology.distances.distance(from: preferred, to: node) ?? 255) <= Self.reclaimDistance,
            request.gfp.contains(.directReclaim), !request.task.contains(.memoryAllocator),
            topology.nodes[zones[zone].nodePosition].cpus.isEmpty || zones[zone].nodePosition == context.cpuNode
        else { return false }
        pressure.isReclaimingNode = true
        defer { pressure.isReclaimingNode = false }
        var freed = 0
        for priority in stride(from: Self.nodeReclaimPriority, through: 0, by: -1) {
            var call = ReclaimCall(
                reason: .node, node: node, order: request.order, highestZoneIndex: context.highest, gfp: request.gfp,
                priority: priority, target: max(request.order.pages, ReclaimCall.cluster))
            call.mayWrite = mode & 2 != 0
            call.maySwap = mode & 4 != 0
            call.cpu = request.cpu
            freed += shrinkNode(call, position: zones[zone].nodePosition, observing: &observer)
            if freed >= request.order.pages || !reclaimHook.scansByPriority { break }
        }
        if freed < request.order.pages { counters.zoneReclaimFailures += 1 }
        guard freed > 0 || profile.reclaim.looksAgainAfterFruitlessNodeReclaim else { return false }
        return zones[zone].isAbove(
            flags.mark, order: request.order, highest: context.highest, flags: flags, gfp: request.gfp)
    }

    /// Whether walks reclaim from nodes at all.
    @usableFromInline
    var reclaimsNodes: Bool { reclaimHook != nil && topology.sysctls.zoneReclaimMode != 0 }

    /// The architectures' default `node_reclaim_distance`.
    private static var reclaimDistance: Int { 30 }
    /// `NODE_RECLAIM_PRIORITY`.
    private static var nodeReclaimPriority: Int { 4 }
}
