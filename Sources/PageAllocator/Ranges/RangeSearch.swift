import BuddyEngine
import GFP
import Topology

/// A search for ranges of one size through the zones that a mask allows, each range aligned to its size
/// (`alloc_contig_pages`, mm/page_alloc.c; how `alloc_gigantic_folio`, mm/hugetlb.c, gets its pages).
///
/// Each of a kernel's searches begins at the start of the first zone. This one leaves out those ranges that were refused for
/// good, as nothing is freed in between, and gets the same.
public struct RangeSearch: Sendable {
    /// Pages of a range, a power of two.
    public let pages: Int
    public let gfp: GFPFlags
    public let node: NodeID
    /// The CPU that asks.
    public let cpu: CPUID
    /// How many ranges of each zone were refused, and why.
    public var refusals: [Refusals] {
        waiting.reduce(into: refused) { refusals, place in
            Self.add(.noRoom, 1, of: place.zone, to: &refusals)
        }
    }
    /// For good.
    private var refused: [Refusals] = []
    /// Ranges whose pages had nowhere to go: they may have the next time.
    private var waiting: [(range: Range<PageFrame>, zone: ZoneReference)] = []
    private var zones: [ZoneReference]?
    private var next: PageFrame?

    public struct Refusals: Hashable, Sendable {
        public var zone: ZoneReference
        public var reason: RangeRefusal.Reason
        public var ranges: Int

        public init(zone: ZoneReference, reason: RangeRefusal.Reason, ranges: Int) {
            self.zone = zone
            self.reason = reason
            self.ranges = ranges
        }
    }

    /// - Parameters:
    ///   - pages: Pages of a range.
    ///   - gfp: Says which zones may serve, and with `__GFP_THISNODE` that no other node may.
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

    /// Takes the first range that can be had; nil: there is none.
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
            var frame = next ?? span.lowerBound.aligned(to: pages)
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

    /// The zones of a mask, in the order of the node's list.
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
    /// ``takeRange(_:for:cpu:)`` after the look from afar that a search gives each range (`pfn_range_valid_contig`).
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

extension PageFrame {
    /// The first page frame from here on that is a multiple of a power of two.
    func aligned(to pages: Int) -> PageFrame {
        let mask = UInt64(pages - 1)
        return PageFrame(rawValue: (rawValue + mask) & ~mask)
    }
}
