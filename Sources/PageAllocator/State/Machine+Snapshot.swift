import BuddyEngine
import GFP
import Topology

extension Machine {
    /// The machine's complete state: a machine restored from it gives the same results as this one.
    ///
    /// Only zonelists that were given and do not follow from the topology are included, because their size grows with
    /// the square of the number of nodes.
    public func snapshot() -> Snapshot {
        var kswapdStates: [NodeID: KswapdSnapshot] = [:]
        var zonelists: [NodeID: [ZoneReference]] = [:]
        for (position, node) in nodeIDs.enumerated() {
            let state = reclaimers[position]
            kswapdStates[node] = KswapdSnapshot(
                order: state.order, highestZoneIndex: state.highestZoneIndex, failures: state.failures,
                isAsleep: state.isAsleep)
            if statedZonelists.contains(node) { zonelists[node] = zonelist(of: node) }
        }
        return Snapshot(
            topology: topology,
            zones: (0..<zoneCount).map {
                zones[$0].snapshot(cpuIDs: cpuIDs, hasPromoMark: profile.sizing.hasPromoMark)
            },
            zonelists: zonelists, kswapd: kswapdStates, isMobilityGroupingDisabled: isMobilityGroupingDisabled)
    }
}

extension Zone {
    /// The zone's complete state.
    func snapshot(cpuIDs: [CPUID], hasPromoMark: Bool) -> ZoneSnapshot {
        ZoneSnapshot(
            span: ZoneSpan(
                node: node, kind: kind, start: buddy.range.lowerBound, spanned: spanned, present: present,
                managed: managed, cma: cma, managedRanges: segments),
            watermarks: WatermarkValues(
                min: watermark(.min), low: watermark(.low), high: watermark(.high),
                promo: hasPromoMark ? watermark(.promo) : nil,
                boost: boost),
            lowmemReserve: lowmemReserve.indices.map { lowmemReserve[$0] },
            freePages: freePagesCounter, free: .lists(freeLists()), reservedHighAtomic: buddy.reservedHighAtomic,
            exact: exactState(cpuIDs: cpuIDs))
    }

    /// Every list that has a block, smallest order first.
    public func freeLists() -> [FreeList] {
        (0...buddy.maximumOrder.rawValue).flatMap { raw in
            let order = Order(rawValue: raw)
            return Migratetype.allCases.compactMap { type -> FreeList? in
                guard buddy.hasBlock(order: order, type: type) else { return nil }
                var list = FreeList(order: order, type: type, runs: [])
                buddy.forEachRun(order: order, type: type) { first, count in
                    if let last = list.runs.last, last.first + last.count * order.pages == first {
                        list.runs[list.runs.count - 1].count += count
                    } else {
                        list.runs.append(FreeList.Run(first: first, count: count))
                    }
                }
                return list
            }
        }
    }

    private func exactState(cpuIDs: [CPUID]) -> ExactZoneState {
        ExactZoneState(
            pageblocks: pageblockRuns(), pages: movableRuns(),
            perCPU: readyCPUs.sorted().map { cpu in
                perCPUSnapshot(cpu, id: cpuIDs[cpu])
            }, freePagesCounter: buddy.counters.free, freeCMACounter: buddy.counters.cma,
            freeHighAtomic: buddy.rules.countsEachChange ? buddy.counters.highAtomic : nil,
            percpuDriftMark: percpuDriftMark, isBoosted: flags.contains(.boosted),
            isReclaimActive: flags.contains(.reclaimActive), isBelowHigh: flags.contains(.belowHigh),
            isContiguous: isContiguous, pagesetHighMin: pagesetHighMin, pagesetHighMax: pagesetHighMax,
            pagesetBatch: pagesetBatch, numa: numa)
    }

    /// Runs of pageblocks of one type. Movable ones, the default, are omitted.
    private func pageblockRuns() -> [ExactZoneState.PageblockRun] {
        buddy.pageblockRuns().filter { $0.type != .movable }.map {
            ExactZoneState.PageblockRun(first: $0.first, count: $0.count, type: $0.type)
        }
    }

    private func movableRuns() -> [ExactZoneState.PageRun] {
        buddy.movableRuns().map {
            ExactZoneState.PageRun(first: $0.lowerBound, count: $0.pages, use: .movable)
        }
    }

    /// One CPU's lists, and its share of the counters.
    func perCPUSnapshot(_ cpu: Int, id: CPUID) -> PerCPUSnapshot {
        let lists = perCPU.base[cpu]
        return PerCPUSnapshot(
            cpu: id, count: lists.count, batch: lists.batch, expire: lists.expire, high: lists.high,
            highMin: lists.highMin, highMax: lists.highMax, flags: Int(lists.flags.rawValue),
            allocFactor: lists.allocFactor, freeCount: countsFreesInARow ? lists.recentFrees : 0,
            freeFactor: countsFreesInARow ? 0 : lists.recentFrees,
            statThreshold: buddy.counters.threshold, diffFreePages: Int(buddy.counters[cpu].free),
            diffFreeCMA: Int(buddy.counters[cpu].cma),
            lists: (0..<PerCPUPages.listCount).compactMap { index in
                let queue = queue(cpu, index).pointee
                guard !queue.isEmpty else { return nil }
                let blocks = queue.blocks(order: PerCPUPages.order(ofList: index, hugeOrder: hugeOrder))
                return PerCPUSnapshot.List(
                    index: index, frames: blocks.map(\.frame),
                    types: perCPURules.pagesCarryType ? blocks.map(\.type) : [])
            })
    }
}
