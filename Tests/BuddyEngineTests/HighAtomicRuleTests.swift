import Testing

@testable import BuddyEngine

/// Pageblocks kept for high orders that cannot sleep: how many, which, and how they are given back.
@Suite struct HighAtomicRuleTests {
    private func span(_ rules: BuddyRules, managed: Int = 51_200) -> BuddySpan {
        var span = BuddySpan.empty(rules)
        span.managedPages = managed
        return span
    }

    @Test func `the limit is a hundredth of the zone: a pageblock more under 6_1, rounded up to pageblocks under 6_12`()
    {
        #expect(span(.v6_1).highAtomicLimit == 512 + 512)
        #expect(span(.v6_1, managed: 999).highAtomicLimit == 9 + 512)
        for (managed, limit) in [(51_199, 0), (51_200, 512), (51_299, 512), (51_300, 1024), (102_400, 1024)] {
            #expect(span(.v6_12, managed: managed).highAtomicLimit == limit)
        }
    }

    @Test(arguments: BuddySpan.bothRules)
    func `pageblocks are reserved up to the limit, free pages and all`(rules: BuddyRules) throws {
        var span = span(rules)
        span.addFreeRange(0..<4096)
        var taken: [PageFrame] = []
        for index in 0..<4 {
            let frame = PageFrame(index * 1024)
            try #require(span.takeSpecific(frame, order: 4) == .movable)
            taken.append(frame)
            span.reserveHighAtomic(frame, order: 4)
        }
        let most = rules == .v6_1 ? 1024 : 512
        #expect(span.reservedHighAtomic == most)
        #expect(taken.count { span.pageblockType(of: $0) == .highAtomic } == most / 512)
        #expect(span.freePages(type: .highAtomic) == most / 512 * 496)
        #expect(span.countsAreTrue == true)
    }

    @Test(arguments: BuddySpan.bothRules, [Migratetype.cma, .isolate, .highAtomic])
    func `a pageblock of a type of its own is not reserved`(rules: BuddyRules, type: Migratetype) {
        var span = span(rules)
        span.setPageblockType(of: 512, to: type)
        span.reserveHighAtomic(512, order: 3)
        #expect(span.reservedHighAtomic == 0 && span.pageblockType(of: 512) == type)
    }

    @Test(arguments: BuddySpan.bothRules)
    func `the last one is given back only by force, the others before`(rules: BuddyRules) {
        var span = span(rules, managed: 512_000)
        for frame in [512, 1536] as [PageFrame] {
            span.put(frame + 8, 3, .movable)
            span.reserveHighAtomic(frame, order: 3)
        }
        #expect(span.reservedHighAtomic == 1024 && span.freePages(type: .highAtomic) == 16)
        let gained = span.unreserveHighAtomic(as: .unmovable, force: false)
        #expect(gained && span.reservedHighAtomic == 512)
        #expect(span.freePages(type: .unmovable) == 8 && span.countsAreTrue)
        #expect([512, 1536].count { span.pageblockType(of: $0) == .unmovable } == 1)
        let again = span.unreserveHighAtomic(as: .movable, force: false)
        #expect(!again && span.reservedHighAtomic == 512)
        let forced = span.unreserveHighAtomic(as: .movable, force: true)
        #expect(forced && span.reservedHighAtomic == 0 && span.freePages(type: .highAtomic) == 0)
        #expect(span.countsAreTrue == true)
    }

    @Test(arguments: BuddySpan.bothRules, [Order(9), 10])
    func `a block of pageblock order or larger is given back whole, and counted so`(rules: BuddyRules, order: Order) {
        var span = span(rules, managed: 512_000)
        for frame in stride(from: 0, to: order.pages, by: 512) {
            span.setPageblockType(of: PageFrame(frame), to: .highAtomic)
        }
        span.put(0, order, .highAtomic)
        span.reservedHighAtomic = order.pages
        let gained = span.unreserveHighAtomic(as: .movable, force: true)
        #expect(gained && span.freePages(type: .movable) > 0)
        #expect(span.countsAreTrue == true)
        if rules == .v6_12 {
            #expect(span.reservedHighAtomic == 0 && span.list(order) == [0])
            #expect(span.pageblockType(of: PageFrame(order.pages - 1)) == .movable)
        } else {
            #expect(span.reservedHighAtomic == order.pages - 512)
        }
    }
}
