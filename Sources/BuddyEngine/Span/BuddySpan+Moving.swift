extension BuddySpan {
    /// The pageblock around a page if the span contains all of it (`prep_move_freepages_block`, 6.12).
    @usableFromInline
    func wholePageblock(of offset: PageOffset) -> OffsetRange? {
        let pageblock = pageblock(of: offset)
        let frames = frames(in: pageblock)
        guard frames.lowerBound >= range.lowerBound, frames.upperBound <= range.upperBound else { return nil }
        return pageblock
    }

    /// The part of a pageblock that may be moved: all of it, or, if it begins before the span, the part from the free
    /// block on; nil if it ends after the span (`move_freepages_block`, 6.1).
    @usableFromInline
    func pageblockPart(from block: PageOffset) -> OffsetRange? {
        var part = pageblock(of: block)
        let frames = frames(in: part)
        guard frames.upperBound <= range.upperBound else { return nil }
        if frames.lowerBound < range.lowerBound { part.first = UInt64(block.rawValue) }
        return part
    }

    private func pageblock(of offset: PageOffset) -> OffsetRange {
        let size = pageblockOrder.pages
        return OffsetRange(PageOffset(rawValue: offset.rawValue & ~UInt32(size - 1)), pages: size)
    }

    /// The free pages in a range whose ends no free block crosses.
    @usableFromInline
    func freePages(in part: OffsetRange) -> Int {
        var sum = 0
        var rest = part
        while let (offset, order) = nextFreeBlock(in: rest) {
            sum += 1 << order
            rest = rest.behind(offset, order: order)
        }
        return sum
    }

    /// Moves the free blocks in a range to the tails of another type's lists, lowest first (`move_freepages`,
    /// `__move_freepages_block`). Returns how many pages were moved.
    @usableFromInline
    @discardableResult
    mutating func moveFreeBlocks(in part: OffsetRange, from old: Migratetype, to type: Migratetype) -> Int {
        var moved = 0
        var rest = part
        while let (offset, order) = nextFreeBlock(in: rest) {
            moveToTail(offset, order: order, to: type)
            if rules.countsEachChange {
                count(-(1 << order), type: old)
                count(1 << order, type: type)
            }
            moved += 1 << order
            rest = rest.behind(offset, order: order)
        }
        return moved
    }

    @usableFromInline
    mutating func moveToTail(_ block: PageOffset, order: Int, to type: Migratetype) {
        remove(block, order: order)
        pushBack(block, order: order, type: type)
    }

    /// Whether enough of a pageblock is free, or compatible with the request, for its type to change.
    ///
    /// Compatible with a movable request are the movable pages in use; with any other request in a movable pageblock,
    /// all pages in use except those; between unmovable and reclaimable none, since they cannot be told apart
    /// (`steal_suitable_fallback`, 6.1; `try_to_steal_block`, 6.12).
    @usableFromInline
    func isClaimable(_ pageblock: OffsetRange, free: Int, old: Migratetype, type: Migratetype) -> Bool {
        if isMobilityGroupingDisabled { return true }
        let alike: Int
        if type == .movable || old == .movable {
            let movable = movablePages(in: frames(in: pageblock))
            alike = type == .movable ? movable : pageblockOrder.pages - (free + movable)
        } else {
            alike = 0
        }
        return free + alike >= pageblockOrder.pages / rules.claimDivisor
    }
}
