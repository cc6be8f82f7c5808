import BuddyEngine
import GFP
import Topology

/// What does not change while a request is served (`struct alloc_context`).
@frozen
@usableFromInline
struct WalkContext {
    /// The zonelist: its first entry and its length.
    @usableFromInline
    var start: Int
    @usableFromInline
    var count: Int
    @usableFromInline
    var highest: Int
    @usableFromInline
    var type: Migratetype
    /// The position in the list of the first zone that the request may use; `count` if there is none.
    @usableFromInline
    var preferred: Int
    /// Whether the node mask, or the cpuset in its place, limits the walk. High-priority requests drop it in the end.
    @usableFromInline
    var isMasked: Bool
    /// Whether the task has a cpuset, which limits walks with ALLOC_CPUSET.
    @usableFromInline
    var isConfined = false
    /// Whether only the cpuset's own nodes may serve (`__GFP_HARDWALL`).
    @usableFromInline
    var isHardwalled = false
    @usableFromInline
    var cpu: Int
    /// The position of the CPU's node.
    @usableFromInline
    var cpuNode: Int

    @inlinable
    init(start: Int, count: Int, highest: Int, type: Migratetype, isMasked: Bool, cpu: Int, cpuNode: Int) {
        self.start = start
        self.count = count
        self.highest = highest
        self.type = type
        self.isMasked = isMasked
        self.cpu = cpu
        self.cpuNode = cpuNode
        preferred = count
    }
}

extension Machine {
    @inlinable @inline(never)
    mutating func allocateByWalk<Observer: AllocationObserver>(
        _ request: borrowing AllocationRequest, isConfined: Bool = false, observing observer: inout Observer
    ) -> PageFrame? {
        if checksFrees, isCalm, !isConfined, request.nodemask == nil,
            let frame = takeFromFirstZone(
                request.gfp, order: request.order, cpu: request.cpu, node: request.node, observing: &observer)
        {
            noteTaken(frame, order: request.order, cpu: request.cpu, gfp: request.gfp)
            if !awakened.isEmpty { runKswapd(after: request.task, observing: &observer) }
            return frame
        }
        guard request.order <= maximumOrder, var context = context(for: request) else { return nil }
        if isConfined { confine(request, &context) }
        var flags = firstFlags(
            request.gfp, request.order, context.type,
            avoidsFragmentation: context.preferred < context.count
                && entries[unchecked: context.start &+ context.preferred].avoidsFragmentation)
        if context.isConfined, request.nodemask != nil { flags.insert(.cpuset) }
        var frame =
            walk(request, &context, flags: flags, observing: &observer)
            ?? allocateSlowly(request, context, observing: &observer)
        if hasPolicy, frame == nil { frame = askBeforeRefusing(request, context, observing: &observer) }
        // Before kswapd runs, since its hook may free the block.
        if let frame { noteTaken(frame, order: request.order, cpu: request.cpu, gfp: request.gfp) }
        if !awakened.isEmpty { runKswapd(after: request.task, observing: &observer) }
        return frame
    }

    /// Finds the request's zonelist and the first zone on it that it may use (`prepare_alloc_pages`); nil if the mask's
    /// zone or mobility bits contradict each other.
    @inlinable
    mutating func context(for request: borrowing AllocationRequest) -> WalkContext? {
        let highest = highestZones[unchecked: request.gfp.zoneSelector]
        guard highest >= 0 else { return nil }
        let cpu = place(of: request.cpu)
        let node = request.node.map { knownPosition(of: $0) } ?? Int(cpu.node)
        let list = lists[node]
        let type = mobility(of: request.gfp)
        guard type.rawValue < Migratetype.perCPUCount else { return nil }
        let isBound = request.gfp.contains(.thisNode)
        var context = WalkContext(
            start: Int(isBound ? list.ownStart : list.start), count: Int(isBound ? list.ownCount : list.count),
            highest: Int(highest), type: type, isMasked: request.nodemask != nil, cpu: Int(cpu.position),
            cpuNode: Int(cpu.node))
        context.preferred = firstAllowed(request, context)
        return context
    }

    /// The type of the free lists that serve a request with this mask (`gfp_migratetype`): small machines do not keep
    /// types apart.
    @inlinable @inline(__always)
    public func mobility(of gfp: GFPFlags) -> Migratetype { isMobilityGroupingDisabled ? .unmovable : gfp.migratetype }

    /// Whether the request may use an entry of its zonelist.
    @inlinable
    mutating func allows(_ entry: ZonelistEntry, _ request: borrowing AllocationRequest, _ context: WalkContext) -> Bool
    {
        guard Int(entry.index) <= context.highest else { return false }
        guard context.isMasked else { return true }
        return (request.nodemask ?? cpuset?.nodes)?.contains(entry.node) ?? true
    }

    @inlinable
    mutating func firstAllowed(_ request: borrowing AllocationRequest, _ context: WalkContext) -> Int {
        var position = 0
        while position < context.count, !allows(entries[unchecked: context.start &+ position], request, context) {
            position &+= 1
        }
        return position
    }

    /// What the first, optimistic walk may do: it keeps to the low watermark, and avoids fragmentation if the preferred
    /// zone is Normal with a DMA32 zone to turn to (`alloc_flags_nofragment`).
    @inlinable @inline(__always)
    mutating func firstFlags(
        _ gfp: GFPFlags, _ order: Order, _ type: Migratetype, avoidsFragmentation: Bool
    ) -> AllocFlags {
        var flags: AllocFlags = .lowMark
        if gfp.contains(.kswapdReclaim) { flags.insert(.kswapd) }
        if hasCMA, type == .movable { flags.insert(.cma) }
        if avoidsFragmentation || forbidsFragmentation { flags.insert(.noFragment) }
        // The short way need not know: what it serves without highatomic pageblocks, it also serves with them.
        if order > 0, gfp.contains(.high), gfp.isDisjoint(with: [.directReclaim, .noMemAlloc]),
            profile.walk.highAtomicInFirstWalk
        {
            flags.insert(.highAtomic)
        }
        return flags
    }

    /// One walk over the zonelist (`get_page_from_freelist`): the first zone above its watermark that has a block.
    ///
    /// A walk that avoids fragmentation stops doing so and starts over, rather than turn to another node or fail. If
    /// nodes with an awake kswapd are skipped, that stops first.
    @inlinable
    mutating func walk<Observer: AllocationObserver>(
        _ request: borrowing AllocationRequest, _ context: inout WalkContext, flags: AllocFlags,
        observing observer: inout Observer
    ) -> PageFrame? {
        observer.beganWalk(flags)
        var flags = flags
        var passesOver = passesOverAwakeNodes
        var hasPassedOver = false
        guard context.preferred < context.count else { return nil }
        let preferred = entries[unchecked: context.start &+ context.preferred]
        var position = context.preferred
        while true {
            var turnsAway = false
            while position < context.count {
                let entry = entries[unchecked: context.start &+ position]
                guard allows(entry, request, context) else {
                    if Observer.wantsLooks { note(entry, request, context, passedOverFor: &observer) }
                    position &+= 1
                    continue
                }
                if context.isConfined, flags.contains(.cpuset), !isInCpuset(entry.node, request, context) {
                    if Observer.wantsLooks {
                        observer.passedOver(zones[Int(entry.zone)].reference, because: .nodeNotInCpuset)
                    }
                    position &+= 1
                    continue
                }
                if flags.contains(.noFragment), hasManyNodes, !forbidsFragmentation, entry.node != preferred.node {
                    turnsAway = true
                    break
                }
                if passesOver, isKswapdAwake(entry, observing: &observer) {
                    hasPassedOver = true
                    position &+= 1
                    continue
                }
                if let frame = take(from: entry, preferred, request, context, flags, observing: &observer) {
                    return frame
                }
                position &+= 1
            }
            if hasPassedOver, passesOver, !turnsAway {
                passesOver = false
            } else {
                guard flags.contains(.noFragment), !forbidsFragmentation else { return nil }
                flags.remove(.noFragment)
            }
            observer.restartedWalk(flags)
            position = context.preferred
        }
    }

    /// Tries a zone that the walk may use: its watermark, then its lists.
    @inlinable @inline(__always)
    mutating func take<Observer: AllocationObserver>(
        from entry: ZonelistEntry, _ preferred: ZonelistEntry, _ request: borrowing AllocationRequest,
        _ context: borrowing WalkContext, _ flags: AllocFlags, observing observer: inout Observer
    ) -> PageFrame? {
        let zone = Int(entry.zone)
        var passes = isUsable(zone, request, context, flags: flags)
        if !passes, reclaimsNodes {
            passes = reclaimsNode(of: zone, request, context, flags: flags, observing: &observer)
        }
        guard passes else {
            if Observer.wantsLooks {
                var look = look(zone, request, context, flags)
                look.verdict = look.usable > look.required ? .noBlock : .belowMark
                observer.judged(look)
            }
            return nil
        }
        // Before the block is taken, since these are the figures that were compared.
        let look = Observer.wantsLooks ? look(zone, request, context, flags) : nil
        if let frame = zones[zone].take(
            request.order, type: context.type, flags: flags, cpu: context.cpu, observing: &observer)
        {
            if Observer.wantsLooks, let look { observer.judged(look) }
            finish(zone, preferred, frame, request, context, flags, observing: &observer)
            return frame
        }
        wakeForBoost(zone, flags, observing: &observer)
        if Observer.wantsLooks, var look {
            look.verdict = .listsEmpty
            observer.judged(look)
        }
        return nil
    }

    /// Whether the reclaim thread of a zone's node is awake. Only called under rules for which that matters.
    @usableFromInline
    @inline(never)
    func isKswapdAwake<Observer: AllocationObserver>(
        _ entry: ZonelistEntry, observing observer: inout Observer
    ) -> Bool {
        guard hasAwakeKswapd, !reclaimers[zones[Int(entry.zone)].nodePosition].isAsleep else { return false }
        if Observer.wantsLooks { observer.passedOver(zones[Int(entry.zone)].reference, because: .kswapdAwake) }
        return true
    }

    /// Whether a zone passes its watermark. Under rules that say so, a zone found below its high watermark is marked.
    @inlinable
    mutating func isUsable(
        _ zone: Int, _ request: borrowing AllocationRequest, _ context: WalkContext, flags: AllocFlags
    ) -> Bool {
        let zone = zones + zone
        let extra = hasPolicy ? extraMark(zone.pointee.reference, request, flags) : 0
        if zone.pointee.walkRules.marksZonesBelowHigh, !zone.pointee.flags.contains(.belowHigh) {
            if zone.pointee.isAbove(
                .high, extra: max(extra, 0), order: request.order, highest: context.highest, flags: flags,
                gfp: request.gfp)
            {
                return true
            }
            zone.pointee.flags.insert(.belowHigh)
        }
        if flags.contains(.noWatermarks) { return true }
        return zone.pointee.isAbove(
            flags.mark, extra: extra, order: request.order, highest: context.highest, flags: flags, gfp: request.gfp)
    }

    /// Finishes a request that a zone has served: counters, waking kswapd after fragmentation, reserving a pageblock.
    @inlinable
    mutating func finish<Observer: AllocationObserver>(
        _ zone: Int, _ preferred: ZonelistEntry, _ frame: PageFrame, _ request: borrowing AllocationRequest,
        _ context: WalkContext, _ flags: AllocFlags, observing observer: inout Observer
    ) {
        if keepsLocality { countLocality(of: zone, preferred, context) }
        wakeForBoost(zone, flags, observing: &observer)
        if zones[zone].walkRules.reservesPerCPUBlocks, zones[zone].reserves(request.order, flags) {
            zones[zone].buddy.reserveHighAtomic(frame, order: request.order, observing: &observer)
        }
    }

    @inlinable
    mutating func countLocality(of zone: Int, _ preferred: ZonelistEntry, _ context: WalkContext, requests: Int = 1) {
        let isPreferredNode = zones[zone].node == preferred.node
        zones[zone].countLocality(
            isPreferredNode: isPreferredNode, isCPUsNode: zones[zone].nodePosition == context.cpuNode,
            requests: requests)
        if !isPreferredNode { zones[Int(preferred.zone)].numa.foreign &+= requests }
    }

    /// Wakes kswapd if fragmentation has raised the zone's watermarks (the end of `rmqueue`).
    @inlinable
    mutating func wakeForBoost<Observer: AllocationObserver>(
        _ zone: Int, _ flags: AllocFlags, observing observer: inout Observer
    ) {
        guard zones[zone].flags.contains(.boosted),
            flags.contains(.kswapd) || !zones[zone].walkRules.boostWakeNeedsKswapdFlag
        else { return }
        zones[zone].flags.remove(.boosted)
        wakeKswapd(zone, order: 0, highest: zones[zone].index, observing: &observer)
    }

    // MARK: For observers that want to know each look

    /// The test of a zone on this walk, with the verdict that it can serve.
    @usableFromInline
    func look(
        _ zone: Int, _ request: borrowing AllocationRequest, _ context: WalkContext, _ flags: AllocFlags
    ) -> ZoneLook {
        zones[zone].look(
            flags.mark, extra: hasPolicy ? extraMark(zones[zone].reference, request, flags) : 0, order: request.order,
            highest: context.highest, flags: flags, gfp: request.gfp)
    }

    @usableFromInline
    func note<Observer: AllocationObserver>(
        _ entry: ZonelistEntry, _ request: borrowing AllocationRequest, _ context: WalkContext,
        passedOverFor observer: inout Observer
    ) {
        let mask: PassOverReason = request.nodemask == nil ? .nodeNotInCpuset : .nodeNotInMask
        observer.passedOver(
            zones[Int(entry.zone)].reference,
            because: Int(entry.index) > context.highest ? .aboveHighestZone : mask)
    }
}
