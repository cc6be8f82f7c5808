extension BuddySpan {
    /// The pageblock around a page if the span holds all of it (`prep_move_freepages_block`, 6.12).
    @usableFromInline
    func wholePageblock(of offset: PageOffset) -> Range<PageOffset>? {
        let (start, end) = pageblockBounds(of: offset)
        guard frame(at: start) >= range.lowerBound, frame(at: end) <= range.upperBound else { return nil }
        return start..<end
    }

    /// The part of a pageblock that may be moved from a free block on: all of it, unless the span's start cuts it; nil
    /// if the span's end does (`move_freepages_block`, 6.1).
    @usableFromInline
    func pageblockPart(from block: PageOffset) -> Range<PageOffset>? {
        let (start, end) = pageblockBounds(of: block)
        guard frame(at: end) <= range.upperBound else { return nil }
        return frame(at: start) >= range.lowerBound ? start..<end : block..<end
    }

    private func pageblockBounds(of offset: PageOffset) -> (PageOffset, PageOffset) {
        let size = UInt32(1) << UInt32(pageblockShift)
        let start = offset.rawValue & ~(size - 1)
        return (PageOffset(rawValue: start), PageOffset(rawValue: start + size))
    }

    /// Free pages in a range that no block crosses.
    @usableFromInline
    func freePages(in block: Range<PageOffset>) -> Int {
        var sum = 0
        var start = block.lowerBound
        while let (offset, order) = nextFreeBlock(from: start, below: block.upperBound) {
            sum += 1 << order
            start = PageOffset(rawValue: offset.rawValue + 1 << UInt32(order))
        }
        return sum
    }

    /// Moves the free blocks in a range to the tails of another type's lists, lowest first (`move_freepages`,
    /// `__move_freepages_block`). Returns the number of pages moved.
    @usableFromInline
    @discardableResult
    mutating func moveFreeBlocks(in block: Range<PageOffset>, from old: Migratetype, to type: Migratetype) -> Int {
        var moved = 0
        var start = block.lowerBound
        while let (offset, order) = nextFreeBlock(from: start, below: block.upperBound) {
            moveToTail(offset, order: order, to: type)
            if rules.countsEachChange {
                count(-(1 << order), type: old)
                count(1 << order, type: type)
            }
            moved += 1 << order
            start = PageOffset(rawValue: offset.rawValue + 1 << UInt32(order))
        }
        return moved
    }

    @usableFromInline
    mutating func moveToTail(_ block: PageOffset, order: Int, to type: Migratetype) {
        remove(block, order: order)
        pushBack(block, order: order, type: type)
    }

    /// Whether so much of a pageblock is free, or of a kind with the request, that it may change its type.
    ///
    /// For a movable request the movable pages in use are alike. For the others, in a movable pageblock, all but those
    /// are; between unmovable and reclaimable nobody can tell (`steal_suitable_fallback`, 6.1; `try_to_steal_block`,
    /// 6.12).
    @usableFromInline
    func isClaimable(_ pageblock: Range<PageOffset>, free: Int, old: Migratetype, type: Migratetype) -> Bool {
        if isMobilityGroupingDisabled { return true }
        let alike: Int
        if type == .movable || old == .movable {
            let movable = movablePages(in: frame(at: pageblock.lowerBound)..<frame(at: pageblock.upperBound))
            alike = type == .movable ? movable : pageblockOrder.pages - (free + movable)
        } else {
            alike = 0
        }
        return free + alike >= pageblockOrder.pages / rules.claimDivisor
    }
}
