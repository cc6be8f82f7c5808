import BuddyEngine
import Topology

/// A contiguous memory area, and which buffers in it are taken (`struct cma`, mm/cma.c). The rest may be lent to
/// movable pages, which must be moved away first.
public struct ContiguousArea: Hashable, Sendable {
    /// The area.
    public let pages: Range<PageFrame>
    /// The buffers taken, ascending.
    public private(set) var buffers: [Range<PageFrame>] = []

    public init(_ pages: Range<PageFrame>) { self.pages = pages }

    /// The alignment of a buffer of so many pages for a driver: its order, at most 8 (`dma_alloc_from_contiguous`,
    /// `cma_alloc_aligned`, kernel/dma/contiguous.c, with CONFIG_CMA_ALIGNMENT).
    public static func alignment(ofPages pages: Int) -> Order { min(Order.containing(pages: max(pages, 1)), 8) }

    /// Takes a buffer at the first place that is not taken and can be made free (`cma_alloc`, 6.12; `cma_range_alloc`,
    /// 7.3).
    ///
    /// - Parameters:
    ///   - count: The buffer's size in pages.
    ///   - alignment: The order that the buffer is aligned to.
    ///   - machine: The machine that the area is on.
    ///   - cpu: The CPU that asks; one of the machine's.
    /// - Returns: The pages, or why each place tried was refused; nothing was tried if everything is taken.
    public mutating func take(
        _ count: Int, alignment: Order, from machine: inout Machine, cpu: CPUID
    ) -> (pages: Range<PageFrame>?, refusals: [RangeRefusal]) {
        var refusals: [RangeRefusal] = []
        var start = pages.lowerBound
        while let place = firstPlace(count, alignment: alignment, from: start) {
            do {
                try machine.takeRange(place, for: .contiguousArea, cpu: cpu)
                buffers.append(place)
                buffers.sort { $0.lowerBound < $1.lowerBound }
                return (place, refusals)
            } catch {
                refusals.append(error)
                // With no free memory to move pages to, the kernel does not try another place (-ENOMEM).
                if error.reason == .noRoom { return (nil, refusals) }
                start = place.lowerBound + alignment.pages
            }
        }
        return (nil, refusals)
    }

    /// Returns a buffer (`cma_release`). One that was not taken is ignored.
    public mutating func giveBack(_ buffer: Range<PageFrame>, to machine: inout Machine, cpu: CPUID) {
        guard let index = buffers.firstIndex(of: buffer) else { return }
        buffers.remove(at: index)
        machine.giveBackRange(buffer, cpu: cpu)
    }

    /// The first place without a buffer (`bitmap_find_next_zero_area_off`).
    private func firstPlace(_ count: Int, alignment: Order, from start: PageFrame) -> Range<PageFrame>? {
        var first = start.roundedUp(to: alignment.pages)
        while first <= pages.upperBound, count > 0, pages.upperBound - first >= count {
            let place = first..<(first + count)
            guard let buffer = buffers.last(where: { $0.overlaps(place) }) else { return place }
            first = buffer.upperBound.roundedUp(to: alignment.pages)
        }
        return nil
    }
}

extension Machine {
    /// The contiguous memory areas of a node, found by the types of its pageblocks: adjacent ones are joined, and none
    /// is known to have buffers.
    public func contiguousAreas(of node: NodeID) -> [ContiguousArea] {
        var areas: [ContiguousArea] = []
        for zone in 0..<zoneCount where zones[zone].node == node {
            let size = zones[zone].buddy.pageblockOrder.pages
            for run in zones[zone].buddy.pageblockRuns() where run.type == .cma {
                areas.append(ContiguousArea(run.first..<(run.first + run.count * size)))
            }
        }
        return areas
    }
}
