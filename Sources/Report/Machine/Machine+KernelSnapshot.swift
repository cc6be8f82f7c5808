import BuddyEngine
import GFP
import PageAllocator
import Topology

extension Machine {
    /// The machine's state as the kernel's texts describe it: with the counters that they print, and with the per-CPU
    /// lists of CPUs that have not used a zone yet.
    ///
    /// - Parameters:
    ///   - source: As for ``KernelFileFormat/text(of:source:)``.
    func kernelSnapshot(source: Snapshot?) -> Snapshot {
        var state = snapshot()
        for index in state.zones.indices {
            let zone = state.zones[index]
            let reference = ZoneReference(node: zone.span.node, kind: zone.span.kind)
            let printed = source?.zone(reference.node, reference.kind)
            let numa = zone.exact?.numa ?? NUMACounters()
            let own = [
                "nr_free_pages": zone.freePages ?? 0, "nr_free_cma": zone.exact?.freeCMACounter ?? 0,
                "numa_hit": numa.hit, "numa_miss": numa.miss, "numa_foreign": numa.foreign,
                "numa_interleave": numa.interleave, "numa_local": numa.local, "numa_other": numa.other,
            ]
            state.zones[index].lowmemReserve = zone.lowmemReserve.map { Array($0.prefix(zoneKinds.count)) }
            state.zones[index].freePages = printed?.freePages ?? zone.freePages
            state.zones[index].counters = own.merging(printed?.counters ?? [:]) { _, printed in printed }
            if let position = position(of: reference) { addUnusedLists(to: &state.zones[index], position) }
        }
        return state
    }

    /// Adds the lists of CPUs that have not used the zone yet: empty, and sized as the zone says.
    private func addUnusedLists(to zone: inout ZoneSnapshot, _ position: Int) {
        guard var exact = zone.exact else { return }
        let threshold = withZone(position) { $0.buddy.counters.threshold }
        let known = Dictionary(exact.perCPU.map { ($0.cpu, $0) }, uniquingKeysWith: { first, _ in first })
        exact.perCPU = cpuIDs.map { cpu in
            known[cpu]
                ?? PerCPUSnapshot(
                    cpu: cpu, batch: exact.pagesetBatch, high: exact.pagesetHighMin, highMin: exact.pagesetHighMin,
                    highMax: exact.pagesetHighMax, statThreshold: threshold)
        }
        zone.exact = exact
    }
}
