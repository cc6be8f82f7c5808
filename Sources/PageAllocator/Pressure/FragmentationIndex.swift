import BuddyEngine
import Topology

/// How the free blocks of a zone are cut up, in thousandths, as `/sys/kernel/debug/extfrag` says it (mm/vmstat.c).
public struct Fragmentation: Hashable, Sendable {
    public var freePages = 0
    public var freeBlocks = 0
    /// By order.
    public var counts: [Int]

    /// - Parameter counts: Free blocks of each order, smallest first.
    public init(counts: [Int]) {
        self.counts = counts
        for (order, count) in counts.enumerated() {
            freeBlocks += count
            freePages += count << order
        }
    }

    /// Free blocks of an order, if the larger ones were split.
    public func suitableBlocks(_ order: Order) -> Int {
        let wanted = Int(order.rawValue)
        return counts.enumerated().dropFirst(wanted).reduce(0) { $0 + $1.element << ($1.offset - wanted) }
    }

    /// Why a request of an order would fail: towards 0 for want of memory, towards 1000 by fragmentation; -1000 where it
    /// would not fail (`__fragmentation_index`).
    public func index(_ order: Order) -> Int {
        guard freeBlocks > 0 else { return 0 }
        guard suitableBlocks(order) == 0 else { return -1000 }
        return 1000 - (1000 + freePages * 1000 / order.pages) / freeBlocks
    }

    /// The part of free memory that is of no use for an order, from 0 to 1000 (`unusable_free_index`).
    public func unusable(_ order: Order) -> Int {
        guard freePages > 0 else { return 1000 }
        return (freePages - suitableBlocks(order) << Int(order.rawValue)) * 1000 / freePages
    }
}

extension Zone {
    /// How the zone's free blocks are cut up.
    public var fragmentation: Fragmentation {
        Fragmentation(counts: (0...buddy.maximumOrder.rawValue).map { buddy.freeBlocks(Order(rawValue: $0)) })
    }
}
