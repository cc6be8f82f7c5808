import BuddyEngine
import Topology

/// How fragmented the free memory of a zone is, in thousandths, like `/sys/kernel/debug/extfrag` (mm/vmstat.c).
public struct Fragmentation: Hashable, Sendable {
    /// Free pages in blocks of all orders.
    public var freePages = 0
    /// Free blocks of all orders.
    public var freeBlocks = 0
    /// Free blocks by order.
    public var counts: [Int]

    /// - Parameters:
    ///   - counts: Free blocks of each order, smallest first.
    public init(counts: [Int]) {
        self.counts = counts
        for (order, count) in counts.enumerated() {
            freeBlocks += count
            freePages += count << order
        }
    }

    /// How many blocks of an order there would be if all larger ones were split.
    public func suitableBlocks(_ order: Order) -> Int {
        let wanted = Int(order.rawValue)
        return counts.enumerated().dropFirst(wanted).reduce(0) { $0 + $1.element << ($1.offset - wanted) }
    }

    /// Why a request of an order would fail: towards 0 for lack of memory, towards 1000 because of fragmentation; -1000
    /// if it would not fail (`__fragmentation_index`).
    public func index(_ order: Order) -> Int {
        guard freeBlocks > 0 else { return 0 }
        guard suitableBlocks(order) == 0 else { return -1000 }
        return 1000 - (1000 + freePages * 1000 / order.pages) / freeBlocks
    }

    /// The part of free memory that is in blocks too small for an order, from 0 to 1000 (`unusable_free_index`).
    public func unusable(_ order: Order) -> Int {
        guard freePages > 0 else { return 1000 }
        return (freePages - suitableBlocks(order) << Int(order.rawValue)) * 1000 / freePages
    }
}

extension Zone {
    /// How fragmented the zone's free memory is.
    public var fragmentation: Fragmentation {
        Fragmentation(counts: (0...buddy.maximumOrder.rawValue).map { buddy.freeBlocks(Order(rawValue: $0)) })
    }
}
