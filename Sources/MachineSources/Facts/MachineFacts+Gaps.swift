import BuddyEngine
import KernelText
import Topology

/// Shortens gaps in zones that span more page frames than can be handled: the second socket of some machines lies 64
/// TiB above the first, and the memory of devices higher still.
extension MachineFacts {
    /// Memory is moved by multiples of this number of bytes: more than any zone's limit and any block's size, so that
    /// both keep their alignment.
    private static let step: UInt64 = 64 << 30

    /// Moves memory down where a zone would span too much. Only the numbers of page frames depend on the length of a
    /// gap, of which at least one step remains.
    mutating func shortenGaps(of topology: inout Topology) {
        guard topology.zoneSpans().contains(where: { !topology.holds($0) }) else { return }
        let step = Self.step / UInt64(topology.pageSize)
        let memory = topology.nodes.flatMap(\.memory).sorted { $0.lowerBound < $1.lowerBound }
        // The frames from which on memory is moved, with the total distance.
        var moves: [(from: PageFrame, by: UInt64)] = []
        for (lower, upper) in zip(memory, memory.dropFirst()) where lower.upperBound < upper.lowerBound {
            let gap = upper.lowerBound.rawValue - lower.upperBound.rawValue
            guard gap >= 2 * step else { continue }
            moves.append((upper.lowerBound, (moves.last?.by ?? 0) + (gap / step - 1) * step))
        }
        guard let last = moves.last else { return }
        func moved(_ frame: PageFrame) -> PageFrame {
            PageFrame(frame.rawValue - (moves.last { $0.from <= frame }?.by ?? 0))
        }
        func moved(_ range: Range<PageFrame>) -> Range<PageFrame> {
            let start = moved(range.lowerBound)
            return start..<start + range.pages
        }
        for index in topology.nodes.indices {
            topology.nodes[index].memory = topology.nodes[index].memory.map(moved)
            topology.nodes[index].movableStart = topology.nodes[index].movableStart.map(moved)
        }
        topology.reserved = topology.reserved.map(moved)
        topology.contiguousAreas = topology.contiguousAreas.map(moved)
        note(
            "a zone would span more than \(ByteSize(bytes: BuddySpan.largestSpan * UInt64(topology.pageSize))), most of it "
                + "a gap: what lies above gaps of more than 128 GiB is numbered up to \(last.by / step * 64) GiB lower than "
                + "it is stated to lie.")
    }
}

extension Topology {
    /// Whether the zone does not span too much.
    fileprivate func holds(_ span: ZoneSpan) -> Bool {
        BuddySpan.holds(span.start..<span.end, maximumOrder: maximumOrder)
    }
}
