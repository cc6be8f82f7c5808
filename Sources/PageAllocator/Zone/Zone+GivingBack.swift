import BuddyEngine

extension Zone {
    /// Returns pages of a CPU's lists to the free lists, oldest first (`free_pcppages_bulk`).
    ///
    /// - Parameters:
    ///   - pages: How many.
    ///   - cpu: The position of the CPU.
    ///   - first: The list to begin with, where the rules go list by list.
    ///   - observer: Is told of it.
    @inlinable
    mutating func giveBack<Observer: AllocationObserver>(
        _ pages: Int, cpu: Int, from first: Int, observing observer: inout Observer
    ) {
        switch perCPURules.givingBack {
        case .listAfterList: giveBackInRuns(pages, cpu: cpu, from: first, observing: &observer)
        case .inTurns: giveBackInTurns(pages, cpu: cpu, observing: &observer)
        }
    }

    /// Returns pages list by list, from `first` on, each until it is empty or enough have been returned.
    @inlinable
    @inline(never)
    mutating func giveBackInRuns<Observer: AllocationObserver>(
        _ pages: Int, cpu: Int, from first: Int, observing observer: inout Observer
    ) {
        buddy.counters.cpu = cpu
        var left = min(perCPU.base[cpu].count, pages)
        var list = first
        while left > 0 {
            while queue(cpu, list).pointee.isEmpty { list = list == PerCPUPages.listCount &- 1 ? 0 : list &+ 1 }
            let order = PerCPUPages.order(ofList: list, hugeOrder: hugeOrder)
            // The same code twice, so that the case of most lists, single pages, is specialised.
            let given =
                order == 0
                ? giveBackList(list, order: 0, pages: left, cpu: cpu, observing: &observer)
                : giveBackList(list, order: order, pages: left, cpu: cpu, observing: &observer)
            left &-= given
            perCPU.base[cpu].count &-= given
            list = list == PerCPUPages.listCount &- 1 ? 0 : list &+ 1
        }
    }

    /// Returns pages of one list, from its tail, until it is empty or `pages` have been returned.
    ///
    /// - Returns: How many were returned, which the last block may make more than `pages`.
    @inlinable @inline(__always)
    mutating func giveBackList<Observer: AllocationObserver>(
        _ list: Int, order: Order, pages: Int, cpu: Int, observing observer: inout Observer
    ) -> Int {
        // A copy that the compiler can keep in registers; the blocks stay where they are.
        var queue = queue(cpu, list).pointee
        var given = 0
        var uncounted = 0
        repeat {
            let (block, count) = queue.popBackRun(
                order: order, most: (pages &- given &+ order.pages &- 1) &>> Int(order.rawValue))
            given &+= count &<< Int(order.rawValue)
            tellDrained(block.frame, blocks: count, order: order, list: list, cpu: cpu, &observer)
            if count == 1 {
                let type = perCPURules.pagesCarryType ? block.type : buddy.pageblockType(of: block.frame)
                if type.rawValue < Migratetype.perCPUCount {
                    buddy.mergeUncounted(block.frame, order: order, type: type, observing: &observer)
                    uncounted &+= 1
                } else {
                    buddy.merge(block.frame, order: order, type: type, observing: &observer)
                }
                observer.drained(block.frame, order: order, type: type)
            } else {
                mergeRun(block, order: order, count: count, observing: &observer)
            }
        } while pages > given && !queue.isEmpty
        self.queue(cpu, list).pointee = queue
        // All of these add the same number of pages, so the order does not matter.
        buddy.count(order.pages, times: uncounted, type: .movable)
        return given
    }

    @inlinable @inline(__always)
    func tellDrained<Observer: AllocationObserver>(
        _ first: PageFrame, blocks: Int, order: Order, list: Int, cpu: Int, _ observer: inout Observer
    ) {
        guard Observer.wantsChanges else { return }
        for index in 0..<blocks {
            observer.changed(
                PerCPUChange(
                    cpu: cpu, list: list, frame: first + index * order.pages, order: order, action: .drained))
        }
    }

    /// Returns adjacent blocks, the first one first.
    @inlinable
    mutating func mergeRun<Observer: AllocationObserver>(
        _ first: TakenBlock, order: Order, count: Int, observing observer: inout Observer
    ) {
        buddy.mergeRun(
            first.frame, order: order, count: count, type: perCPURules.pagesCarryType ? first.type : nil,
            observing: &observer)
        for index in 0..<count {
            let frame = first.frame + index &<< Int(order.rawValue)
            observer.drained(
                frame, order: order,
                type: perCPURules.pagesCarryType ? first.type : buddy.pageblockType(of: frame))
        }
    }

    /// Empties a CPU's lists (`drain_pages_zone`).
    @inlinable
    mutating func drain<Observer: AllocationObserver>(_ cpu: Int, observing observer: inout Observer) {
        guard perCPU.base[cpu].isReady else { return }
        buddy.counters.cpu = cpu
        giveBack(perCPU.base[cpu].count, cpu: cpu, from: 0, observing: &observer)
    }
}
