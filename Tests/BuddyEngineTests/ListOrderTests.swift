import BuddyEngine
import TestSupport
import Testing

/// Which block comes out next: the order of the lists after splits, merges and frees.
@Suite struct ListOrderTests {
    static let rules: [BuddyRules] = [.v6_1, .v6_12]

    private func span(_ rules: BuddyRules, pages: UInt64 = 4096) -> BuddySpan {
        var span = BuddySpan(range: 0..<PageFrame(pages), rules: rules)
        span.addFreeRange(0..<PageFrame(pages))
        span.managedPages = Int(pages)
        return span
    }

    private func take(_ span: inout BuddySpan, _ order: Order, _ type: Migratetype = .movable) -> PageFrame? {
        var observer = NoBuddyObserver()
        var mode = FallbackMode.own
        guard let block = span.take(order, type: type, options: [], mode: &mode, observing: &observer) else {
            return nil
        }
        span.countTaken(pages: order.pages, type: block.type)
        return block.frame
    }

    /// The first page frames of a list, head first.
    private func list(_ span: borrowing BuddySpan, _ order: Order, _ type: Migratetype = .movable) -> [UInt64] {
        var frames: [UInt64] = []
        span.forEachRun(order: order, type: type) { first, count in
            frames += (0..<count).map { (first + $0 * order.pages).rawValue }
        }
        return frames
    }

    @Test(arguments: rules)
    func `a split gives the upper halves back, one at each order`(rules: BuddyRules) throws {
        var span = span(rules)
        #expect(take(&span, 0) == 0)
        for order in 0..<10 as Range<UInt8> { #expect(list(span, Order(rawValue: order)) == [1 << UInt64(order)]) }
        #expect(list(span, 10) == [1024, 2048, 3072])
        try span.checkInvariants()
    }

    @Test(arguments: rules)
    func `the last blocks are those of the whole list, tail first, of runs as well`(rules: BuddyRules) throws {
        var span = span(rules, pages: 16_384)
        var generator = SeededGenerator(seed: 0x14_26)
        var taken: [PageFrame] = []
        for _ in 0..<600 { take(&span, 0).map { taken.append($0) } }
        for frame in taken.shuffled(using: &generator).prefix(200) { span.merge(frame, order: 0, type: .movable) }
        for order in 0...10 as ClosedRange<UInt8> {
            let whole = list(span, Order(rawValue: order))
            for most in [0, 1, 3, whole.count, whole.count + 1] {
                let last = span.lastBlocks(most, order: Order(rawValue: order), type: .movable).map(\.rawValue)
                #expect(last == Array(whole.reversed().prefix(most)), "\(generator)")
            }
        }
        #expect(list(span, 10).count > 3, "a run is left")
        #expect(list(span, 0).count > 3)
    }

    @Test(arguments: rules)
    func `boot puts odd pieces at the tails, the lowest first`(rules: BuddyRules) throws {
        var span = BuddySpan(range: 0..<4096, rules: rules)
        span.addFreeRange(1..<63)
        span.addFreeRange(65..<127)
        for order in 0..<5 as Range<UInt8> {
            let first = UInt64(1) << UInt64(order)
            // Both ranges have a piece of each order at either end.
            #expect(list(span, Order(rawValue: order)) == [first, 64 - 2 * first, 64 + first, 128 - 2 * first])
        }
        try span.checkInvariants()
    }

    @Test(arguments: rules)
    func `pages of one block come out in ascending order`(rules: BuddyRules) {
        var span = span(rules)
        let taken = (0..<64).map { _ in take(&span, 0)?.rawValue }
        #expect(taken == (0..<64).map { UInt64($0) })
    }

    @Test(arguments: rules)
    func `a freed block goes to the head, or to the tail if its next merge is likely`(rules: BuddyRules) {
        var span = span(rules)
        for _ in 0..<16 { _ = take(&span, 0) }
        #expect(list(span, 0) == [])
        span.free(2, order: 0)
        span.free(8, order: 0)
        #expect(list(span, 0) == [8, 2])
        // 4 and 5 are in use, 6 and 7 become a pair: the pair of 4 has a free buddy, so 4 waits at the tail.
        span.free(6, order: 0)
        span.free(7, order: 0)
        #expect(list(span, 1) == [6])
        span.free(4, order: 0)
        #expect(list(span, 0) == [8, 2, 4])
    }

    /// By the order of the freed block: a single page, one below pageblock order, one of it.
    @Test(arguments: rules, [0, 2, 9] as [Order])
    func `a pair that begins before the span has no buddy there, so its block goes to the head`(
        rules: BuddyRules, order: Order
    ) throws {
        let block = PageFrame(order.pages)
        let far: PageFrame = 8192
        func freed(spanStart: PageFrame, ownsPagesBefore: Bool = false) throws -> [UInt64] {
            var span = BuddySpan(
                range: spanStart..<16384, maximumOrder: 12, rules: rules, ownsPagesBefore: ownsPagesBefore)
            span.merge(far, order: order, type: .movable)
            span.merge(block + order.pages, order: Order(order.rawValue + 1), type: .movable)
            span.merge(block, order: order, type: .movable)
            try span.checkInvariants()
            return list(span, order)
        }
        #expect(try freed(spanStart: 0) == [far.rawValue, block.rawValue])
        #expect(try freed(spanStart: 1) == [block.rawValue, far.rawValue])
        #expect(try freed(spanStart: 1, ownsPagesBefore: true) == [far.rawValue, block.rawValue])
        #expect(try freed(spanStart: block) == [block.rawValue, far.rawValue])
    }

    @Test(arguments: rules)
    func `all merges again to what it was, the last freed at the head`(rules: BuddyRules) throws {
        var span = span(rules)
        for _ in 0..<1024 { _ = take(&span, 0) }
        for frame in (0..<1024 as Range<UInt64>).reversed() { span.free(PageFrame(frame), order: 0) }
        #expect(list(span, 10) == [0, 1024, 2048, 3072])
        #expect(span.freePages == 4096)
        try span.checkInvariants()
    }

    @Test func `6.12 frees a block of the largest order as pageblocks, 6.1 as one`() {
        for rules in Self.rules {
            var span = span(rules)
            #expect(take(&span, 10) == 0)
            span.setPageblockType(of: 512, to: .cma)
            span.free(0, order: 10)
            if rules == .v6_12 {
                // Types that never merge stay apart.
                #expect(list(span, 9) == [0])
                #expect(list(span, 9, .cma) == [512])
            } else {
                #expect(list(span, 10) == [0, 1024, 2048, 3072])
            }
        }
    }

    @Test func `a merge across types keeps the freed page's type; 6.12 changes the buddy's pageblock too`() {
        for rules in Self.rules {
            var span = span(rules)
            #expect(take(&span, 9) == 0)
            #expect(take(&span, 9) == 512)
            span.setPageblockType(of: 0, to: .unmovable)
            span.free(512, order: 9)
            span.free(0, order: 9)
            #expect(list(span, 10, .unmovable) == [0])
            #expect(span.pageblockType(of: 512) == (rules == .v6_12 ? .unmovable : .movable))
        }
    }

    @Test(arguments: rules)
    func `taking from the middle of a never-used run leaves the rest in order`(rules: BuddyRules) throws {
        var span = span(rules, pages: 1 << 20)
        var observer = NoBuddyObserver()
        #expect(take(&span, 10) == 0)
        #expect(take(&span, 10) == 1024)
        span.free(0, order: 10)
        let next: PageFrame? = span.takeSmallest(10, type: .movable, observing: &observer)?.frame
        if let next { span.countTaken(pages: 1024, type: .movable); #expect(next == 0) }
        #expect(take(&span, 10) == 2048)
        #expect(span.freePages == 1 << 20 - 3 * 1024)
        try span.checkInvariants()
    }

    @Test func `an unmovable request claims a pageblock that is mostly free`() throws {
        for rules in Self.rules {
            var span = span(rules, pages: 512)
            let first = take(&span, 3)
            #expect(first == 0)
            let claimed = try #require(take(&span, 0, .unmovable))
            #expect(span.pageblockType(of: claimed) == .unmovable)
            #expect(span.foreignPageblocksDisturbed == 1)
            #expect(span.freePages(type: .movable) == 0)
            try span.checkInvariants()
        }
    }

    @Test func `6.12 splits the smallest sufficient block if none can be claimed`() throws {
        var span = span(.v6_12, pages: 512)
        var held: [PageFrame] = []
        while let frame = take(&span, 0, .unmovable) { held.append(frame) }
        #expect(held.count == 512)
        // Two single pages and one of order 1 are free, all unmovable: a movable request may not claim for so little.
        for frame in [3, 9, 20, 21] as [PageFrame] { span.free(frame, order: 0) }
        #expect(take(&span, 0, .movable) == 9)
        #expect(span.pageblockType(of: 9) == .unmovable)
        #expect(list(span, 0, .unmovable) == [3])
        #expect(list(span, 1, .unmovable) == [20])
        #expect(span.foreignPageblocksDisturbed == 0)
    }

    @Test func `fragmentation avoided, nothing below a pageblock comes from another type`() {
        for rules in Self.rules {
            var span = span(rules, pages: 512)
            #expect(take(&span, 0) == 0)
            var mode = FallbackMode.own
            var observer = NoBuddyObserver()
            let block = span.take(
                0, type: .unmovable, options: .avoidFragmentation, mode: &mode, observing: &observer)
            #expect(block == nil)
        }
    }

    @Test func `highatomic pageblocks are limited to a hundredth`() {
        var old = span(.v6_1)
        #expect(old.highAtomicLimit == 40 + 512)
        var new = span(.v6_12)
        #expect(new.highAtomicLimit == 0)
        new.managedPages = 51199
        #expect(new.highAtomicLimit == 0)
        new.managedPages = 51200
        #expect(new.highAtomicLimit == 512)
        new.managedPages = 51300
        #expect(new.highAtomicLimit == 1024)
        old.reserveHighAtomic(0, order: 3)
        old.reserveHighAtomic(512, order: 3)
        old.reserveHighAtomic(1024, order: 3)
        // The second still began below the limit.
        #expect(old.reservedHighAtomic == 1024)
        #expect(old.pageblockType(of: 1024) == .movable)
    }

    @Test func `a CPU's part moves to the shared counter only when it exceeds the threshold`() {
        var span = BuddySpan(range: 0..<4096, rules: .v6_12, cpuCount: 2, counterThreshold: 32)
        span.addFreeRange(0..<4096)
        span.settleCounters()
        #expect(span.counters.free == 4096)
        for _ in 0..<32 { _ = take(&span, 0) }
        #expect(span.counters.free == 4096)
        #expect(span.counters.exactFree == 4064)
        span.counters.cpu = 1
        _ = take(&span, 0)
        #expect(span.counters.free == 4096)
        span.counters.cpu = 0
        _ = take(&span, 0)
        #expect(span.counters.free == 4096 - 33)
        #expect(span.counters[0].free == 0)
        #expect(span.counters[1].free == -1)
    }
}
