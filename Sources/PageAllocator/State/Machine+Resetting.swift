import BuddyEngine
import Topology

extension Machine {
    /// Forgets everything that has happened and puts the machine into a snapshot's state. The result is that of
    /// ``restoring(_:profile:policy:)``, but the machine keeps its tables, its hook, its listener and the checking of
    /// frees.
    ///
    /// O(size of the snapshot) plus O(what the machine has on its lists), which is less than building a machine takes.
    ///
    /// - Precondition: The snapshot has the topology, zonelists and zone spans that the machine was built from, and no
    ///   sysctl was set since.
    /// - Throws: ``MachineError`` if no machine can be in such a state; this one must then be reset again before it is
    ///   used.
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
    /// The zones that a machine restored from the snapshot has.
    var presentZones: [ZoneSnapshot] { zones.filter { $0.span.spanned > 0 && $0.span.present > 0 } }
}

extension Zone {
    /// Forgets everything that has happened: nothing is free, on lists or counted, and no CPU has used the zone. Sizes
    /// stay.
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
