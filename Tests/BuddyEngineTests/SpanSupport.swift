@testable import BuddyEngine

extension BuddySpan {
    static let bothRules: [BuddyRules] = [.v6_1, .v6_12]

    /// A span of eight pageblocks with nothing free in it, counters without lag.
    static func empty(
        _ rules: BuddyRules, _ range: Range<PageFrame> = 0..<4096, pageblockOrder: Order = 9
    ) -> BuddySpan {
        BuddySpan(range: range, pageblockOrder: pageblockOrder, rules: rules)
    }

    /// Makes a block free, in a pageblock of a type, without merging.
    mutating func put(_ frame: PageFrame, _ order: Order, _ type: Migratetype, in pageblock: Migratetype? = nil) {
        setPageblockType(of: frame, to: pageblock ?? type)
        _ = restore(frame, count: 1, order: order, type: type)
        count(order.pages, times: 1, type: type)
    }

    /// As a request that is not one of a refill.
    mutating func request(_ order: Order, _ type: Migratetype, _ options: TakeOptions = []) -> TakenBlock? {
        var observer = NoBuddyObserver()
        var mode = FallbackMode.own
        guard let block = take(order, type: type, options: options, mode: &mode, observing: &observer) else {
            return nil
        }
        countTaken(pages: order.pages, type: block.type)
        return block
    }

    /// The first page frames of a list, head first.
    func list(_ order: Order, _ type: Migratetype = .movable) -> [UInt64] {
        var frames: [UInt64] = []
        forEachRun(order: order, type: type) { first, count in
            frames += (0..<count).map { (first + $0 * order.pages).rawValue }
        }
        return frames
    }

    /// Whether counts are what the lists come to.
    var countsAreTrue: Bool {
        counters.exactFree == freePages - freePages(type: .isolate)
            && counters.exactCMA == freePages(type: .cma)
            && (!rules.countsEachChange || counters.highAtomic == freePages(type: .highAtomic))
    }
}
