import BuddyEngine
import GFP
import Topology

/// What a range is for (`acr_flags_t`; the migratetype of `alloc_contig_range` before 6.17).
public enum RangeUse: Hashable, Sendable {
    /// A buffer in a contiguous memory area: its pageblocks are `MIGRATE_CMA`, and all pages in use there are movable.
    case contiguousArea
    /// A block larger than the largest order, such as a gigantic page: in any pageblocks outside such areas.
    case any
}

extension Machine {
    /// Takes a range of page frames, whatever is in it: free pages are isolated, movable pages in use are moved away
    /// (`alloc_contig_range`, mm/page_alloc.c, 5.10 to 6.12; `alloc_contig_frozen_range_noprof`, 7.3). No watermark
    /// applies, except where pages are allocated to move others to.
    ///
    /// A page is movable if it is marked so (``setMovable(_:_:)``) and the machine's ``reclaimHook`` agrees.
    ///
    /// - Parameters:
    ///   - pages: The range.
    ///   - use: What it is for.
    ///   - cpu: The CPU that asks; one of the machine's.
    /// - Throws: ``RangeRefusal``. Pages already moved stay moved, and pageblocks may have become movable.
    public mutating func takeRange(
        _ pages: Range<PageFrame>, for use: RangeUse, cpu: CPUID
    ) throws(RangeRefusal) {
        guard let zone = segments.zone(of: pages.lowerBound) else { throw RangeRefusal(.hole, at: pages.lowerBound) }
        if let hole = firstHole(in: pages, zone: zone) { throw RangeRefusal(.hole, at: hole) }
        var isolation = RangeIsolation(pages: pages, use: use, zone: zone, cpu: cpu)
        zones[zone].buddy.counters.cpu = position(of: cpu) ?? 0
        let refusal = isolate(&isolation) ?? moveAway(&isolation)
        end(isolation, isGivenOut: refusal == nil)
        if let refusal { throw refusal }
    }

    /// Returns a range, past the CPUs' lists (`free_contig_range`).
    public mutating func giveBackRange(_ pages: Range<PageFrame>, cpu: CPUID) {
        guard let zone = segments.zone(of: pages.lowerBound) else { return }
        var rest = pages
        while let block = rest.removeFirstBlock(largest: zones[zone].buddy.pageblockOrder) {
            noteReturned(block.first, order: block.order, cpu: cpu)
        }
        setMovable(false, pages)
        zones[zone].buddy.counters.cpu = position(of: cpu) ?? 0
        zones[zone].buddy.giveBack(pages)
    }

    /// The first page of a range that the zone does not manage.
    func firstHole(in pages: Range<PageFrame>, zone: Int) -> PageFrame? {
        var frame = pages.lowerBound
        while frame < pages.upperBound {
            guard let segment = segments.segment(of: frame), segment.zone == zone else { return frame }
            frame = PageFrame(rawValue: segment.end)
        }
        return nil
    }

    /// Isolates the free pages of every pageblock that the range touches, and empties the CPUs' lists
    /// (`start_isolate_page_range`, mm/page_isolation.c).
    private mutating func isolate(_ isolation: inout RangeIsolation) -> RangeRefusal? {
        let zone = isolation.zone
        let size = zones[zone].buddy.pageblockOrder.pages
        let step = profile.ranges.isolatesLargestBlocks ? max(size, maximumOrder.pages) : size
        let mask = UInt64(step - 1)
        let first = PageFrame(rawValue: isolation.pages.lowerBound.rawValue & ~mask)
        let last = PageFrame(rawValue: (isolation.pages.upperBound.rawValue + mask) & ~mask)
        let span = (first..<last).clamped(to: zones[zone].buddy.range)
        var block = span.lowerBound
        while block < span.upperBound {
            let end = min(PageFrame(rawValue: (block.rawValue | UInt64(size - 1)) + 1), span.upperBound)
            let counted =
                profile.ranges.isolatesLargestBlocks ? block..<end : (block..<end).clamped(to: isolation.pages)
            if let refusal = obstacle(in: counted, isolation.use, zone: zone) { return refusal }
            let type = zones[zone].buddy.pageblockType(of: block)
            isolation.types.append((block, type))
            isolation.outer = (isolation.outer?.lowerBound ?? block)..<end
            isolation.held += zones[zone].buddy.takeFreePages(in: block..<end)
            block = end
        }
        takeDrained(&isolation)
        return nil
    }

    /// The first page that prevents isolating a part of a pageblock (`has_unmovable_pages`, mm/page_isolation.c).
    private mutating func obstacle(in part: Range<PageFrame>, _ use: RangeUse, zone: Int) -> RangeRefusal? {
        guard !part.isEmpty else { return nil }
        switch (zones[zone].buddy.pageblockType(of: part.lowerBound), use) {
        case (.cma, .contiguousArea): return nil
        case (.cma, .any), (.isolate, _): return RangeRefusal(.otherOwner, at: part.lowerBound)
        case (.unmovable, _), (.movable, _), (.reclaimable, _), (.highAtomic, _): break
        }
        if zones[zone].kind == .movable { return nil }
        var frame = part.lowerBound
        while frame < part.upperBound {
            if let block = zones[zone].buddy.freeBlock(containing: frame) {
                frame = block.first + block.order.pages
                continue
            }
            let isMovable = zones[zone].buddy.isMarkedMovable(frame) || zones[zone].isOnPerCPUList(frame)
            if !isMovable, segments.zone(of: frame) == zone { return RangeRefusal(.unmovable, at: frame) }
            frame = frame + 1
        }
        return nil
    }

    /// Empties the CPUs' lists of the zone, and takes the pages freed in isolated pageblocks (`drain_all_pages`).
    private mutating func takeDrained(_ isolation: inout RangeIsolation) {
        guard let outer = isolation.outer else { return }
        let zone = isolation.zone
        var observer = NoAllocationObserver()
        for cpu in zones[zone].readyCPUs.sorted() { zones[zone].drain(cpu, observing: &observer) }
        isolation.held += zones[zone].buddy.takeFreePages(in: outer)
    }

    /// Moves pages in use in the range to free pages elsewhere, preferably on their own node
    /// (`__alloc_contig_migrate_range`, `alloc_migration_target`).
    private mutating func moveAway(_ isolation: inout RangeIsolation) -> RangeRefusal? {
        let (zone, cpu) = (isolation.zone, isolation.cpu)
        var gfp: GFPFlags = [.GFP_USER, .movable, .retryMayFail]
        if zones[zone].kind == .highMem || zones[zone].kind == .movable { gfp.insert(.highMem) }
        let request = AllocationRequest(gfp, cpu: cpu, node: zones[zone].node)
        for frame in isolation.pagesInUse {
            // Reclaim for an earlier page may have freed it.
            guard zones[zone].buddy.isMarkedMovable(frame) else {
                if isFree(frame) { continue }
                return RangeRefusal(.notLetGo, at: frame)
            }
            guard let reclaimHook else { return RangeRefusal(.notLetGo, at: frame) }
            guard let target = allocate(request) else { return RangeRefusal(.noRoom, at: frame) }
            guard reclaimHook.move(frame, to: target) else {
                free(target, order: 0, cpu: cpu)
                counters.migrationsFailed += 1
                return RangeRefusal(.notLetGo, at: frame)
            }
            counters.pagesMigrated += 1
            setMovable(true, target..<(target + 1))
            zones[zone].buddy.clearMovable(frame..<(frame + 1))
            let targetZone = segments.zone(of: target) ?? zone
            noteMoved(frame, to: target, zone: zone, targetZone: targetZone, cpu: position(of: cpu) ?? 0)
            if targetZone != zone { reclaimHook.settle(target, in: self) }
            isolation.held.append(frame..<(frame + 1))
        }
        takeDrained(&isolation)
        return isolation.pagesInUse.first.map { RangeRefusal(.notLetGo, at: $0) }
    }

    /// Restores the pageblocks' types and frees what was not taken (`undo_isolate_page_range`).
    private mutating func end(_ isolation: RangeIsolation, isGivenOut: Bool) {
        let zone = isolation.zone
        if isolation.use == .any, !profile.ranges.restoresTypes {
            for (block, type) in isolation.types {
                zones[zone].buddy.setPageblockType(of: block, to: .movable)
                // The kernel keeps counting the pageblock as reserved.
                if type == .highAtomic { zones[zone].buddy.knowsReservedPageblocks = false }
            }
        }
        for part in isolation.held {
            guard isGivenOut else {
                zones[zone].buddy.giveBack(part)
                continue
            }
            let (start, end) = (isolation.pages.lowerBound, isolation.pages.upperBound)
            if part.lowerBound < start { zones[zone].buddy.giveBack(part.lowerBound..<min(part.upperBound, start)) }
            if part.upperBound > end { zones[zone].buddy.giveBack(max(part.lowerBound, end)..<part.upperBound) }
        }
        guard isGivenOut else { return }
        var rest = isolation.pages
        while let block = rest.removeFirstBlock(largest: zones[zone].buddy.pageblockOrder) {
            noteTaken(block.first, order: block.order, cpu: isolation.cpu, gfp: [])
        }
    }
}

/// A range that is being taken, and what has been isolated for it so far.
private struct RangeIsolation {
    let pages: Range<PageFrame>
    let use: RangeUse
    /// The zone's position.
    let zone: Int
    let cpu: CPUID
    /// The range extended to whole pageblocks, as far as they are the zone's.
    var outer: Range<PageFrame>?
    /// Each pageblock isolated, and the type it had.
    var types: [(block: PageFrame, type: Migratetype)] = []
    /// The free pages that have been taken off the lists.
    var held: [Range<PageFrame>] = []

    /// Pages of the range that have not been taken.
    var pagesInUse: [PageFrame] {
        var frames: [PageFrame] = []
        var next = pages.lowerBound
        for part in held.sorted(by: { $0.lowerBound < $1.lowerBound }) + [pages.upperBound..<pages.upperBound] {
            while next < min(part.lowerBound, pages.upperBound) {
                frames.append(next)
                next = next + 1
            }
            next = max(next, part.upperBound)
        }
        return frames
    }
}
