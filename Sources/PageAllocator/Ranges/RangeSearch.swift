import BuddyEngine
import GFP
import Topology

/// A search for ranges of one size in the zones that a mask allows, each range aligned to its size
/// (`alloc_contig_pages`, mm/page_alloc.c; `alloc_gigantic_folio`, mm/hugetlb.c, gets its pages this way).
///
/// Each search of a kernel begins at the start of the first zone. This one skips ranges that were refused for good; as
/// nothing is freed in between, the result is the same.
public struct RangeSearch: Sendable {
    /// The size of a range in pages, a power of two.
    public let pages: Int
    /// The mask.
    public let gfp: GFPFlags
    /// The node to begin with.
    public let node: NodeID
    /// The CPU that asks.
    public let cpu: CPUID
    /// How many ranges of each zone were refused, by reason.
    public var refusals: [Refusals] {
        waiting.reduce(into: refused) { refusals, place in
            Self.add(.noRoom, 1, of: place.zone, to: &refusals)
        }
    }
    /// Ranges refused for good.
    private var refused: [Refusals] = []
    /// Ranges whose pages had nowhere to go; that may change.
    private var waiting: [(range: Range<PageFrame>, zone: ZoneReference)] = []
    private var zones: [ZoneReference]?
    private var next: PageFrame?

    /// Ranges of one zone that were refused for one reason.
    public struct Refusals: Hashable, Sendable {
        /// The zone.
        public var zone: ZoneReference
        /// The reason.
        public var reason: RangeRefusal.Reason
        /// How many ranges.
        public var ranges: Int

        public init(zone: ZoneReference, reason: RangeRefusal.Reason, ranges: Int) {
            self.zone = zone
            self.reason = reason
            self.ranges = ranges
        }
    }

    /// - Parameters:
    ///   - pages: The size of a range in pages.
    ///   - gfp: The mask: which zones may be used, and with `__GFP_THISNODE` only the given node.
    ///   - node: The node to begin with.
    ///   - cpu: The CPU that asks.
    /// - Precondition: `pages` is a power of two.
    public init(pages: Int, gfp: GFPFlags, node: NodeID, cpu: CPUID) {
        precondition(pages > 0 && pages & (pages - 1) == 0, "ranges are aligned to their size")
        self.pages = pages
        self.gfp = gfp
        self.node = node
        self.cpu = cpu
    }

    /// Takes the first range that can be taken; nil if there is none.
    public mutating func take(from machine: inout Machine) -> Range<PageFrame>? {
        for index in waiting.indices {
            let (range, zone) = waiting[index]
            guard let position = machine.position(of: zone) else { continue }
            if (try? machine.takeRangeIfValid(range, zone: position, cpu: cpu)) != nil {
                waiting.remove(at: index)
                return range
            }
        }
        var left = zones ?? Self.zones(for: gfp, node, on: machine)
        defer { zones = left }
        while let zone = left.first {
            guard let position = machine.position(of: zone) else { return nil }
            let span = machine.withZone(position) { $0.buddy.range }
            var frame = next ?? span.lowerBound.roundedUp(to: pages)
            while span.upperBound > frame, span.upperBound - frame >= pages {
                let range = frame..<(frame + pages)
                frame = range.upperBound
                next = frame
                do {
                    try machine.takeRangeIfValid(range, zone: position, cpu: cpu)
                    return range
                } catch {
                    if error.reason == .noRoom {
                        waiting.append((range, zone))
                    } else {
                        Self.add(error.reason, 1, of: zone, to: &refused)
                    }
                }
            }
            left.removeFirst()
            next = nil
        }
        return nil
    }

    private static func add(
        _ reason: RangeRefusal.Reason, _ ranges: Int, of zone: ZoneReference, to refusals: inout [Refusals]
    ) {
        if let index = refusals.firstIndex(where: { $0.zone == zone && $0.reason == reason }) {
            refusals[index].ranges += ranges
        } else {
            refusals.append(Refusals(zone: zone, reason: reason, ranges: ranges))
        }
    }

    /// The zones of a mask, in order of the node's zonelist.
    private static func zones(for gfp: GFPFlags, _ node: NodeID, on machine: borrowing Machine) -> [ZoneReference] {
        let kinds = machine.zoneKinds
        guard let highest = GFPFlags.highestZone(selector: gfp.zoneSelector, configured: kinds),
            let limit = kinds.firstIndex(of: highest)
        else { return [] }
        return machine.zonelist(of: node, onlyOwn: gfp.contains(.thisNode)).filter { zone in
            kinds.firstIndex(of: zone.kind).map { $0 <= limit } ?? false
        }
    }
}

extension Machine {
    /// Like ``takeRange(_:for:cpu:)``, after the quick check that a search makes first (`pfn_range_valid_contig`).
    fileprivate mutating func takeRangeIfValid(
        _ range: Range<PageFrame>, zone: Int, cpu: CPUID
    ) throws(RangeRefusal) {
        if let hole = firstHole(in: range, zone: zone) { throw RangeRefusal(.hole, at: hole) }
        if profile.ranges.passesOverPagesInUse, let page = firstPageInUse(in: range, zone: zone) {
            throw RangeRefusal(.inUse, at: page)
        }
        try takeRange(range, for: .any, cpu: cpu)
    }

    private func firstPageInUse(in range: Range<PageFrame>, zone: Int) -> PageFrame? {
        var frame = range.lowerBound
        while frame < range.upperBound {
            if let block = zones[zone].buddy.freeBlock(containing: frame) {
                frame = block.first + block.order.pages
            } else if zones[zone].isOnPerCPUList(frame) {
                frame = frame + 1
            } else {
                return frame
            }
        }
        return nil
    }
}
