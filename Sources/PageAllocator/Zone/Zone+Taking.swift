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

    /// Takes a block off the free lists, where highatomic blocks come first or last if the request may use them
    /// (`rmqueue`, 5.10; `rmqueue_buddy`, 6.1).
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

    /// Whether a request with `flags` tries highatomic blocks first.
    @inlinable
    func takesHighAtomicFirst(_ order: Order, _ flags: AllocFlags) -> Bool {
        !flags.isDisjoint(with: walkRules.reserves.takesHighAtomicFirst) && order > 0
    }

    /// Whether the pageblock that serves such a request is reserved.
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

    /// Takes the head of a list, refilled first if empty (`__rmqueue_pcplist`).
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

    /// Updates the lists' tuning, which every allocation does.
    @inlinable @inline(__always)
    mutating func noteTake(_ cpu: Int) { perCPU.base[cpu].recentFrees &>>= 1 }

    /// Sets up a CPU's lists when it first uses the zone.
    @inlinable
    mutating func prepare(_ cpu: Int) {
        if !perCPU.base[cpu].isReady { makeReady(cpu) }
    }

    @usableFromInline
    @inline(never)
    mutating func makeReady(_ cpu: Int) {
        precondition(cpu < perCPU.count)
        perCPU.base[cpu].isReady = true
        perCPU.base[cpu].setBatch(pagesetBatch, rules: perCPURules)
        perCPU.base[cpu].high = pagesetHighMin
        perCPU.base[cpu].highMin = pagesetHighMin
        perCPU.base[cpu].highMax = pagesetHighMax
        readyCPUs.append(cpu)
    }

    /// Counts requests as local or not, by the nodes of the zone, the preferred zone and the CPU (`zone_statistics`).
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
