import Testing

@testable import BuddyEngine

/// What a freed block joins, which list it goes to, and which end of it.
@Suite struct MergeRuleTests {
    @Test(arguments: BuddySpan.bothRules)
    func `a run is all of the smallest block, as far as it is asked for`(rules: BuddyRules) throws {
        for (most, expected) in [(100, 8), (5, 5), (8, 8)] {
            var span = BuddySpan.empty(rules)
            span.put(64, 3, .movable)
            span.put(1024, 9, .movable)
            var observer = NoBuddyObserver()
            let run = span.splitOffRun(0, type: .movable, most: most, observing: &observer)
            #expect(run?.first == 64 && run?.count == expected)
        }
    }

    @Test(arguments: BuddySpan.bothRules)
    func `a block of the order below the largest goes to the head, whatever its neighbours`(rules: BuddyRules) {
        var span = BuddySpan.empty(rules)
        span.put(1024, 10, .movable)
        span.put(3072, 9, .movable)
        span.free(0, order: 9)
        #expect(span.list(9) == [0, 3072])
    }

    @Test func `a block of pageblock order waits at the tail if its next merge is likely`() {
        var span = BuddySpan.empty(.v6_1, pageblockOrder: 5)
        span.put(512, 9, .movable)
        span.put(2048, 8, .movable)
        span.free(0, order: 8)
        #expect(span.list(8) == [2048, 0])
        span.free(3072, order: 8)
        #expect(span.list(8) == [3072, 2048, 0])
    }

    @Test(arguments: BuddySpan.bothRules)
    func `two free pageblocks become one block that begins at the lower`(rules: BuddyRules) throws {
        for (first, second) in [(0, 512), (512, 0)] as [(PageFrame, PageFrame)] {
            var span = BuddySpan.empty(rules)
            span.free(first, order: 9)
            span.free(second, order: 9)
            #expect(span.list(10) == [0] && span.list(9) == [])
            try span.checkInvariants()
        }
    }

    @Test(arguments: BuddySpan.bothRules)
    func `pageblocks of mobility types merge, and the buddy takes on the type under 6_12`(rules: BuddyRules) {
        var span = BuddySpan.empty(rules)
        span.put(0, 9, .unmovable)
        span.free(512, order: 9)
        #expect(span.list(10) == [0])
        #expect(span.pageblockType(of: 0) == (rules == .v6_12 ? .movable : .unmovable))
        #expect(span.countsAreTrue == true)
    }

    @Test(arguments: BuddySpan.bothRules, [Migratetype.isolate, .cma, .highAtomic])
    func `pageblocks of other types stay apart from them, both ways`(rules: BuddyRules, type: Migratetype) {
        var span = BuddySpan.empty(rules)
        span.put(0, 9, type)
        span.free(512, order: 9)
        #expect(span.list(9) == [512] && span.list(9, type) == [0])
        span.put(1024, 9, .movable)
        span.setPageblockType(of: 1536, to: type)
        span.free(1536, order: 9)
        #expect(span.list(9, type) == [1536, 0] && span.list(10) == [])
        #expect(span.countsAreTrue == true)
    }

    @Test func `a block of two pageblocks comes back as each one's type under 6_12, and whole under 6_1`() {
        for rules in BuddySpan.bothRules {
            var span = BuddySpan.empty(rules)
            span.setPageblockType(of: 0, to: .unmovable)
            span.free(0, order: 10)
            // The second piece, movable, takes the first one in.
            #expect(span.list(10, rules == .v6_12 ? .movable : .unmovable) == [0])
            #expect(span.pageblockType(of: 0) == (rules == .v6_12 ? .movable : .unmovable))
            #expect(span.countsAreTrue == true)
        }
    }
}
