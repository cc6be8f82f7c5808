import Testing

@testable import BuddyEngine

/// Which block of another type a request gets, and what becomes of that block's pageblock.
@Suite struct FallbackRuleTests {
    static let preferences: [(wanted: Migratetype, types: [Migratetype])] = [
        (.unmovable, [.reclaimable, .movable]), (.movable, [.reclaimable, .unmovable]),
        (.reclaimable, [.unmovable, .movable]),
    ]

    @Test(arguments: BuddySpan.bothRules, preferences)
    func `each type has its first and its second choice`(
        rules: BuddyRules, preference: (wanted: Migratetype, types: [Migratetype])
    ) {
        var span = BuddySpan.empty(rules)
        span.put(512, 9, preference.types[1])
        span.put(1536, 9, preference.types[0])
        #expect(span.request(0, preference.wanted)?.frame == 1536)
        #expect(span.pageblockType(of: 1536) == preference.wanted)
        #expect(span.freePages == 1023 && span.countsAreTrue)
        for _ in 0..<511 { _ = span.request(0, preference.wanted) }
        #expect(span.request(0, preference.wanted)?.frame == 512)
        #expect(span.pageblockType(of: 512) == preference.wanted && span.countsAreTrue)
    }

    /// A pageblock of `type` at 512 with one free block at its start and that many movable pages in use behind.
    private func span(
        _ rules: BuddyRules, _ order: Order, of type: Migratetype, movable: Int = 0
    ) -> BuddySpan {
        var span = BuddySpan.empty(rules)
        span.put(512, order, type)
        span.markMovable(PageFrame(1024 - movable)..<1024)
        return span
    }

    @Test(arguments: BuddySpan.bothRules)
    func `a movable request claims a pageblock for a block of at least half its order`(rules: BuddyRules) {
        for (order, claims) in [(3, false), (4, true), (5, true)] as [(Order, Bool)] {
            var span = span(rules, order, of: .unmovable, movable: 300)
            let block = span.request(0, .movable)
            #expect(block?.frame == 512)
            #expect(span.pageblockType(of: 512) == (claims ? .movable : .unmovable))
            #expect(span.countsAreTrue == true)
            // Under 6.1 what is left has moved; under 6.12 it has only where the pageblock was claimed.
            let left = rules == .v6_1 || claims ? Migratetype.movable : .unmovable
            #expect(span.freePages(type: left) == order.pages - 1)
            #expect(span.foreignPageblocksDisturbed == (rules == .v6_1 || claims ? 1 : 0))
        }
    }

    @Test(arguments: BuddySpan.bothRules, [Migratetype.reclaimable, .unmovable])
    func `other requests claim for any block, if what is in use is alike`(rules: BuddyRules, type: Migratetype) {
        for (movable, claims) in [(0, true), (200, true), (400, false)] {
            var span = span(rules, 3, of: .movable, movable: movable)
            #expect(span.request(0, type)?.frame == 512)
            #expect(span.pageblockType(of: 512) == (claims ? type : .movable), "\(movable)")
            #expect(span.countsAreTrue == true)
        }
    }

    @Test(arguments: BuddySpan.bothRules)
    func `between unmovable and reclaimable only free pages speak for a claim, and half is enough`(rules: BuddyRules) {
        for (order, claims) in [(7, false), (8, true)] as [(Order, Bool)] {
            var span = span(rules, order, of: .reclaimable)
            #expect(span.request(0, .unmovable)?.frame == 512)
            #expect(span.pageblockType(of: 512) == (claims ? .unmovable : .reclaimable))
            #expect(span.countsAreTrue == true)
        }
    }

    @Test(arguments: BuddySpan.bothRules, [Migratetype.movable, .unmovable, .reclaimable])
    func `who avoids fragmentation takes a pageblock or nothing`(rules: BuddyRules, type: Migratetype) {
        let other: Migratetype = type == .movable ? .unmovable : .movable
        var small = span(rules, 8, of: other)
        #expect(small.request(0, type, .avoidFragmentation) == nil)
        #expect(small.freePages(type: other) == 256 && small.countsAreTrue)
        var large = span(rules, 9, of: other)
        #expect(large.request(0, type, .avoidFragmentation)?.frame == 512)
        #expect(large.pageblockType(of: 512) == type && large.countsAreTrue)
    }

    @Test(arguments: BuddySpan.bothRules)
    func `a highatomic pageblock is nobody's to claim, whatever list its blocks are on`(rules: BuddyRules) {
        var span = BuddySpan.empty(rules)
        span.put(512, 9, .movable, in: .highAtomic)
        #expect(span.request(0, .unmovable)?.frame == 512)
        #expect(span.pageblockType(of: 512) == .highAtomic)
    }

    @Test func `what a split of another type's block leaves stays that type's under 6_12`() {
        var span = span(.v6_12, 3, of: .unmovable)
        let block = span.request(0, .movable)
        #expect(block == TakenBlock(frame: 512, type: .unmovable))
        #expect(span.list(2, .unmovable) == [516] && span.list(2) == [])
        #expect(span.countsAreTrue == true)
    }

    @Test func `a pageblock that the span cuts is not claimed under 6_12`() {
        for (range, frame) in [(256..<4096, 256), (0..<3840, 3584)] as [(Range<PageFrame>, PageFrame)] {
            var span = BuddySpan.empty(.v6_12, range)
            span.put(frame, 8, .movable)
            #expect(span.request(0, .unmovable)?.frame == frame)
            #expect(span.pageblockType(of: frame) == .movable)
            #expect(span.countsAreTrue == true)
        }
    }

    @Test
    func `a pageblock that the span's start cuts is moved from the block on under 6_1, one that its end cuts not`() {
        for (range, frame, moves) in [(256..<4096, 256, true), (0..<3840, 3584, false)]
            as [(Range<PageFrame>, PageFrame, Bool)]
        {
            var span = BuddySpan.empty(.v6_1, range)
            span.put(frame, 8, .movable)
            #expect(span.request(0, .unmovable)?.frame == frame)
            #expect(span.pageblockType(of: frame) == (moves ? .unmovable : .movable))
        }
    }
}
