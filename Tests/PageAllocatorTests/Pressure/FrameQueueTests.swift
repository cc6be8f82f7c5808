import BuddyEngine
import TestSupport
import Testing

@testable import PageAllocator

@Suite struct FrameQueueTests {
    @Test(arguments: [Order(0), 3])
    func `a queue of runs behaves as a queue of blocks`(order: Order) throws {
        var generator = SeededGenerator(seed: 77)
        var queue = FrameQueue()
        defer { queue.deallocate() }
        var model: [TakenBlock] = []
        var last: PageFrame = 0
        for step in 0..<20_000 {
            // Often the block after the last one, so that there are neighbours to be taken together.
            let isNext = generator.next() % 2 == 0
            last = isNext ? last + order.pages : PageFrame(rawValue: generator.next() >> 20)
            let frame = last
            let type = Migratetype.allCases[Int(generator.next() % (isNext ? 2 : 6))]
            switch generator.next() % 6 {
            case 0:
                if queue.isFull { queue.grow() }
                queue.pushFront(TakenBlock(frame: frame, type: type))
                model.insert(TakenBlock(frame: frame, type: type), at: 0)
            case 1:
                let count = Int(generator.next() % 8) == 0 ? FrameQueue.Run.limit : 1 + Int(generator.next() % 3)
                guard model.count + count < 10_000 else { continue }
                queue.pushBack(TakenBlock(frame: frame, type: type), blocks: count)
                model += (0..<count).map { TakenBlock(frame: frame + $0 * order.pages, type: type) }
            case 2 where !model.isEmpty:
                try #require(queue.popFront(order: order) == model.removeFirst().frame, "\(generator), step \(step)")
            case 3 where !model.isEmpty:
                try #require(queue.popBack(order: order) == model.removeLast(), "\(generator), step \(step)")
            case 4 where !model.isEmpty:
                let most = 1 + Int(generator.next() % 5)
                let run = queue.popBackRun(order: order, most: most)
                try #require((1...most).contains(run.count), "\(generator), step \(step)")
                for index in 0..<run.count {
                    let frame = run.first.frame + index * order.pages
                    try #require(model.removeLast() == TakenBlock(frame: frame, type: run.first.type), "\(generator)")
                }
            default:
                try #require(queue.isEmpty == model.isEmpty)
            }
        }
        #expect(queue.blocks(order: order) == model)
    }

    @Test(arguments: [Order(0), 3])
    func `a block is found and taken out wherever it stands`(order: Order) throws {
        var generator = SeededGenerator(seed: 78)
        var queue = FrameQueue()
        defer { queue.deallocate() }
        var model: [TakenBlock] = []
        for step in 0..<4_000 {
            if model.count < 60 {
                // No page is in two blocks of a list.
                let first = TakenBlock(frame: PageFrame(rawValue: UInt64(step) << 8), type: .movable)
                let count = 1 + Int(generator.next() % 6)
                queue.pushBack(first, blocks: count)
                model += (0..<count).map { TakenBlock(frame: first.frame + $0 * order.pages, type: .movable) }
            }
            let index = Int(generator.next() % UInt64(model.count))
            let frame = model[index].frame
            let inside = frame + Int(generator.next() % UInt64(order.pages))
            try #require(queue.place(holding: inside, order: order)?.before == index, "\(generator), step \(step)")
            try #require(inside == frame || queue.place(of: inside, order: order) == nil)
            let removals = (queue.remove(frame, order: order), queue.remove(frame, order: order))
            try #require(removals == (true, false))
            model.remove(at: index)
            try #require(queue.blocks(order: order) == model, "\(generator), step \(step)")
        }
    }
}
