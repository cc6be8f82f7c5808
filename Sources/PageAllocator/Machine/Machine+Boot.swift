import BuddyEngine
import GFP
import Topology

extension Machine {
    /// Boots a machine: zones are cut from addresses, everything that is not reserved is free, and sizes are computed
    /// from the sysctls.
    ///
    /// - Parameters:
    ///   - topology: The machine's description.
    ///   - profile: The rules; nil: those nearest to the topology's kernel, with the topology's changes.
    ///   - policy: Replaces some of the profile's rules; nil: none.
    ///   - zonelists: The fallback order of nodes for which it is known; it is computed for the others.
    /// - Throws: ``MachineError`` if there can be no such machine; `Topology.validate()` lists everything that is
    ///   wrong.
    public init(
        _ topology: Topology, profile: KernelProfile? = nil, policy: (any AllocatorPolicy)? = nil,
        zonelists: [NodeID: [ZoneReference]] = [:]
    ) throws(MachineError) {
        if let problem = topology.firstError { throw .impossible(problem) }
        let rules = if let profile { profile } else { try KernelProfile.inForce(on: topology) }
        let spans = topology.zoneSpans().filter { $0.present > 0 }
        try self.init(
            topology: topology, profile: rules, policy: policy, spans: spans,
            segments: spans.map(\.managedRanges), zonelists: zonelists)
        let memory = topology.nodes.flatMap(topology.presentMemory(of:))
        for (position, span) in spans.enumerated() {
            let own = memory.compactMap { range in range.overlaps(span.start..<span.end) ? range : nil }
            let unset = zones[position].buddy.leaveUnset(
                own, amidst: topology.hasPageblockTypesOfEachZone ? [] : memory)
            for range in span.managedRanges {
                for part in range.without(span.cmaRanges) { zones[position].buddy.addFree(part, unset: unset) }
            }
            for area in span.cmaRanges { zones[position].buddy.addContiguousArea(area) }
            zones[position].buddy.settleOnlyCounter()
        }
        groupByMobility()
        resize()
    }
}

extension Range<PageFrame> {
    /// The parts of the range outside `areas`, which must be ascending and without overlap.
    fileprivate func without(_ areas: [Range<PageFrame>]) -> [Range<PageFrame>] {
        var parts: [Range<PageFrame>] = []
        var start = lowerBound
        for area in areas where area.overlaps(self) {
            if start < area.lowerBound { parts.append(start..<area.lowerBound) }
            start = Swift.max(start, area.upperBound)
        }
        if start < upperBound { parts.append(start..<upperBound) }
        return parts
    }
}

extension BuddySpan {
    /// Boot gives a pageblock its type, Movable, at the pageblock's first page. Where that is not memory, the type
    /// stays Unmovable, which is what zeroed bits mean (`memmap_init_range`, mm/mm_init.c, 6.12; mm/page_alloc.c, 6.1).
    ///
    /// - Parameters:
    ///   - own: The zone's ranges of memory, which may extend into other zones.
    ///   - memory: All ranges whose first pages count; empty: only the span's own.
    /// - Returns: The pageblocks left Unmovable, ascending: at most one for each range.
    fileprivate mutating func leaveUnset(
        _ own: [Range<PageFrame>], amidst memory: [Range<PageFrame>]
    ) -> [Range<PageFrame>] {
        var unset: [Range<PageFrame>] = []
        for part in own.map({ $0.clamped(to: range) }).sorted(by: { $0.lowerBound < $1.lowerBound }) {
            let size = pageblockOrder.pages
            let first = PageFrame(rawValue: part.lowerBound.rawValue & ~UInt64(size - 1))
            let ranges = memory.isEmpty ? own.map { $0.clamped(to: range) } : memory
            guard first != unset.last?.lowerBound, !ranges.contains(where: { $0.contains(first) }) else { continue }
            setPageblockType(of: part.lowerBound, to: .unmovable)
            unset.append(first..<(first + size))
        }
        return unset
    }

    /// Adds a range to the free lists; the parts in pageblocks without a type as Unmovable.
    fileprivate mutating func addFree(_ added: Range<PageFrame>, unset: [Range<PageFrame>]) {
        var start = added.lowerBound
        for pageblock in unset where pageblock.overlaps(added) {
            let part = pageblock.clamped(to: added)
            if start < part.lowerBound { addFreeRange(start..<part.lowerBound) }
            addFreeRange(part, type: .unmovable)
            start = part.upperBound
        }
        if start < added.upperBound { addFreeRange(start..<added.upperBound) }
    }

    /// Adds the contiguous memory area's pageblocks to the free lists, each as CMA, once the rest is free
    /// (`init_cma_reserved_pageblock`, mm/page_alloc.c, 6.1; mm/mm_init.c, 6.12).
    fileprivate mutating func addContiguousArea(_ area: Range<PageFrame>) {
        let size = pageblockOrder.pages
        for index in 0..<(area.upperBound - area.lowerBound) / size {
            let pageblock = area.lowerBound + index * size
            setPageblockType(of: pageblock, to: .cma)
            merge(pageblock, order: pageblockOrder, type: .cma)
        }
    }
}
