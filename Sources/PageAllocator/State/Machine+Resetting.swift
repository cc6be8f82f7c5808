import BuddyEngine
import Topology

extension Machine {
    /// Forgets all that happened and puts the machine into a snapshot's state: what ``restoring(_:profile:policy:)`` gives,
    /// but that the machine's tables stay where they are. Hook, listener and what is checked stay, too.
    ///
    /// O(what the snapshot has) and O(what the machine has on its lists), not O(what it takes to build one).
    ///
    /// - Precondition: The snapshot's topology, zonelists and spans of zones are those that the machine was built of, and no
    ///   sysctl was set since.
    /// - Throws: ``MachineError`` if no machine can be in such a state; then this one is in none, and must be reset again.
    mutating func reset(to snapshot: Snapshot) throws(MachineError) {
        let present = snapshot.presentZones
        precondition(present.count == zoneCount, "a snapshot of other zones")
        for position in 0..<zoneCount { zones[position].clear() }
        for position in nodeIDs.indices { reclaimers[position] = KswapdState(highestZoneIndex: zoneKinds.count) }
        noteKswapds()
        pressure = PressureState(nodes: nodeIDs.count, zones: zoneCount)
        counters = PressureCounters()
        pageWatch = PageWatch()
        lastFreed = LastFreed()
        awakened = []
        hasCMA = topology.isCMAConfigured || (0..<zoneCount).contains { zones[$0].cma > 0 }
        try restore(present, kswapd: snapshot.kswapd)
        groupByMobility(isDisabled: snapshot.isMobilityGroupingDisabled)
    }
}

extension Snapshot {
    /// The zones that a machine restored from it has.
    var presentZones: [ZoneSnapshot] { zones.filter { $0.span.spanned > 0 && $0.span.present > 0 } }
}

extension Zone {
    /// Forgets all that happened: nothing is free, on lists or counted, and no CPU has used the zone. Sizes stay.
    mutating func clear() {
        buddy.clear()
        for cpu in readyCPUs {
            for list in 0..<PerCPUPages.listCount { queue(cpu, list).pointee.deallocate() }
            perCPU.base[cpu] = PerCPUPages()
        }
        readyCPUs = []
        ledger.clear()
        flags = []
        boost = 0
        isContiguous = true
        numa = NUMACounters()
        pagesAllocated = 0
        pagesFreed = 0
    }
}
