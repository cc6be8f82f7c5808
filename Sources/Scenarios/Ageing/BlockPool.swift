import BuddyEngine
import PageAllocator

/// The blocks of a zone that ageing has allocated, by the type of their pageblock, from which pieces are freed.
struct BlockPool {
    /// By type and order.
    private var blocks: [[[PageFrame]]]
    private let top: Int

    init(_ maximumOrder: Order) {
        top = Int(maximumOrder.rawValue)
        blocks = Array(repeating: Array(repeating: [], count: top + 1), count: Migratetype.count)
    }

    mutating func add(_ frame: PageFrame, _ order: Order, _ type: Migratetype) {
        blocks[Int(type.rawValue)][Int(order.rawValue)].append(frame)
    }

    /// Removes a block that will not merge when it is freed, if there is one: half of a larger block whose other half
    /// stays. It is of the given type if possible, else of any.
    mutating func takeForGood(_ order: Order, _ type: Migratetype, _ random: inout SeededRandom) -> PageFrame? {
        for type in [type] + Migratetype.allCases.filter({ $0 != type }) {
            if let frame = takeForGood(Int(order.rawValue), Int(type.rawValue), &random) { return frame }
        }
        return nil
    }

    private mutating func takeForGood(_ order: Int, _ type: Int, _ random: inout SeededRandom) -> PageFrame? {
        guard order < top, let larger = take(order + 1, type, &random) else { return draw(order, type, &random) }
        return half(of: larger, order, type, &random)
    }

    /// Removes a block of an order, either a whole one or part of a larger one.
    private mutating func take(_ order: Int, _ type: Int, _ random: inout SeededRandom) -> PageFrame? {
        if let frame = draw(order, type, &random) { return frame }
        guard order < top, let larger = take(order + 1, type, &random) else { return nil }
        return half(of: larger, order, type, &random)
    }

    /// Chooses one half at random; the other stays.
    private mutating func half(
        of larger: PageFrame, _ order: Int, _ type: Int, _ random: inout SeededRandom
    ) -> PageFrame {
        let upper = larger + 1 << order
        let takesUpper = random.next() & 1 == 1
        blocks[type][order].append(takesUpper ? larger : upper)
        return takesUpper ? upper : larger
    }

    private mutating func draw(_ order: Int, _ type: Int, _ random: inout SeededRandom) -> PageFrame? {
        let count = blocks[type][order].count
        guard count > 0 else { return nil }
        blocks[type][order].swapAt(random.next(below: count), count - 1)
        return blocks[type][order].removeLast()
    }
}
