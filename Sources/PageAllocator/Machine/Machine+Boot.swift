import BuddyEngine
import GFP
import Topology

extension Machine {
    /// Boots a machine: zones cut from addresses, everything that is not reserved free, sizes worked out from sysctls.
    ///
    /// - `profile`: The rules; nil: those nearest to the topology's kernel.
    /// - Throws: ``MachineError`` if the topology describes no machine; `Topology.validate()` says all that is wrong.
    public init(_ topology: Topology, profile: KernelProfile? = nil) throws(MachineError) {
        if let problem = topology.firstError { throw .impossible(problem) }
        let spans = topology.zoneSpans().filter { $0.present > 0 }
        try self.init(
            topology: topology, profile: profile ?? KernelProfile(nearest: topology.kernel), spans: spans,
            segments: spans.map(\.managedRanges), zonelists: [:])
        for (position, span) in spans.enumerated() {
            for range in span.managedRanges {
                for part in range.without(span.cmaRanges) { zones[position].buddy.addFreeRange(part) }
            }
            for area in span.cmaRanges { zones[position].buddy.addContiguousArea(area) }
            zones[position].buddy.settleCounters()
        }
        groupByMobility()
        resize()
    }
}

extension Range<PageFrame> {
    /// What is left without areas that lie apart and in ascending order.
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
    /// Gives the contiguous memory area's pageblocks to the lists, each as one of CMA, once the rest is free
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
