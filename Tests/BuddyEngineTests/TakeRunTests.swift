import BuddyEngine
import TestSupport
import Testing

/// Taking neighbouring blocks in one step is a shorter way to what single takes do, not another way.
@Suite struct TakeRunTests {
    @Test(arguments: [BuddyRules.v6_1, .v6_12], [0, 5, 40])
    func `a run is what single takes would have taken, and leaves what they would have left`(
        rules: BuddyRules, threshold: Int
    ) throws {
        var generator = SeededGenerator(seed: 0x2017)
        var byRuns = BuddySpan(range: 1024..<9216, rules: rules, counterThreshold: threshold)
        var bySingles = BuddySpan(range: 1024..<9216, rules: rules, counterThreshold: threshold)
        byRuns.addFreeRange(1024..<9216)
        bySingles.addFreeRange(1024..<9216)
        var runEvents = TakenFrames()
        var singleEvents = TakenFrames()
        var held: [(frame: PageFrame, order: Order)] = []

        for _ in 0..<4000 {
            if held.isEmpty || Int.random(in: 0..<100, using: &generator) < 30 {
                let order = Order(Int.random(in: 0..<100, using: &generator) < 80 ? 0 : Int(generator.next() % 11))
                let most = Int.random(in: 1...70, using: &generator)
                guard let run = byRuns.takeRun(order, type: .movable, most: most, observing: &runEvents) else {
                    #expect(bySingles.takeSmallest(order, type: .movable, observing: &singleEvents) == nil)
                    continue
                }
                #expect(run.count >= 1 && run.count <= most)
                byRuns.countRuns(blocks: run.count, order: order, type: .movable)
                for index in 0..<run.count {
                    let frame = run.first + index * order.pages
                    let single = bySingles.takeSmallest(order, type: .movable, observing: &singleEvents)
                    try #require(single?.frame == frame, "\(generator)")
                    byRuns.countTaken(pages: order.pages, type: .movable)
                    bySingles.countTaken(pages: order.pages, type: .movable)
                    held.append((frame, order))
                }
            } else {
                let block = held.remove(at: Int.random(in: 0..<held.count, using: &generator))
                byRuns.free(block.frame, order: block.order)
                bySingles.free(block.frame, order: block.order)
            }
            try #require(byRuns.counters.free == bySingles.counters.free, "\(generator)")
        }
        #expect(runEvents.frames == singleEvents.frames)
        #expect(byRuns.lines == bySingles.lines)
        try byRuns.checkInvariants()
    }

    @Test func `a span without orders to split is refused`() async {
        await #expect(processExitsWith: .failure) {
            _ = BuddySpan(range: 0..<1024, maximumOrder: 0, rules: .v6_12)
        }
    }
}

private struct TakenFrames: BuddyObserver {
    var frames: [PageFrame] = []

    mutating func tookBlock(_ frame: PageFrame, order: Order, type: Migratetype) { frames.append(frame) }
    mutating func fellBack(_ fallback: FallbackEvent) {}
    mutating func drained(_ frame: PageFrame, order: Order, type: Migratetype) {}
}

extension BuddySpan {
    /// As a refill takes blocks: the first of the order's list, or a run split off a larger block.
    fileprivate mutating func takeRun(
        _ order: Order, type: Migratetype, most: Int, observing observer: inout TakenFrames
    ) -> (first: PageFrame, count: Int)? {
        guard hasList(order, type: type) else {
            return splitOffRun(order, type: type, most: most, observing: &observer)
        }
        var list = headOfList(order, type: type)
        let frame = takeNext(&list, observing: &observer)
        cutOff(list)
        return (frame, 1)
    }
}
