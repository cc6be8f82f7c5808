import BuddyEngine
import GFP

/// A zone's part of the ways that a machine has for common requests.
extension Zone {
    /// Takes a single page off a CPU's list. Nil, and nothing done, if the list is empty, the zone has pages set aside, or
    /// an ordinary first walk would not be served without anything else to do.
    @inlinable @inline(__always)
    mutating func takeSingleAtOnce(_ type: Migratetype, highest: Int, cpu: Int) -> PageFrame? {
        guard !hasSetAside, buddy.counters.free > floors[unchecked: highest] else { return nil }
        return popAtOnce(0, type: type, cpu: cpu)
    }

    /// Takes a block off a CPU's list. Nil, and nothing done, if the list is empty or there is none of this order.
    ///
    /// - Precondition: ``servesPlainly(_:highest:usesCMA:)``.
    @inlinable @inline(__always)
    mutating func takeListedAtOnce(_ order: Order, type: Migratetype, cpu: Int) -> PageFrame? {
        guard order <= perCPURules.largestOrder else { return nil }
        return popAtOnce(order, type: type, cpu: cpu)
    }

    /// - Precondition: The order is at most ``PerCPUPages/costlyOrder``. A kernel without lists of it has them empty.
    @inlinable @inline(__always)
    mutating func popAtOnce(_ order: Order, type: Migratetype, cpu: Int) -> PageFrame? {
        let queue = queue(cpu, PerCPUPages.smallList(order, type))
        guard !queue.pointee.isEmpty else { return nil }
        noteTake(cpu)
        perCPU.base[cpu].count &-= order.pages
        pagesAllocated &+= order.pages
        return queue.pointee.popFront(order: order)
    }

    /// Whether the zone serves an ordinary first walk without anything else to do.
    ///
    /// - `usesCMA`: The one of such a walk's flags that matters; it lays no claim on reserves.
    @inlinable @inline(__always)
    mutating func servesPlainly(_ order: Order, highest: Int, usesCMA: Bool) -> Bool {
        let unusable = order.pages &- 1 &+ keptForHighAtomic &+ (usesCMA ? 0 : buddy.counters.cma)
        guard buddy.counters.free &- unusable > floors[unchecked: highest] else { return false }
        return order == 0 || hasOrdinaryBlock(order) || usesCMA && buddy.hasBlock(atLeast: order, type: .cma)
    }
}
