import BuddyEngine
import GFP
import Topology

extension Zone {
    /// Takes a block: from the CPU's list, else from the free lists (`rmqueue`).
    @inlinable
    mutating func take<Observer: AllocationObserver>(
        _ order: Order, type: Migratetype, flags: AllocFlags, cpu: Int, observing observer: inout Observer
    ) -> PageFrame? {
        buddy.counters.cpu = cpu
        if hasPerCPUList(order) {
            let block = takeFromPerCPU(order, type: type, flags: flags, cpu: cpu, observing: &observer)
            if buddy.foreignPageblocksDisturbed != 0 { applyBoost(flags: flags, observing: &observer) }
            if let block {
                pagesAllocated &+= order.pages
                return block
            }
            guard perCPURules.goesOnToFreeLists else { return nil }
        }
        let block = takeFromBuddy(order, type: type, flags: flags, observing: &observer)
        if buddy.foreignPageblocksDisturbed != 0 { applyBoost(flags: flags, observing: &observer) }
        if block != nil { pagesAllocated &+= order.pages }
        return block
    }

    /// Whether an order goes through per-CPU lists (`pcp_allowed_order`).
    @inlinable
    func hasPerCPUList(_ order: Order) -> Bool { order <= perCPURules.largestOrder || order == hugeOrder }

    /// Takes a block off the free lists, highatomic pages first or last as the request may (`rmqueue`, 5.10;
    /// `rmqueue_buddy`, 6.1).
    @inlinable
    mutating func takeFromBuddy<Observer: AllocationObserver>(
        _ order: Order, type: Migratetype, flags: AllocFlags, observing observer: inout Observer
    ) -> PageFrame? {
        var taken: TakenBlock?
        if takesHighAtomicFirst(order, flags) {
            taken = buddy.takeSmallest(order, type: .highAtomic, observing: &observer)
        }
        if taken == nil {
            var mode = FallbackMode.own
            taken = buddy.take(order, type: type, options: flags.takeOptions, mode: &mode, observing: &observer)
            if taken == nil, !flags.isDisjoint(with: walkRules.reserves.takesHighAtomicLast) {
                taken = buddy.takeSmallest(order, type: .highAtomic, observing: &observer)
            }
        }
        guard let taken else { return nil }
        buddy.countTaken(pages: order.pages, type: taken.type)
        if !walkRules.reservesPerCPUBlocks, reserves(order, flags) {
            buddy.reserveHighAtomic(taken.frame, order: order, observing: &observer)
        }
        return taken.frame
    }

    /// Whether a request with `flags` goes to the highatomic list first.
    @inlinable
    func takesHighAtomicFirst(_ order: Order, _ flags: AllocFlags) -> Bool {
        !flags.isDisjoint(with: walkRules.reserves.takesHighAtomicFirst) && order > 0
    }

    /// Whether such a request has what it gets reserved.
    @inlinable
    func reserves(_ order: Order, _ flags: AllocFlags) -> Bool {
        takesHighAtomicFirst(order, flags) && !(walkRules.reservesOnlyAtMinMark && flags.mark != .min)
            && (policy == nil || isReservingChosen(order))
    }

    /// Takes the head of the CPU's list, refilled first if empty (`rmqueue_pcplist`).
    @inlinable
    mutating func takeFromPerCPU<Observer: AllocationObserver>(
        _ order: Order, type: Migratetype, flags: AllocFlags, cpu: Int, observing observer: inout Observer
    ) -> PageFrame? {
        prepare(cpu)
        noteTake(cpu)
        return takeFromList(order, type: type, flags: flags, cpu: cpu, observing: &observer)
    }

    /// `__rmqueue_pcplist`.
    @inlinable
    mutating func takeFromList<Observer: AllocationObserver>(
        _ order: Order, type: Migratetype, flags: AllocFlags, cpu: Int, observing observer: inout Observer
    ) -> PageFrame? {
        let list = PerCPUPages.list(order, type)
        let queue = queue(cpu, list)
        if queue.pointee.isEmpty {
            refill(queue, order: order, type: type, flags: flags, cpu: cpu, observing: &observer)
            if queue.pointee.isEmpty { return nil }
        }
        perCPU.base[cpu].count &-= order.pages
        let frame = queue.pointee.popFront(order: order)
        if Observer.wantsChanges {
            observer.changed(PerCPUChange(cpu: cpu, list: list, frame: frame, order: order, action: .taken))
        }
        return frame
    }

    /// The first half of what a walk comes to in the common case: whether the zone serves an ordinary first walk without
    /// anything else to do.
    ///
    /// - `usesCMA`: The one of such a walk's flags that matters; it lays no claim on reserves.
    @inlinable @inline(__always)
    mutating func servesAtOnce(_ order: Order, highest: Int, usesCMA: @autoclosure () -> Bool) -> Bool {
        let usable = buddy.counters.free &- order.pages &+ 1
        if order == 0, !hasSetAside { return usable > floors[unchecked: highest] }
        return usable > floors[unchecked: highest]
            && servesPlainly(order, highest: highest, usesCMA: usesCMA())
    }

    @usableFromInline @inline(never)
    mutating func servesPlainly(_ order: Order, highest: Int, usesCMA: Bool) -> Bool {
        let unusable = order.pages &- 1 &+ keptForHighAtomic &+ (usesCMA ? 0 : buddy.counters.cma)
        guard buddy.counters.free &- unusable > floors[unchecked: highest] else { return false }
        return order == 0 || hasOrdinaryBlock(order) || usesCMA && buddy.hasBlock(atLeast: order, type: .cma)
    }

    /// The second half: what ``take(_:type:flags:cpu:observing:)`` comes to if the CPU's list has a block. Nil, and
    /// nothing done, if it has none.
    @inlinable @inline(__always)
    mutating func takeAtOnce(_ order: Order, type: Migratetype, cpu: Int) -> PageFrame? {
        guard order <= perCPURules.largestOrder else { return nil }
        let queue = queue(cpu, PerCPUPages.smallList(order, type))
        guard !queue.pointee.isEmpty else { return nil }
        noteTake(cpu)
        perCPU.base[cpu].count &-= order.pages
        pagesAllocated &+= order.pages
        return queue.pointee.popFront(order: order)
    }

    /// The part of the lists' tuning that each take does.
    @inlinable @inline(__always)
    mutating func noteTake(_ cpu: Int) {
        switch perCPURules.sizing {
        // One batch never raises it.
        case .oneBatch, .fixedHigh: perCPU.base[cpu].freeFactor &>>= 1
        case .movingHigh: perCPU.base[cpu].freeCount &>>= 1
        }
    }

    /// Sets a CPU's lists up when it first uses the zone.
    @inlinable
    mutating func prepare(_ cpu: Int) {
        if !perCPU.base[cpu].isReady { makeReady(cpu) }
    }

    @usableFromInline
    @inline(never)
    mutating func makeReady(_ cpu: Int) {
        precondition(cpu < perCPU.count)
        perCPU.base[cpu].isReady = true
        perCPU.base[cpu].batch = pagesetBatch
        perCPU.base[cpu].high = pagesetHighMin
        perCPU.base[cpu].highMin = pagesetHighMin
        perCPU.base[cpu].highMax = pagesetHighMax
        readyCPUs.append(cpu)
    }

    /// Appends a batch to a list (`rmqueue_bulk`).
    @inlinable
    @inline(never)
    mutating func refill<Observer: AllocationObserver>(
        _ queue: UnsafeMutablePointer<FrameQueue>, order: Order, type: Migratetype, flags: AllocFlags, cpu: Int,
        observing observer: inout Observer
    ) {
        let wanted = refillSize(order, cpu: cpu)
        if flags.contains(.highAtomic), !perCPURules.refillsForHighAtomic { return }
        let options = flags.takeOptions
        var mode = FallbackMode.own
        var got = 0
        var uncounted = 0
        while got < wanted {
            // Where CMA may be used, each block taken can turn the choice between it and the rest.
            if mode == .own, !options.contains(.cma),
                let run = buddy.takeRun(
                    order, type: type, most: min(wanted &- got, FrameQueue.Run.limit), observing: &observer)
            {
                queue.pointee.pushBack(TakenBlock(frame: run.first, type: type), blocks: run.count)
                tellRefilled(run.first, order: order, type: type, cpu: cpu, &observer)
                got &+= run.count
                uncounted &+= run.count
                continue
            }
            buddy.countRuns(blocks: uncounted, order: order, type: type)
            uncounted = 0
            guard let block = buddy.take(order, type: type, options: options, mode: &mode, observing: &observer) else {
                break
            }
            queue.pointee.pushBack(block)
            tellRefilled(block.frame, order: order, type: type, cpu: cpu, &observer)
            if block.type == .cma { buddy.countTakenFromCMA(pages: order.pages) }
            got &+= 1
        }
        buddy.countRuns(blocks: uncounted, order: order, type: type)
        buddy.countRefill(pages: got &<< Int(order.rawValue))
        perCPU.base[cpu].count &+= got &<< Int(order.rawValue)
    }

    /// For an observer that wants to know, runs are of one block.
    @inlinable @inline(__always)
    func tellRefilled<Observer: AllocationObserver>(
        _ frame: PageFrame, order: Order, type: Migratetype, cpu: Int, _ observer: inout Observer
    ) {
        guard Observer.wantsChanges else { return }
        observer.changed(
            PerCPUChange(
                cpu: cpu, list: PerCPUPages.list(order, type), frame: frame, order: order, action: .refilled))
    }

    /// How many blocks a refill brings (`__rmqueue_pcplist`, 5.10 and 6.1; `nr_pcp_alloc`, 6.12).
    @usableFromInline
    mutating func refillSize(_ order: Order, cpu: Int) -> Int {
        let pages =
            switch perCPURules.sizing {
            case .oneBatch, .fixedHigh: perCPU.base[cpu].batch
            case .movingHigh: movingRefill(order, cpu: cpu)
            }
        let blocks = pages > 1 ? max(pages >> Int(order.rawValue), 2) : pages
        return policy == nil ? blocks : chosenRefill(order, usual: blocks)
    }

    /// The pages of a refill that doubles each time; raises the list's high by as many (`nr_pcp_alloc`, 6.12).
    private mutating func movingRefill(_ order: Order, cpu: Int) -> Int {
        let lists = perCPU.base + cpu
        let base = lists.pointee.batch
        var batch = base
        var high = min(max(lists.pointee.high, lists.pointee.highMin), lists.pointee.highMax)
        lists.pointee.high = high
        if high < base { return 1 }
        if order == 0 { batch <<= lists.pointee.allocFactor }
        if lists.pointee.highMin != lists.pointee.highMax, !flags.contains(.belowHigh) {
            high = min(high + batch, lists.pointee.highMax)
            lists.pointee.high = high
        }
        guard order == 0 else { return batch }
        let most = max(high - lists.pointee.count - base, base)
        if batch <= most, lists.pointee.allocFactor < perCPURules.batchScaleMax { lists.pointee.allocFactor += 1 }
        return min(batch, most)
    }

    /// Counts one request served, by the nodes of the zone, of the preferred zone and of the CPU (`zone_statistics`).
    @inlinable
    mutating func countLocality(isPreferredNode: Bool, isCPUsNode: Bool, requests: Int = 1) {
        if isPreferredNode { numa.hit &+= requests } else { numa.miss &+= requests }
        if isCPUsNode { numa.local &+= requests } else { numa.other &+= requests }
    }
}

extension AllocFlags {
    @inlinable
    var takeOptions: TakeOptions {
        var options: TakeOptions = []
        if contains(.cma) { options.insert(.cma) }
        if contains(.noFragment) { options.insert(.avoidFragmentation) }
        return options
    }
}
