extension BuddySpan {
    /// Takes the whole free block that begins at a page off its list, as compaction does for pages to migrate to
    /// (`__isolate_free_page`).
    ///
    /// - Returns: The block's order; nil if no free block begins there.
    public mutating func takeBlock(at frame: PageFrame) -> Order? {
        guard let block = freeBlock(containing: frame), block.first == frame else { return nil }
        let type = pageblockType(of: frame)
        remove(offset(of: frame), order: Int(block.order.rawValue))
        count(-block.order.pages, type: type)
        return block.order
    }

    /// Takes all free pages in a range off the lists, so that nothing is served from there (`MIGRATE_ISOLATE`). The
    /// parts of free blocks outside the range are returned as smaller blocks.
    ///
    /// - Returns: What was free, ascending. O(blocks · orders), plus a step for each page in use.
    public mutating func takeFreePages(in pages: Range<PageFrame>) -> [Range<PageFrame>] {
        var taken: [Range<PageFrame>] = []
        var frame = max(pages.lowerBound, range.lowerBound)
        let end = min(pages.upperBound, range.upperBound)
        while frame < end {
            guard let block = freeBlock(containing: frame) else {
                frame = frame + 1
                continue
            }
            if block.order == maximumOrder { separateFromRun(offset(of: block.first)) }
            let type = pageblockType(of: block.first)
            remove(offset(of: block.first), order: Int(block.order.rawValue))
            count(-block.order.pages, type: type)
            let blockEnd = block.first + block.order.pages
            if block.first < frame { giveBack(block.first..<frame) }
            if blockEnd > end { giveBack(end..<blockEnd) }
            let part = frame..<min(blockEnd, end)
            if let last = taken.last, last.upperBound == part.lowerBound {
                taken[taken.count - 1] = last.lowerBound..<part.upperBound
            } else {
                taken.append(part)
            }
            frame = part.upperBound
        }
        return taken
    }

    /// Frees a range of pages in use, in blocks as large as their alignment allows, at most a pageblock, each to the
    /// type of its pageblock (`free_contig_range`).
    public mutating func giveBack(_ pages: Range<PageFrame>) {
        var rest = pages
        while let block = rest.removeFirstBlock(largest: pageblockOrder) {
            merge(block.first, order: block.order, type: pageblockType(of: block.first))
        }
    }
}

extension Range<PageFrame> {
    /// Removes the largest aligned block that the range begins with, up to order `largest`; nil if the range is empty.
    public mutating func removeFirstBlock(largest: Order) -> (first: PageFrame, order: Order)? {
        guard !isEmpty else { return nil }
        let first = lowerBound
        let aligned = first.rawValue == 0 ? UInt8.max : UInt8(first.rawValue.trailingZeroBitCount)
        let fitting = UInt8(Int.bitWidth - 1 - (upperBound - first).leadingZeroBitCount)
        let order = Swift.min(Order(rawValue: Swift.min(aligned, fitting)), largest)
        self = (first + order.pages)..<upperBound
        return (first, order)
    }
}
