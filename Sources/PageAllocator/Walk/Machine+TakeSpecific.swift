import BuddyEngine
import GFP
import Topology

/// Following a recorded machine: pages are moved to where they are known to be.
extension Machine {
    /// Takes a given block wherever it is free: off the free lists, off any CPU's list, or in two halves from both.
    ///
    /// This does not count as a request, and no list is refilled or trimmed.
    ///
    /// - Parameters:
    ///   - frame: The block's first page frame.
    ///   - order: The block's order.
    ///   - cpu: The CPU from whose counters the pages are subtracted, and whose lists are searched first.
    /// - Returns: False, with nothing changed, if some page of the block is not free.
    public mutating func takeSpecific(_ frame: PageFrame, order: Order, cpu: CPUID) -> Bool {
        guard order <= maximumOrder, frame.rawValue & UInt64(order.pages - 1) == 0,
            let zone = segments.zone(of: frame), let position = position(of: cpu)
        else { return false }
        zones[zone].buddy.counters.cpu = position
        guard zones[zone].takeSpecific(frame, order: order, cpu: position) else { return false }
        noteTaken(frame, order: order, cpu: cpu, gfp: [])
        return true
    }

    /// Undoes the last request by returning its block to the head of the CPU's list or to the free lists. What the
    /// request did to other pages is not undone.
    public mutating func putBack(_ frame: PageFrame, order: Order, cpu: CPUID) {
        guard let zone = segments.zone(of: frame), let position = position(of: cpu) else { return }
        noteReturned(frame, order: order, cpu: cpu)
        zones[zone].putBack(frame, order: order, cpu: position)
    }

    /// Takes a block, and every block before it, off the CPU's list that serves requests of `type`.
    ///
    /// - Returns: The blocks before it; nil, with nothing changed, if it is not on that list.
    public mutating func takeFromPerCPUList(
        through frame: PageFrame, order: Order, type: Migratetype, cpu: CPUID
    ) -> [PageFrame]? {
        guard let zone = segments.zone(of: frame), let position = position(of: cpu) else { return nil }
        guard
            let before = zones[zone].takeFromPerCPUList(through: frame, order: order, type: type, cpu: position)
        else { return nil }
        for taken in before + [frame] { noteTaken(taken, order: order, cpu: cpu, gfp: []) }
        return before
    }

    /// Puts a block in use on the free lists, bypassing all per-CPU lists.
    public mutating func freeToLists(_ frame: PageFrame, order: Order, cpu: CPUID) {
        guard let zone = segments.zone(of: frame), let position = position(of: cpu) else { return }
        noteReturned(frame, order: order, cpu: cpu)
        zones[zone].buddy.counters.cpu = position
        zones[zone].buddy.free(frame, order: order)
    }

    /// Moves a block from the free lists to the tail of a CPU's list, as a refill does.
    ///
    /// - Returns: False, with nothing changed, if it is not entirely on the free lists or its order has no such lists.
    public mutating func moveToPerCPUList(_ frame: PageFrame, order: Order, cpu: CPUID) -> Bool {
        guard order <= maximumOrder, let zone = segments.zone(of: frame), let position = position(of: cpu) else {
            return false
        }
        return zones[zone].moveToPerCPUList(frame, order: order, cpu: position)
    }

    /// Moves a block from whichever CPU's list it is on to the free lists, as returning pages does.
    ///
    /// - Returns: False, with nothing changed, if it is on no CPU's list.
    public mutating func moveToFreeLists(_ frame: PageFrame, order: Order, cpu: CPUID) -> Bool {
        guard order <= maximumOrder, frame.rawValue & UInt64(order.pages - 1) == 0,
            let zone = segments.zone(of: frame), let position = position(of: cpu)
        else { return false }
        return zones[zone].moveToFreeLists(frame, order: order, cpu: position)
    }

    /// Whether any page in a range is free.
    public func hasFreePage(in pages: Range<PageFrame>) -> Bool {
        (0..<pages.pages).contains { isFree(pages.lowerBound + $0) }
    }

    /// The node of a CPU; the first node for a CPU that the machine lacks.
    public func node(of cpu: CPUID) -> NodeID {
        nodeIDs[nodePosition(of: cpu)]
    }

    /// The position, for ``withZone(_:_:)``, of the zone that a page frame belongs to; nil for a hole. O(log segments).
    @inlinable
    public func zonePosition(of frame: PageFrame) -> Int? { segments.zone(of: frame) }

    /// The same, faster for frames close to that of the last call.
    @inlinable @inline(__always)
    public mutating func zonePosition(near frame: PageFrame) -> Int? {
        if lastFreed.contains(frame) { return lastFreed.position }
        guard let segment = segments.segment(of: frame) else { return nil }
        if !checksFrees { lastFreed = LastFreed(segment, of: zones) }
        return segment.zone
    }
}

extension Zone {
    mutating func takeSpecific(_ frame: PageFrame, order: Order, cpu: Int) -> Bool {
        if buddy.takeSpecific(frame, order: order) != nil { return true }
        if takeFromPerCPULists(frame, order: order, first: cpu) { return true }
        guard order > 0 else { return false }
        let half = Order(order.rawValue - 1)
        guard takeSpecific(frame, order: half, cpu: cpu) else { return false }
        if takeSpecific(frame + half.pages, order: half, cpu: cpu) { return true }
        buddy.merge(frame, order: half, type: buddy.pageblockType(of: frame))
        return false
    }

    mutating func takeFromPerCPUList(
        through frame: PageFrame, order: Order, type: Migratetype, cpu: Int
    ) -> [PageFrame]? {
        guard hasPerCPUList(order), type.rawValue < Migratetype.perCPUCount, perCPU.base[cpu].isReady else {
            return nil
        }
        let queue = queue(cpu, PerCPUPages.list(order, type))
        guard let place = queue.pointee.place(of: frame, order: order)?.before else { return nil }
        let before = (0..<place).map { _ in queue.pointee.popFront(order: order) }
        _ = queue.pointee.popFront(order: order)
        perCPU.base[cpu].count -= (place + 1) * order.pages
        return before
    }

    mutating func moveToPerCPUList(_ frame: PageFrame, order: Order, cpu: Int) -> Bool {
        guard hasPerCPUList(order) else { return false }
        buddy.counters.cpu = cpu
        guard let type = buddy.takeSpecific(frame, order: order) else { return false }
        let listType = type.rawValue < Migratetype.perCPUCount ? type : .movable
        prepare(cpu)
        queue(cpu, PerCPUPages.list(order, listType)).pointee.pushBack(TakenBlock(frame: frame, type: type))
        perCPU.base[cpu].count += order.pages
        return true
    }

    mutating func moveToFreeLists(_ frame: PageFrame, order: Order, cpu: Int) -> Bool {
        guard !buddy.isFree(frame), takeFromPerCPULists(frame, order: order, first: cpu) else { return false }
        buddy.counters.cpu = cpu
        buddy.merge(frame, order: order, type: buddy.pageblockType(of: frame))
        return true
    }

    /// Takes a block off whichever CPU's list has it. O(blocks on the zone's per-CPU lists).
    private mutating func takeFromPerCPULists(_ frame: PageFrame, order: Order, first: Int) -> Bool {
        for cpu in [first] + readyCPUs.filter({ $0 != first }) where perCPU.base[cpu].isReady {
            for list in 0..<PerCPUPages.listCount {
                let size = PerCPUPages.order(ofList: list, hugeOrder: hugeOrder)
                guard size >= order else { continue }
                let head = PageFrame(rawValue: frame.rawValue & ~UInt64(size.pages - 1))
                guard queue(cpu, list).pointee.remove(head, order: size) else { continue }
                perCPU.base[cpu].count -= size.pages
                giveBackRest(of: head, order: size, except: frame, order: order)
                return true
            }
        }
        return false
    }

    /// Frees the halves of a block that do not contain the part that is kept.
    private mutating func giveBackRest(of block: PageFrame, order: Order, except kept: PageFrame, order wanted: Order) {
        var block = block
        var level = order
        while level > wanted {
            level = Order(level.rawValue - 1)
            let upper = block + level.pages
            let rest = kept >= upper ? block : upper
            buddy.merge(rest, order: level, type: buddy.pageblockType(of: rest))
            if kept >= upper { block = upper }
        }
    }

    mutating func putBack(_ frame: PageFrame, order: Order, cpu: Int) {
        buddy.counters.cpu = cpu
        pagesAllocated &-= order.pages
        let type = buddy.pageblockType(of: frame)
        guard hasPerCPUList(order), type.rawValue < Migratetype.perCPUCount else {
            buddy.free(frame, order: order)
            return
        }
        prepare(cpu)
        let queue = queue(cpu, PerCPUPages.list(order, type))
        if queue.pointee.isFull { queue.pointee.grow() }
        queue.pointee.pushFront(TakenBlock(frame: frame, type: type))
        perCPU.base[cpu].count += order.pages
    }
}

extension Machine {
    /// Treats every awake kswapd as finished: its node's watermark boosts are removed, and it sleeps (`balance_pgdat`
    /// and `kswapd`, mm/vmscan.c). Nothing is freed, since what it freed is not known here.
    public mutating func finishKswapd() {
        for node in 0..<reclaimers.count where !reclaimers[node].isAsleep {
            for zone in 0..<zoneCount where zones[zone].nodePosition == node { zones[zone].boost = 0 }
            reclaimers[node] = KswapdState(highestZoneIndex: zoneKinds.count)
        }
        noteKswapds()
    }
}
