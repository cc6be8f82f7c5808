import Testing

@testable import BuddyEngine

/// What the counters say, and what goes by them.
@Suite struct CountingRuleTests {
    @Test func `a share goes over when it passes the threshold, not when it reaches it`() {
        var span = BuddySpan(range: 0..<4096, rules: .v6_12, counterThreshold: 32)
        span.merge(0, order: 5, type: .movable)
        #expect(span.counters.free == 0 && span.counters[0].free == 32)
        span.merge(64, order: 0, type: .movable)
        #expect(span.counters.free == 33 && span.counters[0].free == 0)
        _ = span.request(5, .movable)
        #expect(span.counters.free == 33 && span.counters[0].free == -32)
    }

    @Test func `settling leaves nothing in the shares`() {
        var span = BuddySpan(range: 0..<4096, rules: .v6_12, cpuCount: 2, counterThreshold: 125)
        span.merge(0, order: 5, type: .cma)
        span.counters.cpu = 1
        span.merge(64, order: 4, type: .movable)
        span.settleCounters()
        #expect(span.counters.free == 48 && span.counters.cma == 32)
        #expect(span.counters.exactFree == 48 && span.counters.exactCMA == 32)
    }

    @Test(arguments: BuddySpan.bothRules, Migratetype.allCases)
    func `pages count as free, as CMA's and as highatomic, by their type; isolated ones not at all`(
        rules: BuddyRules, type: Migratetype
    ) {
        var span = BuddySpan.empty(rules)
        span.setPageblockType(of: 0, to: type)
        span.free(0, order: 4)
        #expect(span.counters.free == (type == .isolate ? 0 : 16))
        #expect(span.counters.cma == (type == .cma ? 16 : 0))
        #expect(span.counters.highAtomic == (type == .highAtomic && rules == .v6_12 ? 16 : 0))
        #expect(span.countsAreTrue == true)
    }

    @Test(arguments: BuddySpan.bothRules)
    func `CMA is used first where it is more than half of what is free, by those who may`(rules: BuddyRules) {
        var even = BuddySpan.empty(rules)
        even.put(0, 9, .cma)
        even.put(1024, 9, .movable)
        #expect(even.request(0, .movable, .cma)?.type == .movable)
        #expect(even.request(0, .movable, .cma)?.type == .cma)
        #expect(even.request(0, .movable)?.type == .movable)
        #expect(even.countsAreTrue == true)
        var more = BuddySpan.empty(rules)
        more.put(0, 10, .cma)
        more.put(2048, 9, .movable)
        #expect(more.request(0, .movable, .cma)?.type == .cma)
        #expect(more.request(0, .movable)?.type == .movable)
    }

    @Test(arguments: BuddySpan.bothRules)
    func `CMA alone serves those who may use it, and nobody else`(rules: BuddyRules) {
        var span = BuddySpan.empty(rules)
        span.put(0, 9, .cma)
        for type in [Migratetype.movable, .unmovable, .reclaimable] { #expect(span.request(0, type) == nil) }
        #expect(span.request(0, .movable, .cma)?.type == .cma)
        #expect(span.countsAreTrue == true)
    }

    @Test(arguments: BuddySpan.bothRules)
    func `a block taken by its number leaves the other halves, and is counted`(rules: BuddyRules) {
        for (frame, left) in [(256, 0), (0, 256)] as [(PageFrame, UInt64)] {
            var span = BuddySpan.empty(rules)
            span.put(0, 9, .movable)
            #expect(span.takeSpecific(frame, order: 8) == .movable)
            #expect(span.list(8) == [left] && !span.isFree(frame) && span.countsAreTrue)
        }
        var span = BuddySpan.empty(rules)
        span.put(0, 9, .movable)
        span.put(1024, 5, .cma)
        #expect(span.takeBlock(at: 0) == 9 && span.takeBlock(at: 1024) == 5 && span.takeBlock(at: 1030) == nil)
        #expect(span.freePages == 0 && span.countsAreTrue)
    }
}
