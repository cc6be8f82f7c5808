import BuddyEngine
import GFP
import Topology

extension Zone {
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
            // Where CMA may be used, each block taken can change the choice between CMA and the rest.
            if mode == .own, !options.contains(.cma) {
                let more = refillFromOwn(
                    queue, order: order, type: type, most: wanted &- got, cpu: cpu, observing: &observer)
                got &+= more
                uncounted &+= more
                if more > 0 { continue }
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

    /// Reports a refill to an observer that wants changes; runs then have one block.
    @inlinable @inline(__always)
    func tellRefilled<Observer: AllocationObserver>(
        _ frame: PageFrame, order: Order, type: Migratetype, cpu: Int, _ observer: inout Observer
    ) {
        guard Observer.wantsChanges else { return }
        observer.changed(
            PerCPUChange(
                cpu: cpu, list: PerCPUPages.list(order, type), frame: frame, order: order, action: .refilled))
    }

    /// Appends blocks of the order: those on its list, else adjacent ones split off the smallest sufficient block. They
    /// are not counted.
    ///
    /// - Returns: How many; 0 if there is none.
    @inlinable @inline(__always)
    mutating func refillFromOwn<Observer: AllocationObserver>(
        _ queue: UnsafeMutablePointer<FrameQueue>, order: Order, type: Migratetype, most: Int, cpu: Int,
        observing observer: inout Observer
    ) -> Int {
        if buddy.hasList(order, type: type) {
            var list = buddy.headOfList(order, type: type)
            repeat {
                let frame = buddy.takeNext(&list, observing: &observer)
                queue.pointee.pushBack(TakenBlock(frame: frame, type: type))
                tellRefilled(frame, order: order, type: type, cpu: cpu, &observer)
            } while list.taken < most && !list.isAtEnd
            buddy.cutOff(list)
            return list.taken
        }
        guard
            let run = buddy.splitOffRun(order, type: type, most: min(most, FrameQueue.Run.limit), observing: &observer)
        else { return 0 }
        queue.pointee.pushBack(TakenBlock(frame: run.first, type: type), blocks: run.count)
        tellRefilled(run.first, order: order, type: type, cpu: cpu, &observer)
        return run.count
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

    /// How many pages a refill that doubles each time brings; raises the lists' high by as many (`nr_pcp_alloc`, 6.12).
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
}
