import BuddyEngine
import GFP

/// A zone's part of the machine's fast paths.
extension Zone {
    /// Takes a single page off a CPU's list. Nil, with nothing changed, if the list is empty, the zone has pages set
    /// aside, or an ordinary first walk would have to do anything else.
    @inlinable @inline(__always)
    mutating func takeSingleAtOnce(_ type: Migratetype, highest: Int, cpu: Int) -> PageFrame? {
        guard !hasSetAside, buddy.counters.free > floors[unchecked: highest] else { return nil }
        return popAtOnce(0, type: type, cpu: cpu)
    }

    /// Takes a block off a CPU's list. Nil, with nothing changed, if the list is empty or the order has none.
    ///
    /// - Precondition: ``servesPlainly(_:highest:usesCMA:)``.
    @inlinable @inline(__always)
    mutating func takeListedAtOnce(_ order: Order, type: Migratetype, cpu: Int) -> PageFrame? {
        guard order <= perCPURules.largestOrder else { return nil }
        return popAtOnce(order, type: type, cpu: cpu)
    }

    /// Takes the block at the head of a CPU's list; nil if it is empty. A kernel without a list for the order has it
    /// empty.
    ///
    /// - Precondition: The order is at most ``PerCPUPages/costlyOrder``.
    @inlinable @inline(__always)
    mutating func popAtOnce(_ order: Order, type: Migratetype, cpu: Int) -> PageFrame? {
        let queue = queue(cpu, PerCPUPages.smallList(order, type))
        guard !queue.pointee.isEmpty else { return nil }
        noteTake(cpu)
        perCPU.base[cpu].count &-= order.pages
        pagesAllocated &+= order.pages
        return queue.pointee.popFront(order: order)
    }

    /// Whether the zone serves an ordinary first walk, with nothing else to do. Such a walk has no claim on reserves.
    ///
    /// - Parameters:
    ///   - order: The order of the request.
    ///   - highest: The highest zone index of the request.
    ///   - usesCMA: Whether the walk may use CMA pageblocks.
    @inlinable @inline(__always)
    mutating func servesPlainly(_ order: Order, highest: Int, usesCMA: Bool) -> Bool {
        let unusable = order.pages &- 1 &+ keptForHighAtomic &+ (usesCMA ? 0 : buddy.counters.cma)
        guard buddy.counters.free &- unusable > floors[unchecked: highest] else { return false }
        return order == 0 || hasOrdinaryBlock(order) || usesCMA && buddy.hasBlock(atLeast: order, type: .cma)
    }
}
