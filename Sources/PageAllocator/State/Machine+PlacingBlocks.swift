import BuddyEngine
import GFP
import Topology

/// Placing free blocks of which a report or buddyinfo gave only the numbers.
extension Machine {
    /// How many free blocks below the largest order, known by number only, a machine may have: 128 GiB of single pages.
    /// Each is placed individually and touches its part of the tables, about 50 bytes; a line of made-up numbers would
    /// otherwise use up all memory.
    static let placedBlockLimit = 1 << 25

    /// Throws if there are too many, before the first one is placed.
    func checkPlaces(of zones: [ZoneSnapshot]) throws(MachineError) {
        var blocks = 0
        for zone in zones {
            guard case .counts(let counts) = zone.free else { continue }
            for count in counts.prefix(Int(maximumOrder.rawValue)) {
                let (sum, isBeyond) = blocks.addingReportingOverflow(max(count.total, 0))
                blocks = isBeyond ? .max : sum
            }
        }
        guard blocks <= Self.placedBlockLimit else { throw .tooManyBlocks(blocks, limit: Self.placedBlockLimit) }
    }

    /// Pages in free blocks by order; `Int.max` if the sum overflows.
    private static func pages(of counts: ArraySlice<FreeCount>) -> Int {
        var pages = 0
        for (order, count) in counts.enumerated() {
            let (own, isTooMany) = max(count.total, 0).multipliedReportingOverflow(by: 1 << order)
            let (sum, isBeyond) = pages.addingReportingOverflow(own)
            guard !isTooMany, !isBeyond else { return .max }
            pages = sum
        }
        return pages
    }

    mutating func place(
        _ counts: [FreeCount], _ zone: ZoneSnapshot, _ position: Int, _ reference: ZoneReference
    ) throws(MachineError) {
        let ranges = zone.span.managedRanges.isEmpty ? zones[position].segments : zone.span.managedRanges
        let counts = counts.prefix(Int(maximumOrder.rawValue) + 1)
        let free = Self.pages(of: counts)
        // Check this first: impossible numbers would be placed until there is no room left.
        guard free <= ranges.reduce(0, { $0 + ($1.upperBound - $1.lowerBound) }) else {
            throw .moreFreeThanManaged(reference, free: free, managed: zone.span.managed)
        }
        var placement = FreeBlockPlacement(
            ranges: ranges, maximumOrder: topology.maximumOrder, pageblockOrder: topology.pageblockOrder)
        var lists: [FreeList] = []
        for (order, count) in counts.enumerated().reversed() {
            for (type, blocks) in count.split where blocks > 0 {
                guard let list = placement.place(blocks, order: order, type: type) else {
                    throw .moreFreeThanManaged(reference, free: free, managed: zone.span.managed)
                }
                lists.append(list)
            }
        }
        placement.assignRest(zone.pageblockCounts ?? [:])
        zones[position].buddy.knowsReservedPageblocks = false
        for (first, type) in placement.pageblocks { zones[position].buddy.setPageblockType(of: first, to: type) }
        try restore(lists, position, reference)
        let cma = zones[position].buddy.freePages(type: .cma)
        let highAtomic = zones[position].buddy.freePages(type: .highAtomic)
        zones[position].buddy.counters.cma = cma
        zones[position].buddy.counters.highAtomic = highAtomic
        if cma > 0 { hasCMA = true }
    }
}

extension FreeCount {
    /// Blocks by type: as counted; else, if letters were printed, at least one of each of those types and the rest
    /// movable if that is among them; else all movable.
    var split: [(Migratetype, Int)] {
        if let byType { return Migratetype.allCases.map { ($0, byType[$0] ?? 0) } }
        guard let presentTypes, !presentTypes.isEmpty, total > 0 else { return [(.movable, total)] }
        let common: Migratetype =
            [.movable, .unmovable, .reclaimable].first(where: presentTypes.contains) ?? presentTypes.min {
                $0.rawValue < $1.rawValue
            } ?? .movable
        let others = Migratetype.allCases.filter { presentTypes.contains($0) && $0 != common }.prefix(total - 1)
        return [(common, total - others.count)] + others.map { ($0, 1) }
    }
}
