import BuddyEngine
import PageAllocator
import Topology

/// The pages in use in a machine's movable pageblocks and in the pageblocks of contiguous memory areas, which also
/// serve movable requests.
struct MovablePages {
    let frames: [PageFrame]
    /// Whether there were more than ``most``.
    let isCut: Bool
    /// Lets them be moved but not freed: they count as anonymous, and there is no swap.
    let hook: LRUReclaim

    /// The largest number of pages that are tracked, because each takes memory: 16 GiB with pages of 4 KiB.
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
