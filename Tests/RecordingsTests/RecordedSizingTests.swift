import GFP
import PageAllocator
import Recordings
import TestSupport
import Testing
import Topology

/// What the kernel worked out from its machine, we work out too.
@Suite struct RecordedSizingTests {
    @Test(
        arguments: KnownRecordings.chosen)
    func `fallback orders, reserves, per-CPU list sizes and watermarks follow from the machine`(path: String) throws {
        let recording = try Recording.load(path)
        let wasResized = ["-recalc-", "-sysctl-minfree", "-sysctl-wsf"].contains(where: path.contains)
        checkZonelists(recording.before, KernelProfile(nearest: recording.version))
        try checkLowmemReserves(recording.before)
        try checkPagesets(recording, wasResized: wasResized)
        if wasResized { try checkWatermarks(recording) }
    }

    private func checkZonelists(_ before: Snapshot, _ profile: KernelProfile) {
        let nodes = before.topology.nodes.map(\.id)
        let managed = Dictionary(grouping: before.zones.filter { $0.span.managed > 0 }) { $0.span.node }
        let orders = NodeOrder(
            distances: before.topology.distances, hasMemory: nodes.map { managed[$0] != nil },
            loading: profile.nodeLoading
        ).orders
        for (position, node) in nodes.enumerated() {
            let list = orders[position].flatMap { other in
                (managed[nodes[other]] ?? []).reversed().map(\.span.reference)
            }
            #expect(list == before.zonelists[node])
        }
    }

    private func checkLowmemReserves(_ before: Snapshot) throws {
        let kinds = before.topology.architecture.zoneKinds
        for node in before.topology.nodes.map(\.id) {
            let zones = before.zones.filter { $0.span.node == node }
            let reserves = ZoneSizing.lowmemReserves(
                managed: kinds.map { kind in zones.first { $0.span.kind == kind }?.span.managed ?? 0 },
                ratios: kinds.map { before.topology.sysctls.lowmemReserveRatio[$0] ?? 0 })
            for zone in zones {
                let index = try #require(kinds.firstIndex(of: zone.span.kind))
                #expect(reserves[index] == zone.lowmemReserve, "\(zone.span.reference)")
            }
        }
    }

    /// The upper limit and the batch were computed at boot, when fewer pages were managed, and follow from those managed
    /// only after a sysctl was written.
    private func checkPagesets(_ recording: Recording, wasResized: Bool) throws {
        let before = recording.before
        let cpus = Dictionary(uniqueKeysWithValues: before.topology.nodes.map { ($0.id, $0.cpus.count) })
        let rules = KernelProfile(nearest: recording.version).perCPU
        for zone in before.zones where zone.span.present > 0 {
            let exact = try #require(zone.exact)
            let online = cpus.values.reduce(0, +)
            let own = cpus[zone.span.node] ?? 0
            func pageset(managed: Int) -> ZoneSizing.Pageset {
                ZoneSizing.pageset(
                    managed: managed, low: (zone.watermarks?.low ?? 0) + (zone.watermarks?.boost ?? 0),
                    cpusOfNode: own, onlineCPUs: online,
                    highFraction: before.topology.sysctls.percpuPagelistHighFraction,
                    pageSize: before.topology.pageSize, rules: rules)
            }
            let sizes = pageset(managed: zone.span.managed - (rules.countsContiguousAreas ? 0 : zone.span.cma))
            let atBoot = pageset(managed: exact.pagesetHighMax * 8 * (own > 0 ? own : online))
            #expect(
                sizes.batch == exact.pagesetBatch || !wasResized && atBoot.batch == exact.pagesetBatch,
                "\(zone.span.reference)")
            #expect(sizes.highMin == exact.pagesetHighMin, "\(zone.span.reference)")
            if wasResized { #expect(sizes.highMax == exact.pagesetHighMax, "\(zone.span.reference)") }
        }
    }

    /// Marks of an untouched boot were computed before some pages were freed.
    private func checkWatermarks(_ recording: Recording) throws {
        let before = recording.before
        let zones = before.zones.filter { $0.span.present > 0 }
        let marks = ZoneSizing.watermarks(
            of: zones.map { .init(kind: $0.span.kind, managed: $0.span.managed) },
            minFreeKbytes: try #require(before.topology.sysctls.minFreeKbytes),
            scaleFactor: before.topology.sysctls.watermarkScaleFactor, pageSize: before.topology.pageSize,
            rules: KernelProfile(nearest: recording.version).sizing)
        for (zone, computed) in zip(zones, marks) {
            var recorded = try #require(zone.watermarks)
            recorded.boost = 0
            #expect(computed == recorded, "\(zone.span.reference)")
        }
    }
}
