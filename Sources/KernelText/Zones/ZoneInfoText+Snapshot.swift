import GFP
import Topology

extension ZoneInfoText {
    /// What the kernel would print of a machine.
    ///
    /// Counters that `ZoneSnapshot.counters` does not name are 0; a node's are with its first zone. Per-CPU lists are
    /// printed if `ZoneSnapshot.exact` has them.
    ///
    /// - Parameters:
    ///   - snapshot: The machine.
    ///   - form: The layout; nil: that of the machine's kernel.
    public init(_ snapshot: Snapshot, form: Form? = nil) {
        let form = form ?? .of(snapshot.topology.kernel)
        var zones: [Zone] = []
        for node in snapshot.topology.nodes {
            var needsNodeCounters = true
            for kind in snapshot.topology.architecture.zoneKinds {
                let known = snapshot.zones.first { $0.span.node == node.id && $0.span.kind == kind }
                guard let known, known.span.present > 0 else {
                    if form.listsEmptyZones {
                        zones.append(
                            form.emptyZone(node.id, kind, zoneCount: snapshot.topology.architecture.zoneKinds.count))
                    }
                    continue
                }
                var zone = form.zone(known)
                if needsNodeCounters {
                    zone.nodeCounters = form.nodeCounterNames.map { name in
                        NamedCounter(name: name, value: UInt64(bitPattern: Int64(known.counters[name] ?? 0)))
                    }
                    needsNodeCounters = false
                }
                zones.append(zone)
            }
        }
        self.init(zones: zones, form: form)
    }
}

extension ZoneInfoText.Form {
    fileprivate func emptyZone(_ node: NodeID, _ kind: ZoneKind, zoneCount: Int) -> ZoneInfoText.Zone {
        var zone = ZoneInfoText.Zone(node: node, name: kind.kernelName)
        for amount in amounts { zone[amount] = 0 }
        if kind == .movable, amounts.contains(.promo) {
            // At least SWAP_CLUSTER_MAX, even without pages (`__setup_per_zone_wmarks`, mm/page_alloc.c, 6.12).
            for mark in [ZoneInfoText.Amount.min, .low, .high, .promo] { zone[mark] = 32 }
        }
        zone.protection = Array(repeating: 0, count: zoneCount)
        return zone
    }

    fileprivate func zone(_ known: ZoneSnapshot) -> ZoneInfoText.Zone {
        let marks = known.watermarks ?? WatermarkValues(min: 0, low: 0, high: 0)
        var zone = ZoneInfoText.Zone(node: known.span.node, name: known.span.kind.kernelName)
        for amount in amounts {
            zone[amount] =
                switch amount {
                case .boost: marks.boost
                case .min: marks.min + marks.boost
                case .low: marks.low + marks.boost
                case .high: marks.high + marks.boost
                case .promo: (marks.promo ?? marks.high) + marks.boost
                case .scanned, .nodeScanned: 0
                case .spanned: known.span.spanned
                case .present: known.span.present
                case .managed: known.span.managed
                case .cma: known.span.cma
                }
        }
        zone.free = known.freePages ?? 0
        zone.protection = known.lowmemReserve ?? []
        zone.counters = counterNames.map { name in
            let value = known.counters[name] ?? (name == "nr_free_pages" ? zone.free : 0)
            return NamedCounter(name: name, value: UInt64(bitPattern: Int64(value)))
        }
        zone.pagesets = (known.exact?.perCPU ?? []).map { lists in
            PerCPUFigures(
                cpu: lists.cpu, count: lists.count, high: lists.high, batch: lists.batch,
                highMin: hasPagesetLimits ? lists.highMin : nil, highMax: hasPagesetLimits ? lists.highMax : nil,
                statThreshold: lists.statThreshold)
        }
        zone.isUnreclaimable = false
        zone.startPageFrame = known.span.start.rawValue
        if trailers.contains(.inactiveRatio) || trailers.contains(.nodeInactiveRatio) { zone.inactiveRatio = 1 }
        return zone
    }
}
