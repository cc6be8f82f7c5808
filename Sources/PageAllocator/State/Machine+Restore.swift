import BuddyEngine
import GFP
import Topology

extension Machine {
    /// Builds the machine that a snapshot describes.
    ///
    /// If every list is known, the machine continues exactly where the recorded one stood. If only numbers of blocks
    /// are known, they are placed accordingly. Without zones, the machine has just booted.
    ///
    /// - Parameters:
    ///   - snapshot: The state.
    ///   - profile: The rules; nil: those nearest to the topology's kernel, with the topology's changes.
    ///   - policy: Replaces some of the profile's rules; nil: none.
    /// - Throws: ``MachineError`` if no machine can be in such a state.
    public static func restoring(
        _ snapshot: Snapshot, profile: KernelProfile? = nil, policy: (any AllocatorPolicy)? = nil
    ) throws(MachineError) -> Machine {
        guard !snapshot.zones.isEmpty else {
            return try Machine(snapshot.topology, profile: profile, zonelists: snapshot.zonelists)
        }
        let present = snapshot.presentZones
        for zone in present { try checkFrames(of: zone.span) }
        let segments = SegmentTable.withoutOverlap(present.map { $0.span.start..<$0.span.end })
        let rules = if let profile { profile } else { try KernelProfile.inForce(on: snapshot.topology) }
        var machine = try Machine(
            topology: snapshot.topology, profile: rules, policy: policy,
            spans: present.map(\.span),
            segments: zip(present, segments).map { zone, segments in
                zone.span.managedRanges.isEmpty ? zone.ownSegments(within: segments) : zone.span.managedRanges
            },
            zonelists: snapshot.zonelists)
        try machine.restore(present, kswapd: snapshot.kswapd)
        machine.groupByMobility(isDisabled: snapshot.isMobilityGroupingDisabled)
        return machine
    }

    /// Puts the state of zones into zones that have nothing free yet.
    mutating func restore(
        _ present: [ZoneSnapshot], kswapd states: [NodeID: KswapdSnapshot]
    ) throws(MachineError) {
        try restore(present)
        for (node, state) in states {
            guard let position = self.position(of: node) else { continue }
            reclaimers[position] = KswapdState(
                order: state.order, highestZoneIndex: state.highestZoneIndex, failures: state.failures,
                isAsleep: state.isAsleep)
        }
        noteKswapds()
    }

    private mutating func restore(_ present: [ZoneSnapshot]) throws(MachineError) {
        try checkPlaces(of: present)
        resize()
        for (position, zone) in present.enumerated() {
            let reference = ZoneReference(node: zone.span.node, kind: zone.span.kind)
            if let marks = zone.watermarks { zones[position].setWatermarks(marks) }
            if let reserve = zone.lowmemReserve { zones[position].setLowmemReserve(reserve) }
            zones[position].buddy.reservedHighAtomic = zone.reservedHighAtomic
            switch zone.free {
            case .lists(let lists): try restore(lists, position, reference)
            case .counts(let counts): try place(counts, zone, position, reference)
            }
            if let exact = zone.exact { try restore(exact, position, reference) }
        }
        if present.contains(where: { $0.watermarks != nil && $0.exact == nil }) { resizePerCPULists() }
        for (position, zone) in present.enumerated() where zone.exact == nil {
            try restore(zone.perCPULists, position, ZoneReference(node: zone.span.node, kind: zone.span.kind))
        }
    }

    /// Disables grouping by mobility on small machines (`build_all_zonelists`).
    ///
    /// - Parameters:
    ///   - isDisabled: As recorded; nil: decided by the pages present. At that point of the boot, a zone's managed
    ///     pages are not known yet (`free_area_init_core`, mm/mm_init.c, 6.12).
    mutating func groupByMobility(isDisabled: Bool? = nil) {
        isMobilityGroupingDisabled =
            isDisabled
            ?? topology.isTooSmallForMobilityGrouping(pages: (0..<zoneCount).reduce(0) { $0 + zones[$1].present })
        for position in 0..<zoneCount {
            zones[position].buddy.isMobilityGroupingDisabled = isMobilityGroupingDisabled
        }
    }

    mutating func restore(
        _ lists: [FreeList], _ position: Int, _ reference: ZoneReference
    ) throws(MachineError) {
        for list in lists {
            for run in list.runs {
                guard
                    zones[position].buddy.restore(run.first, count: run.count, order: list.order, type: list.type)
                else { throw .impossibleBlock(reference, frame: run.first, order: list.order) }
                // A page of another zone or of a hole could be allocated, but never freed.
                guard segments.holds(run.first..<(run.first + run.count * list.order.pages), zone: position) else {
                    throw .impossibleBlock(reference, frame: run.first, order: list.order)
                }
            }
        }
        let buddy = zones[position].buddy.freePages
        zones[position].buddy.counters.free = buddy
    }

    private mutating func restore(
        _ exact: ExactZoneState, _ position: Int, _ reference: ZoneReference
    ) throws(MachineError) {
        let zone = zones + position
        for run in exact.pageblocks {
            for index in 0..<run.count {
                let frame = run.first + index * topology.pageblockOrder.pages
                guard frame + topology.pageblockOrder.pages > zone.pointee.buddy.range.lowerBound,
                    frame < zone.pointee.buddy.range.upperBound
                else { throw .inconsistent(reference, "a pageblock at page frame \(frame) is outside the zone") }
                zone.pointee.buddy.setPageblockType(of: frame, to: run.type)
            }
        }
        for run in exact.pages where run.use == .movable {
            guard run.first >= zone.pointee.buddy.range.lowerBound,
                run.first + run.count <= zone.pointee.buddy.range.upperBound
            else { throw .inconsistent(reference, "movable pages at page frame \(run.first) are outside the zone") }
            zone.pointee.buddy.markMovable(run.first..<(run.first + run.count))
        }
        zone.pointee.buddy.counters.free = exact.freePagesCounter
        zone.pointee.buddy.counters.cma = exact.freeCMACounter
        zone.pointee.buddy.counters.highAtomic = exact.freeHighAtomic ?? 0
        zone.pointee.percpuDriftMark = exact.percpuDriftMark
        zone.pointee.isContiguous = exact.isContiguous
        zone.pointee.pagesetBatch = exact.pagesetBatch
        zone.pointee.pagesetHighMin = exact.pagesetHighMin
        zone.pointee.pagesetHighMax = exact.pagesetHighMax
        zone.pointee.numa = exact.numa
        if exact.isBoosted { zone.pointee.flags.insert(.boosted) }
        if exact.isReclaimActive { zone.pointee.flags.insert(.reclaimActive) }
        if exact.isBelowHigh { zone.pointee.flags.insert(.belowHigh) }
        if exact.freeCMACounter > 0 { hasCMA = true }
        for lists in exact.perCPU {
            guard let cpu = self.position(of: lists.cpu) else {
                throw .inconsistent(reference, "there are per-CPU lists for CPU \(lists.cpu), which the machine lacks")
            }
            try zone.pointee.restore(lists, cpu: cpu)
            for list in lists.lists {
                let order = PerCPUPages.order(ofList: list.index, hugeOrder: zone.pointee.hugeOrder)
                for frame in list.frames where !segments.holds(frame..<(frame + order.pages), zone: position) {
                    throw .impossibleBlock(reference, frame: frame, order: order)
                }
            }
        }
    }
}

extension ZoneSnapshot {
    /// The parts of a zone's span that are its own, without pages recorded as another zone's.
    func ownSegments(within segments: [Range<PageFrame>]) -> [Range<PageFrame>] {
        let foreign = exact?.pages.filter { $0.use == .foreign } ?? []
        return foreign.reduce(segments) { left, run in
            left.flatMap { segment -> [Range<PageFrame>] in
                let end = run.first + run.count
                guard segment.lowerBound < end, run.first < segment.upperBound else { return [segment] }
                return [
                    segment.lowerBound..<max(segment.lowerBound, run.first),
                    min(end, segment.upperBound)..<segment.upperBound,
                ].filter { !$0.isEmpty }
            }
        }
    }
}

extension Zone {
    mutating func restore(_ snapshot: PerCPUSnapshot, cpu: Int) throws(MachineError) {
        prepare(cpu)
        let lists = perCPU.base + cpu
        lists.pointee.setBatch(snapshot.batch, rules: perCPURules)
        lists.pointee.high = snapshot.high
        lists.pointee.highMin = snapshot.highMin
        lists.pointee.highMax = snapshot.highMax
        lists.pointee.recentFrees = countsFreesInARow ? snapshot.freeCount : snapshot.freeFactor
        lists.pointee.allocFactor = snapshot.allocFactor
        lists.pointee.flags = PerCPUPages.Flags(rawValue: UInt8(truncatingIfNeeded: snapshot.flags))
        lists.pointee.expire = snapshot.expire
        buddy.counters.threshold = snapshot.statThreshold
        buddy.counters[cpu] = .init(
            free: Int32(clamping: snapshot.diffFreePages), cma: Int32(clamping: snapshot.diffFreeCMA))
        var pages = 0
        for list in snapshot.lists {
            guard list.index >= 0, list.index < PerCPUPages.listCount else {
                throw .inconsistent(reference, "there is no per-CPU list \(list.index)")
            }
            let order = PerCPUPages.order(ofList: list.index, hugeOrder: hugeOrder)
            for (index, frame) in list.frames.enumerated() {
                guard frame >= buddy.range.lowerBound, frame + order.pages <= buddy.range.upperBound,
                    !buddy.isFree(frame)
                else { throw .impossibleBlock(reference, frame: frame, order: order) }
                let own = PerCPUListIndex.type(ofList: list.index)
                let type = index < list.types.count ? list.types[index] : own ?? buddy.pageblockType(of: frame)
                queue(cpu, list.index).pointee.pushBack(TakenBlock(frame: frame, type: type))
                pages += order.pages
            }
        }
        lists.pointee.count = pages
    }
}
