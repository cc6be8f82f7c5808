import Testing

@testable import BuddyEngine

/// The largest spans there can be: counts, offsets and slots at their limits.
@Suite struct LargeSpanTests {
    static let sizes: [UInt64] = [1 << 31 - 1, 1 << 31, 1 << 31 + 1, 1 << 32 - 1, 1 << 32]

    private func span(_ pages: UInt64, rules: BuddyRules = .v6_12, threshold: Int = 125) -> BuddySpan {
        var span = BuddySpan(range: 0..<PageFrame(pages), rules: rules, cpuCount: 2, counterThreshold: threshold)
        span.managedPages = Int(pages)
        span.addFreeRange(0..<PageFrame(pages))
        return span
    }

    @Test(arguments: sizes)
    func `every page counts, shares of CPUs included`(pages: UInt64) throws {
        let span = span(pages)
        #expect(span.freePages == Int(pages))
        #expect(span.counters.exactFree == Int(pages))
        #expect(abs(span.counters.free - Int(pages)) <= 125)
        #expect(span.freeBlocks(10) == Int(pages) >> 10)
        #expect(span.freePages(type: .movable) == Int(pages))
        try span.checkInvariants()
    }

    @Test(arguments: sizes, [BuddyRules.v6_1, .v6_12])
    func `the last block is taken, split, moved between types, freed and merged again`(
        pages: UInt64, rules: BuddyRules
    ) throws {
        var span = span(pages, rules: rules, threshold: 0)
        let last = PageFrame(pages - 1)
        #expect(span.takeSpecific(last, order: 0) == .movable)
        #expect(span.freePages == Int(pages) - 1)
        #expect(span.counters.exactFree == Int(pages) - 1)
        #expect(!span.isFree(last) && span.isFree(last + -1))
        span.markMovable(last..<(last + 1))
        #expect(span.isMarkedMovable(last) && !span.isMarkedMovable(last + -1))
        span.clearMovable(last..<(last + 1))
        span.reserveHighAtomic(last, order: 0)
        let isWhole = pages & 511 == 0
        #expect(span.pageblockType(of: last) == (isWhole || rules == .v6_1 ? .highAtomic : .movable))
        span.free(last, order: 0)
        #expect(span.freePages == Int(pages))
        #expect(span.counters.exactFree == Int(pages))
        if isWhole {
            #expect(span.reservedHighAtomic == 512)
            #expect(span.freePages(type: .highAtomic) == 512)
            let gained = span.unreserveHighAtomic(as: .movable, force: true)
            #expect(gained && span.reservedHighAtomic == 0)
            #expect(span.freePages(type: .movable) == Int(pages))
        }
        #expect(span.counters.exactFree == Int(pages))
    }

    @Test func `contiguous pages set aside are CMA's, and count as such`() {
        var span = BuddySpan(range: 0..<PageFrame(1 << 32), rules: .v6_12, counterThreshold: 32)
        span.addFreeRange(0..<PageFrame(1 << 32), type: .cma)
        #expect(span.counters.exactCMA == 1 << 32 && span.counters.exactFree == 1 << 32)
        #expect(span.counters.cma == 1 << 32)
    }

    @Test func `a span of more pages, or of pages near the end of all numbers, is none`() {
        #expect(BuddySpan.holds(0..<PageFrame(1 << 32), maximumOrder: 10))
        #expect(!BuddySpan.holds(0..<PageFrame(1 << 32 + 1), maximumOrder: 10))
        // Rounded to blocks of the largest order it is a block too long.
        #expect(!BuddySpan.holds(1..<PageFrame(1 << 32 + 1), maximumOrder: 10))
        #expect(BuddySpan.holds(1024..<PageFrame(1 << 32 + 1024), maximumOrder: 10))
        #expect(!BuddySpan.holds(PageFrame(UInt64.max - 5)..<PageFrame(UInt64.max), maximumOrder: 10))
        #expect(!BuddySpan.holds(0..<PageFrame(UInt64.max), maximumOrder: 10))
    }

    @Test func `tables of pages that are all in use are given back, those of others kept`() throws {
        var span = BuddySpan(range: 0..<PageFrame(1 << 28), rules: .v6_12)
        span.addFreeRange(0..<PageFrame(1 << 28))
        for block in 0..<1024 { try #require(span.request(10, .movable)?.frame == PageFrame(block << 10)) }
        // A single page in the middle of the second region.
        let single = PageFrame(1 << 20 + 1 << 19 + 5)
        try #require(span.takeSpecific(single, order: 0) == .movable)
        // Two of 256 regions at a time.
        for _ in 0..<128 { span.releaseTables() }
        try span.checkInvariants()
        #expect(span.isFree(PageFrame(single.rawValue - 1)) && !span.isFree(single))
        for block in (0..<1024).reversed() { span.free(PageFrame(block << 10), order: 10) }
        span.free(single, order: 0)
        try span.checkInvariants()
        #expect(span.freePages == 1 << 28)
    }

    @Test func `movable marks outside the span are nobody's`() {
        var span = BuddySpan(range: 1024..<2048, rules: .v6_12)
        span.markMovable(0..<PageFrame(1 << 40))
        #expect(span.movableRuns() == [1024..<2048])
        #expect(span.movablePages(in: 0..<PageFrame(1 << 40)) == 1024)
        span.clearMovable(1536..<PageFrame(1 << 40))
        #expect(span.movableRuns() == [1024..<1536])
        span.markMovable(4096..<8192)
        #expect(span.movablePages(in: 0..<8192) == 512)
    }
}
