import BuddyEngine
import PageAllocator
import Topology

/// The pages in use in a machine's movable pageblocks, and in those of contiguous memory areas, which are lent to such.
struct MovablePages {
    let frames: [PageFrame]
    /// More than there was room for.
    let isCut: Bool
    /// Lets them be moved, and none be freed: they count as anonymous, and there is no swap.
    let hook: LRUReclaim

    /// The most that are looked after: 16 GiB with 4 KiB pages. Each takes memory here.
    static let most = 1 << 22

    init(of machine: inout Machine) {
        let onLists = Set(
            machine.snapshot().zones.flatMap { $0.exact?.perCPU ?? [] }.flatMap(\.lists).flatMap(\.frames))
        var frames: [PageFrame] = []
        var isCut = false
        for zone in 0..<machine.zoneCount {
            for segment in machine.withZone(zone, { $0.segments }) {
                var page = segment.lowerBound
                while page < segment.upperBound, !isCut {
                    if let free = machine.withZone(zone, { $0.buddy.freeBlock(containing: page) }) {
                        page = free.first + free.order.pages
                        continue
                    }
                    defer { page = page + 1 }
                    let type = machine.pageblockType(of: page)
                    guard type == .movable || type == .cma, !onLists.contains(page) else { continue }
                    isCut = frames.count >= Self.most
                    if !isCut { frames.append(page) }
                }
            }
        }
        hook = LRUReclaim(swapPages: 0)
        for frame in frames { hook.add(frame..<(frame + 1), .anonymous, in: &machine) }
        self.frames = frames
        self.isCut = isCut
    }
}
