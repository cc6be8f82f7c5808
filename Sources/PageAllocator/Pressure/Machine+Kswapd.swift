import BuddyEngine
import GFP
import Topology

extension Machine {
    /// Wakes the kswapd of each node along the walk, once per change of node, for the node's first zone that the
    /// request may use (`wake_all_kswapds`).
    @usableFromInline
    mutating func wakeAllKswapds<Observer: AllocationObserver>(
        _ request: borrowing AllocationRequest, _ context: WalkContext, observing observer: inout Observer
    ) {
        pressure.cpu?.task = context.cpu
        var last: NodeID?
        for position in 0..<context.count {
            let entry = entries[unchecked: context.start + position]
            guard allows(entry, request, context), entry.node != last else { continue }
            last = entry.node
            if context.isConfined, !isInCpuset(entry.node, request, context) { continue }
            let order = forbidsFragmentation ? max(request.order, topology.pageblockOrder) : request.order
            wakeKswapd(Int(entry.zone), order: order, highest: context.highest, observing: &observer)
        }
    }

    /// Tells the reclaim thread of a zone's node what is needed, and wakes it if it sleeps and the node needs it
    /// (`wakeup_kswapd`, mm/vmscan.c).
    @usableFromInline
    @inline(never)
    mutating func wakeKswapd<Observer: AllocationObserver>(
        _ zone: Int, order: Order, highest: Int, observing observer: inout Observer
    ) {
        let node = zones[zone].nodePosition
        if reclaimers[node].highestZoneIndex == zoneKinds.count || reclaimers[node].highestZoneIndex < highest {
            reclaimers[node].highestZoneIndex = highest
        }
        reclaimers[node].order = max(reclaimers[node].order, order)
        var wake = KswapdWake(
            node: zones[zone].node, zone: zones[zone].kind, order: order, highestZoneIndex: highest, awakened: false)
        if reclaimers[node].isAsleep, !reclaimers[node].isHopeless(after: profile.reclaim.hopelessAfter),
            !isBalanced(node: node, order: order, highest: highest) || isBoosted(node: node, highest: highest)
        {
            wake.awakened = true
            reclaimers[node].isAsleep = false
            noteKswapds()
            if let since = pressure.sleptAt[node], pressure.now - since < pressure.shortSleep {
                counters.kswapdLowHitQuickly += 1
            }
            if sharesCPU(node) {
                if pressure.cpu?.wakes() == true { pressure.isPreempted = true }
            } else {
                pressure.clocks[node] = pressure.now
            }
        }
        if reclaimHook != nil, !reclaimers[node].isAsleep, !awakened.contains(node) { awakened.append(node) }
        observer.wokeKswapd(wake)
    }

    /// Whether some zone of a node is above its high watermark for the order, or the node has no such zone
    /// (`pgdat_balanced`, mm/vmscan.c). In defragmentation mode only whole pageblocks count, for orders above 0.
    func isBalanced(node: Int, order: Order, highest: Int) -> Bool {
        var isEmpty = true
        for zone in 0..<zoneCount
        where zones[zone].nodePosition == node && zones[zone].index <= highest && zones[zone].managed > 0 {
            isEmpty = false
            if forbidsFragmentation, order > 0 {
                if zones[zone].keeps(
                    zones[zone].effectiveWatermark(.high), order: order, highest: highest, flags: [],
                    free: zones[zone].buddy.freePagesInPageblocks)
                {
                    return true
                }
            } else if zones[zone].isSafelyAbove(.high, order: order, highest: highest) {
                return true
            }
        }
        return isEmpty
    }

    /// Whether a zone of the node has a watermark boost (`pgdat_watermark_boosted`, mm/vmscan.c).
    func isBoosted(node: Int, highest: Int) -> Bool {
        (0..<zoneCount).contains {
            zones[$0].nodePosition == node && zones[$0].index <= highest && zones[$0].boost > 0
        }
    }

    /// Lets the reclaim threads that were woken work, now that the request is done or sleeps. Where they share its CPU,
    /// they wait for the end of an interrupt, which yields to nobody.
    @usableFromInline
    @inline(never)
    mutating func runKswapd<Observer: AllocationObserver>(
        after task: AllocationRequest.TaskState = [], observing observer: inout Observer
    ) {
        guard pressure.cpu == nil else {
            if !task.contains(.interrupt) { endRequestOnSharedCPU(observing: &observer) }
            return
        }
        let nodes = awakened
        awakened.removeAll(keepingCapacity: true)
        for node in nodes { keepBalancing(node, observing: &observer) }
    }
}
