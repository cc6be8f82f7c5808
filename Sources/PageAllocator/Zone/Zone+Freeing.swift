import BuddyEngine
import GFP
import Topology

extension Zone {
    /// Frees a block: to the CPU's list if its order has one (`free_unref_page`), else to the free lists.
    @inlinable
    mutating func free<Observer: AllocationObserver>(
        _ frame: PageFrame, order: Order, cpu: Int, observing observer: inout Observer
    ) {
        if buddy.hasMovableMarks { buddy.clearMovable(frame..<(frame + order.pages)) }
        let type = buddy.pageblockType(of: frame)
        guard hasPerCPUList(order), type != .isolate else {
            pagesFreed &+= order.pages
            buddy.counters.cpu = cpu
            buddy.free(frame, order: order, observing: &observer)
            return
        }
        let list = PerCPUPages.list(order, type.rawValue < Migratetype.perCPUCount ? type : .movable)
        let queue = queue(cpu, list)
        if queue.pointee.isFull { makeRoom(queue, cpu: cpu) }
        pushFreed(TakenBlock(frame: frame, type: type), order: order, list: list, cpu: cpu, observing: &observer)
    }

    /// Like ``free(_:order:cpu:observing:)``, for a single page in the common case. False, with nothing changed, if
    /// anything is unusual.
    @inlinable @inline(__always)
    mutating func freeSingleAtOnce<Observer: AllocationObserver>(
        _ frame: PageFrame, cpu: Int, observing observer: inout Observer
    ) -> Bool {
        freeAtOnce(frame, order: 0, cpu: cpu, observing: &observer)
    }

    /// The same, for a block whose order has a list for each type.
    ///
    /// - Precondition: The order is at most ``KernelProfile/PerCPURules/largestOrder``.
    @inlinable @inline(__always)
    mutating func freeAtOnce<Observer: AllocationObserver>(
        _ frame: PageFrame, order: Order, cpu: Int, observing observer: inout Observer
    ) -> Bool {
        let type = buddy.pageblockType(of: frame)
        guard type.rawValue < Migratetype.perCPUCount, !buddy.hasMovableMarks else { return false }
        let list = PerCPUPages.smallList(order, type)
        guard !queue(cpu, list).pointee.isFull else { return false }
        pushFreed(TakenBlock(frame: frame, type: type), order: order, list: list, cpu: cpu, observing: &observer)
        return true
    }

    /// Puts a freed block on a list.
    ///
    /// - Precondition: The list has room.
    @inlinable @inline(__always)
    mutating func pushFreed<Observer: AllocationObserver>(
        _ block: TakenBlock, order: Order, list: Int, cpu: Int, observing observer: inout Observer
    ) {
        pagesFreed &+= order.pages
        queue(cpu, list).pointee.pushFront(block)
        if Observer.wantsChanges {
            observer.changed(PerCPUChange(cpu: cpu, list: list, frame: block.frame, order: order, action: .freed))
        }
        perCPU.base[cpu].count &+= order.pages
        if order == 0 {
            trimAfterSingle(cpu, list: list, observing: &observer)
        } else {
            trim(cpu, order: order, list: list, observing: &observer)
        }
    }

    /// Trims the lists after a single page was freed. Far from every limit, which is the usual case, this is all there
    /// is to do under any kernel's rules: counters that a kernel does not have stay 0.
    @inlinable @inline(__always)
    mutating func trimAfterSingle<Observer: AllocationObserver>(
        _ cpu: Int, list: Int, observing observer: inout Observer
    ) {
        let lists = perCPU.base + cpu
        let count = lists.pointee.count
        guard count < lists.pointee.quietLimit, flags.isDisjoint(with: [.reclaimActive, .belowHigh]) else {
            trim(cpu, order: 0, list: list, observing: &observer)
            return
        }
        lists.pointee.allocFactor &>>= 1
        if lists.pointee.flags.contains(.previousFreeWasHighOrder) {
            lists.pointee.flags.remove(.previousFreeWasHighOrder)
        }
        if lists.pointee.recentFrees < lists.pointee.recentFreesLimit { lists.pointee.recentFrees &+= 1 }
    }

    @inlinable @inline(never)
    mutating func trim<Observer: AllocationObserver>(
        _ cpu: Int, order: Order, list: Int, observing observer: inout Observer
    ) {
        switch perCPURules.sizing {
        case .oneBatch, .fixedHigh: trimFixed(cpu, order: order, list: list, observing: &observer)
        case .movingHigh: trimMoving(cpu, order: order, list: list, observing: &observer)
        }
    }

    /// Makes room on a list, which has none before its CPU first uses the zone.
    @usableFromInline @inline(never)
    mutating func makeRoom(_ queue: UnsafeMutablePointer<FrameQueue>, cpu: Int) {
        prepare(cpu)
        queue.pointee.grow()
    }

    /// Trims the lists after a free: returns pages if there are too many (`free_unref_page_commit`, 5.10 and 6.1).
    @inlinable
    mutating func trimFixed<Observer: AllocationObserver>(
        _ cpu: Int, order: Order, list: Int, observing observer: inout Observer
    ) {
        let lists = perCPU.base + cpu
        let freesAll = lists.pointee.recentFrees != 0 && order > 0 && order <= PerCPUPages.costlyOrder
        var high = freesAll ? 0 : lists.pointee.high
        if high != 0, flags.contains(.reclaimActive) { high = min(lists.pointee.batch &<< 2, high) }
        guard lists.pointee.count >= high else { return }
        let excess = freesAll ? lists.pointee.count : excess(cpu, high: high)
        giveBack(excess, cpu: cpu, from: list, observing: &observer)
    }

    /// How many pages an overflow returns.
    @usableFromInline
    mutating func excess(_ cpu: Int, high: Int, freesHigh: Bool = false) -> Int {
        let pages = usualExcess(cpu, high: high, freesHigh: freesHigh)
        return policy == nil ? pages : chosenExcess(usual: pages, held: perCPU.base[cpu].count)
    }

    /// How many pages an overflow returns by the rules (`free_unref_page_commit`, 5.10; `nr_pcp_free`, 6.1 and 6.12).
    private mutating func usualExcess(_ cpu: Int, high: Int, freesHigh: Bool) -> Int {
        let lists = perCPU.base + cpu
        let batch = lists.pointee.batch
        switch perCPURules.sizing {
        case .oneBatch: return batch
        case .fixedHigh:
            if high < batch { return 1 }
            let most = high - batch
            let doubled = batch << lists.pointee.recentFrees
            if doubled < most, lists.pointee.recentFrees < perCPURules.batchScaleMax { lists.pointee.recentFrees += 1 }
            return Self.clamp(doubled, batch, most)
        case .movingHigh:
            if freesHigh { return min(lists.pointee.count, batch << perCPURules.batchScaleMax) }
            if high < batch { return 1 }
            return Self.clamp(lists.pointee.recentFrees, batch, high - batch)
        }
    }

    /// The kernel's `clamp()`: the upper limit wins where the limits cross.
    @inlinable
    static func clamp(_ value: Int, _ low: Int, _ high: Int) -> Int { min(max(value, low), high) }

    /// Trims the lists after a free: returns pages if there are too many (`free_unref_page_commit`, 6.12).
    @inlinable @inline(__always)
    mutating func trimMoving<Observer: AllocationObserver>(
        _ cpu: Int, order: Order, list: Int, observing observer: inout Observer
    ) {
        let lists = perCPU.base + cpu
        lists.pointee.allocFactor &>>= 1
        var freesHigh = false
        if order > 0, order <= PerCPUPages.costlyOrder {
            let batch = lists.pointee.batch
            freesHigh =
                lists.pointee.recentFrees >= batch && lists.pointee.flags.contains(.previousFreeWasHighOrder)
                && (!lists.pointee.flags.contains(.batchesHighOrderFrees) || lists.pointee.count >= batch)
                && (!perCPURules.keepsHalfOfHighMin || lists.pointee.recentFrees >= batch &+ lists.pointee.highMin / 2)
            lists.pointee.flags.insert(.previousFreeWasHighOrder)
        } else {
            lists.pointee.flags.remove(.previousFreeWasHighOrder)
        }
        if lists.pointee.recentFrees < lists.pointee.recentFreesLimit { lists.pointee.recentFrees &+= order.pages }
        if !freesHigh, lists.pointee.count < lists.pointee.quietLimit,
            flags.isDisjoint(with: [.reclaimActive, .belowHigh])
        {
            return
        }
        trimMovingToLimit(cpu, freesHigh: freesHigh, list: list, observing: &observer)
    }

    @inlinable @inline(never)
    mutating func trimMovingToLimit<Observer: AllocationObserver>(
        _ cpu: Int, freesHigh: Bool, list: Int, observing observer: inout Observer
    ) {
        let high = highAfterFree(cpu, freesHigh: freesHigh)
        guard perCPU.base[cpu].count >= high else { return }
        let excess = excess(cpu, high: high, freesHigh: freesHigh)
        if perCPURules.givesBackInPortions {
            giveBackInPortions(excess, cpu: cpu, from: list, observing: &observer)
        } else {
            giveBack(excess, cpu: cpu, from: list, observing: &observer)
        }
        if flags.contains(.belowHigh),
            keeps(
                effectiveWatermark(.high), order: 0, highest: movableZoneIndex, flags: [], free: buddy.counters.free)
        {
            flags.remove(.belowHigh)
            kswapdToEncourage?.pointee.hopeAgain(after: hopelessAfter)
        }
    }

    /// Returns pages in portions. A portion counts with its intended size, even if its last block exceeds it.
    @inlinable
    mutating func giveBackInPortions<Observer: AllocationObserver>(
        _ pages: Int, cpu: Int, from list: Int, observing observer: inout Observer
    ) {
        var left = pages
        while left > 0, perCPU.base[cpu].count > 0 {
            let portion = max(min(left, perCPU.base[cpu].batch), 1)
            giveBack(portion, cpu: cpu, from: list, observing: &observer)
            left &-= portion
        }
    }

    /// How many pages the lists may hold after a free (`nr_pcp_high`, 6.12).
    @usableFromInline
    mutating func highAfterFree(_ cpu: Int, freesHigh: Bool) -> Int {
        let lists = perCPU.base + cpu
        let (batch, low, most) = (lists.pointee.batch, lists.pointee.highMin, lists.pointee.highMax)
        var high = Self.clamp(lists.pointee.high, low, most)
        lists.pointee.high = high
        if high == 0 { return 0 }
        if freesHigh {
            lists.pointee.high = max(high - batch << perCPURules.batchScaleMax, low)
            return 0
        }
        if flags.contains(.reclaimActive) {
            lists.pointee.high = max(high - max(lists.pointee.recentFrees, batch), low)
            return min(batch << 2, lists.pointee.high)
        }
        if low == most { return high }
        if flags.contains(.belowHigh) {
            lists.pointee.high = max(high - max(lists.pointee.recentFrees, batch), low)
            high = max(lists.pointee.count, low)
        } else if lists.pointee.count >= high {
            let needed = lists.pointee.recentFrees + batch
            if lists.pointee.high < needed { lists.pointee.high = Self.clamp(needed, low, most) }
        }
        return high
    }
}
