import BuddyEngine
import PageAllocator
import Topology

/// Checks the blocks in use that a checkpoint lists: all must be the machine's, none free, and no page in two of them.
/// Freeing any other block would damage the machine.
struct BlockCheck {
    private var pages: [Range<UInt64>] = []

    /// The free pages of a checkpoint's machine.
    init(_ snapshot: Snapshot) {
        for zone in snapshot.zones {
            if case .lists(let lists) = zone.free {
                for list in lists {
                    for run in list.runs { add(run.first.rawValue, UInt64(run.count) << UInt64(list.order.rawValue)) }
                }
            }
            for lists in zone.exact?.perCPU ?? [] {
                for list in lists.lists {
                    let order = PerCPUListIndex.order(
                        ofList: list.index, hugePageOrder: snapshot.topology.hugePageOrder ?? 0)
                    for frame in list.frames { add(frame.rawValue, UInt64(order.pages)) }
                }
            }
        }
    }

    private mutating func add(_ first: UInt64, _ count: UInt64) { pages.append(first..<(first + count)) }

    /// Checks the blocks of a replay.
    ///
    /// - Throws: ``TraceError`` if they are impossible.
    consuming func check(_ replay: borrowing Replay, _ decoder: borrowing CheckpointDecoder) throws(TraceError) {
        var blocks: [FrameTable.Value] = replay.lockstep.silent.map { FrameTable.Value(frame: $0.key, order: $0.value) }
        replay.table.forEachBlock { _, value in
            if value.isBlock { blocks.append(value) }
        }
        for block in blocks {
            let frame = PageFrame(rawValue: block.frame)
            let order = Order(rawValue: block.order)
            guard order <= replay.machine.maximumOrder, block.frame & UInt64(order.pages - 1) == 0,
                let zone = replay.machine.zonePosition(of: frame),
                replay.machine.zonePosition(of: frame + (order.pages - 1)) == zone
            else {
                throw decoder.damaged("the block of order \(order) at page frame \(block.frame) is not the machine's")
            }
            add(block.frame, UInt64(order.pages))
        }
        pages.sort { $0.lowerBound < $1.lowerBound }
        for (one, next) in zip(pages, pages.dropFirst()) where next.lowerBound < one.upperBound {
            throw decoder.damaged("page frame \(next.lowerBound) is in two blocks")
        }
    }
}
