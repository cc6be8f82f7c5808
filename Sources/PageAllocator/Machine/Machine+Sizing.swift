import BuddyEngine
import GFP
import Topology

extension Machine {
    /// The `min_free_kbytes` in effect, in KiB: as set, else as the kernel computes it.
    public var minFreeKbytes: Int {
        topology.sysctls.minFreeKbytes ?? defaultMinFreeKbytes
    }

    /// Computed from the size of low memory. With transparent huge pages, khugepaged then asks for more, computed from
    /// the low memory above the high watermarks that follow from the first value.
    private var defaultMinFreeKbytes: Int {
        let low = (0..<zoneCount).filter { zones[$0].kind <= .normal }
        let managed = low.reduce(0) { $0 + zones[$1].managed }
        let first = topology.defaultMinFreeKbytes(lowmemManagedPages: managed)
        guard topology.usesTransparentHugePages else { return first }
        let marks = watermarks(minFreeKbytes: first)
        let usable = low.reduce(0) { $0 + max(zones[$1].managed - marks[$1].high, 0) }
        let counted = topology.countsMovableForHugePages ? zoneCount : low.count
        return max(first, topology.hugePageMinFreeKbytes(zones: counted, lowmemManagedPages: usable))
    }

    private func watermarks(minFreeKbytes: Int) -> [WatermarkValues] {
        ZoneSizing.watermarks(
            of: (0..<zoneCount).map { ZoneSizing.Zone(kind: zones[$0].kind, managed: zones[$0].managed) },
            minFreeKbytes: minFreeKbytes, scaleFactor: topology.sysctls.watermarkScaleFactor,
            pageSize: topology.pageSize, rules: profile.sizing)
    }

    /// Recomputes what depends on the sysctls that have changed (`setup_per_zone_wmarks`,
    /// `setup_per_zone_lowmem_reserve`, `percpu_pagelist_high_fraction_sysctl_handler`).
    mutating func resize(_ before: Sysctls) {
        let now = topology.sysctls
        for position in 0..<zoneCount { zones[position].boostFactor = now.watermarkBoostFactor }
        let marksChange =
            now.minFreeKbytes != before.minFreeKbytes || now.watermarkScaleFactor != before.watermarkScaleFactor
        if marksChange { resizeWatermarks() }
        if now.lowmemReserveRatio != before.lowmemReserveRatio { resizeReserves() }
        if marksChange || now.percpuPagelistHighFraction != before.percpuPagelistHighFraction { resizePerCPULists() }
    }

    /// Recomputes watermarks, reserves, per-CPU list sizes and counter thresholds of all zones.
    mutating func resize() {
        resizeWatermarks()
        resizeReserves()
        resizePerCPULists()
    }

    mutating func resizeWatermarks() {
        let marks = watermarks(minFreeKbytes: minFreeKbytes)
        for position in 0..<zoneCount {
            zones[position].setWatermarks(marks[position])
            zones[position].boostFactor = topology.sysctls.watermarkBoostFactor
            let threshold = ZoneSizing.counterThreshold(
                managed: zones[position].managed, onlineCPUs: cpuIDs.count, pageSize: topology.pageSize)
            zones[position].buddy.counters.threshold = threshold
            zones[position].percpuDriftMark = ZoneSizing.driftMark(
                marks[position], threshold: threshold, onlineCPUs: cpuIDs.count)
        }
    }

    mutating func resizeReserves() {
        let ratios = zoneKinds.map { topology.sysctls.lowmemReserveRatio[$0] ?? 0 }
        for node in nodeIDs {
            var managed = [Int](repeating: 0, count: zoneKinds.count)
            let own = (0..<zoneCount).filter { zones[$0].node == node }
            for position in own { managed[zones[position].index] = zones[position].managed }
            let reserves = ZoneSizing.lowmemReserves(managed: managed, ratios: ratios)
            for position in own { zones[position].setLowmemReserve(reserves[zones[position].index]) }
        }
    }

    mutating func resizePerCPULists() {
        let cpusOfNode = topology.nodes.map(\.cpus.count)
        for position in 0..<zoneCount {
            let apart = profile.perCPU.countsContiguousAreas ? 0 : zones[position].cma
            let sizes = ZoneSizing.pageset(
                managed: zones[position].managed - apart, low: zones[position].effectiveWatermark(.low),
                cpusOfNode: cpusOfNode[zones[position].nodePosition], onlineCPUs: cpuIDs.count,
                highFraction: topology.sysctls.percpuPagelistHighFraction, pageSize: topology.pageSize,
                rules: profile.perCPU)
            zones[position].setPageset(sizes)
        }
    }
}

extension Zone {
    mutating func setPageset(_ sizes: ZoneSizing.Pageset) {
        pagesetBatch = sizes.batch
        pagesetHighMin = sizes.highMin
        pagesetHighMax = sizes.highMax
        for cpu in readyCPUs {
            perCPU.base[cpu].setBatch(sizes.batch, rules: perCPURules)
            perCPU.base[cpu].highMin = sizes.highMin
            perCPU.base[cpu].highMax = sizes.highMax
            switch perCPURules.sizing {
            case .oneBatch, .fixedHigh: perCPU.base[cpu].high = sizes.highMin
            // It changes by itself (`nr_pcp_high`).
            case .movingHigh: break
            }
        }
    }
}
