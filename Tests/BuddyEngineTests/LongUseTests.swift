import BuddyEngine
import TestSupport
import Testing

/// Spans after long use: whatever the order of events, the lists stay consistent and no page is given twice.
@Suite struct LongUseTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        var name: String
        var range: Range<PageFrame>
        var maximumOrder: Order = 10
        var pageblockOrder: Order = 9

        var testDescription: String { name }
    }

    static let shapes = [
        Shape(name: "aligned", range: 4096..<20480),
        Shape(name: "cut at both ends", range: 5001..<20479),
        Shape(name: "pageblocks of the largest order", range: 0..<4096, maximumOrder: 6, pageblockOrder: 9),
        Shape(name: "pageblocks of two pages", range: 7..<2000, maximumOrder: 5, pageblockOrder: 1),
    ]

    @Test(arguments: shapes, [BuddyRules.v6_1, .v6_12])
    func `a long mix of orders and types keeps every invariant`(shape: Shape, rules: BuddyRules) throws {
        var span = BuddySpan(
            range: shape.range, maximumOrder: shape.maximumOrder, pageblockOrder: shape.pageblockOrder, rules: rules)
        span.addFreeRange(shape.range)
        try span.checkInvariants()
        var generator = SeededGenerator(seed: 0x5EED)
        var observer = NoBuddyObserver()
        var held: [(frame: PageFrame, order: Order)] = []
        var taken: Set<PageFrame> = []
        let types: [Migratetype] = [.movable, .movable, .unmovable, .reclaimable]

        for step in 0..<8000 {
            if Int.random(in: 0..<100, using: &generator) < 56 {
                let order = Order(
                    min(Int.random(in: 0...Int(shape.maximumOrder.rawValue), using: &generator), 1 + step % 9))
                guard order <= shape.maximumOrder else { continue }
                var mode = FallbackMode.own
                guard
                    let block = span.take(
                        order, type: types.randomElement(using: &generator)!, options: [], mode: &mode,
                        observing: &observer)
                else { continue }
                span.countTaken(pages: order.pages, type: block.type)
                for page in 0..<order.pages {
                    let frame = block.frame + page
                    #expect(shape.range.contains(frame), "\(generator), step \(step): \(frame) is outside")
                    #expect(taken.insert(frame).inserted, "\(generator), step \(step): \(frame) given twice")
                }
                held.append((block.frame, order))
            } else if !held.isEmpty {
                let (frame, order) = held.remove(at: Int.random(in: held.indices, using: &generator))
                for page in 0..<order.pages { taken.remove(frame + page) }
                span.free(frame, order: order)
            }
            if step % 400 == 0 { try span.checkInvariants() }
        }
        try span.checkInvariants()
        #expect(span.freePages == shape.range.count - taken.count, "\(generator)")
        for (frame, order) in held { span.free(frame, order: order) }
        try span.checkInvariants()
        #expect(span.freePages == shape.range.count, "\(generator)")
    }
}

extension Range<PageFrame> {
    fileprivate var count: Int { upperBound - lowerBound }
}
