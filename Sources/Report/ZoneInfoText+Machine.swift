import BuddyEngine
import GFP
import KernelText
import PageAllocator
import Topology

extension ZoneInfoText {
    /// Every zone of a machine, empty ones too, in the form of the machine's kernel.
    ///
    /// - Parameter source: as for ``KernelFileFormat/text(of:source:)``.
    public init(_ machine: borrowing Machine, source: Snapshot? = nil) {
        let state = machine.snapshot()
        let form = Form.of(machine.topology.kernel)
        var zones: [Zone] = []
        for node in machine.nodeIDs {
            var isFirst = true
            for kind in machine.zoneKinds {
                guard let position = machine.position(of: ZoneReference(node: node, kind: kind)),
                    let snapshot = state.zone(node, kind)
                else {
                    if form.listsEmptyZones {
                        zones.append(Zone(emptyOn: node, kind: kind, kinds: machine.zoneKinds.count, form: form))
                    }
                    continue
                }
                let threshold = machine.withZone(position) { Int($0.buddy.counters.threshold) }
                var zone = Zone(snapshot, cpus: machine.cpuIDs, statThreshold: threshold, form: form)
                zone.addCounters(of: snapshot, source: source?.zone(node, kind), form: form)
                if isFirst { zone.nodeCounters = form.nodeCounterNames.map { NamedCounter(name: $0, value: 0) } }
                isFirst = false
                zones.append(zone)
            }
        }
        self.init(zones: zones, form: form)
    }
}

extension ZoneInfoText.Zone {
    fileprivate init(emptyOn node: NodeID, kind: ZoneKind, kinds: Int, form: ZoneInfoText.Form) {
        self.init(
            node: node, name: kind.kernelName, boost: form.amounts.contains(.boost) ? 0 : nil,
            promo: form.amounts.contains(.promo) ? 0 : nil, managed: form.amounts.contains(.managed) ? 0 : nil,
            cma: form.amounts.contains(.cma) ? 0 : nil, protection: Array(repeating: 0, count: kinds))
    }

    /// The marks are printed with the boost in them (`wmark_pages`, include/linux/mmzone.h).
    fileprivate init(_ zone: ZoneSnapshot, cpus: [CPUID], statThreshold: Int, form: ZoneInfoText.Form) {
        let span = zone.span
        let marks = zone.watermarks ?? WatermarkValues(min: 0, low: 0, high: 0)
        let lists = Dictionary(
            (zone.exact?.perCPU ?? []).map { ($0.cpu, $0) }, uniquingKeysWith: { first, _ in first })
        let (batch, high) = (zone.exact?.pagesetBatch ?? 1, zone.exact?.pagesetHighMin ?? 0)
        self.init(
            node: span.node, name: span.kind.kernelName, free: max(zone.freePages ?? 0, 0), boost: marks.boost,
            min: marks.min + marks.boost, low: marks.low + marks.boost, high: marks.high + marks.boost,
            promo: (marks.promo ?? marks.high) + marks.boost, scanned: 0, spanned: span.spanned,
            present: span.present, managed: span.managed, cma: span.cma, protection: zone.lowmemReserve ?? [],
            pagesets: cpus.map { cpu in
                let own = lists[cpu]
                return ZoneInfoText.Pageset(
                    cpu: cpu, count: own?.count ?? 0, high: own?.high ?? high, batch: own?.batch ?? batch,
                    highMin: form.hasPagesetLimits ? own?.highMin ?? high : nil,
                    highMax: form.hasPagesetLimits ? own?.highMax ?? zone.exact?.pagesetHighMax ?? high : nil,
                    statThreshold: cpus.count > 1 ? statThreshold : nil)
            },
            isUnreclaimable: false, startPageFrame: span.start.rawValue, inactiveRatio: 1)
    }

    /// What the machine counts itself is the machine's, all else the source's.
    fileprivate mutating func addCounters(of zone: ZoneSnapshot, source: ZoneSnapshot?, form: ZoneInfoText.Form) {
        let numa = zone.exact?.numa ?? NUMACounters()
        let own = [
            "nr_free_pages": zone.freePages ?? 0, "nr_free_cma": zone.exact?.freeCMACounter ?? 0,
            "numa_hit": numa.hit, "numa_miss": numa.miss, "numa_foreign": numa.foreign,
            "numa_interleave": numa.interleave, "numa_local": numa.local, "numa_other": numa.other,
        ]
        if let free = source?.freePages { self.free = free }
        let printed = source?.counters ?? [:]
        let extra = printed.keys.filter { !form.counterNames.contains($0) }.sorted()
        let names = form.counterNames.filter { printed.isEmpty || printed[$0] != nil } + extra
        counters = names.map { name in
            NamedCounter(name: name, value: UInt64(bitPattern: Int64(printed[name] ?? own[name] ?? 0)))
        }
    }
}
