import BuddyEngine
import TestSupport
import Testing

/// Freeing neighbouring blocks in one step is a shorter way to what single frees do, not another way.
@Suite struct MergeRunTests {
    @Test(arguments: [BuddyRules.v6_1, .v6_12], [0, 5, 40])
    func `a run leaves the lists and the counters as single blocks do, the lowest first`(
        rules: BuddyRules, threshold: Int
    ) throws {
        var generator = SeededGenerator(seed: 0x2018)
        var byRuns = BuddySpan(range: 1024..<9216, rules: rules, counterThreshold: threshold)
        var bySingles = BuddySpan(range: 1024..<9216, rules: rules, counterThreshold: threshold)
        byRuns.addFreeRange(1024..<9216)
        bySingles.addFreeRange(1024..<9216)
        byRuns.setPageblockType(of: 4096, to: .unmovable)
        bySingles.setPageblockType(of: 4096, to: .unmovable)
        var used = [Bool](repeating: false, count: 9216)
        var observer = NoBuddyObserver()

        for _ in 0..<6000 {
            if Int.random(in: 0..<100, using: &generator) < 60 {
                let type: Migratetype = generator.next() % 4 == 0 ? .unmovable : .movable
                guard let page = byRuns.takeSmallest(0, type: type, observing: &observer) else { continue }
                try #require(bySingles.takeSmallest(0, type: type, observing: &observer) == page, "\(generator)")
                byRuns.countTaken(pages: 1, type: type)
                bySingles.countTaken(pages: 1, type: type)
                used[Int(page.frame.rawValue)] = true
            } else {
                let order = Order(generator.next() % 4)
                let start = Int.random(in: 1024..<9216, using: &generator) & ~(order.pages - 1)
                let most = Int.random(in: 1...70, using: &generator)
                let count = (0..<most).prefix { block in
                    (0..<order.pages).allSatisfy { page in
                        let frame = start + block * order.pages + page
                        return frame < 9216 && used[frame]
                    }
                }.count
                guard count > 0 else { continue }
                let first = PageFrame(start)
                byRuns.mergeRun(first, order: order, count: count, type: nil)
                for index in 0..<count {
                    let frame = first + index * order.pages
                    bySingles.merge(frame, order: order, type: bySingles.pageblockType(of: frame))
                }
                for frame in start..<(start + count * order.pages) { used[frame] = false }
            }
            try #require(byRuns.counters.free == bySingles.counters.free, "\(generator)")
            try #require(byRuns.counters[0].free == bySingles.counters[0].free, "\(generator)")
        }
        #expect(byRuns.lines == bySingles.lines)
        try byRuns.checkInvariants()
    }

    @Test func `counting many equal blocks at once is counting them one by one`() throws {
        var generator = SeededGenerator(seed: 0x2019)
        var atOnce = BuddySpan(range: 0..<1024, rules: .v6_12)
        var oneByOne = BuddySpan(range: 0..<1024, rules: .v6_12)
        for _ in 0..<20_000 {
            let threshold = Int.random(in: 0...125, using: &generator)
            let share = FreePageCounters.Share(free: Int32.random(in: -140...140, using: &generator))
            let pages = (generator.next() % 2 == 0 ? 1 : -1) << Int(generator.next() % 10)
            let times = Int.random(in: 0...130, using: &generator)
            atOnce.counters.threshold = threshold
            oneByOne.counters.threshold = threshold
            atOnce.counters[0] = share
            oneByOne.counters[0] = share
            atOnce.count(pages, times: times, type: .movable)
            for _ in 0..<times { oneByOne.count(pages, times: 1, type: .movable) }
            let what = "\(share), \(pages) pages \(times) times, threshold \(threshold): \(generator)"
            try #require(atOnce.counters.free == oneByOne.counters.free, "\(what)")
            try #require(atOnce.counters[0].free == oneByOne.counters[0].free, "\(what)")
        }
    }
}

extension BuddySpan {
    /// All free lists, in order.
    var lines: [String] {
        var lines: [String] = []
        for order in 0...maximumOrder.rawValue {
            for type in Migratetype.allCases {
                forEachRun(order: Order(order), type: type) { lines.append("\(order) \(type) \($0) \($1)") }
            }
        }
        return lines
    }
}
