extension BuddySpan {
    /// Calls `body` for each block of a list, head first, once for a run of never-used blocks.
    ///
    /// - Parameters:
    ///   - order: The order of the list.
    ///   - type: The type of the list.
    ///   - body: Receives the first page frame, and how many blocks directly follow one another.
    public func forEachRun(order: Order, type: Migratetype, _ body: (PageFrame, Int) -> Void) {
        let level = Int(order.rawValue)
        let head = listHead(level, type)
        var slot = links.base[head.index].next
        while slot != head {
            let block = offset(of: slot, order: level)
            body(frame(at: block), runLength(at: block, order: level))
            slot = links.base[slot.index].next
        }
    }

    /// Up to `most` blocks of a list, tail first. O(blocks returned).
    public func lastBlocks(_ most: Int, order: Order, type: Migratetype) -> [PageFrame] {
        let level = Int(order.rawValue)
        let head = listHead(level, type)
        var blocks: [PageFrame] = []
        var slot = links.base[head.index].previous
        while slot != head, blocks.count < most {
            let block = offset(of: slot, order: level)
            for index in (0..<runLength(at: block, order: level)).reversed().prefix(most - blocks.count) {
                blocks.append(frame(at: block) + index * order.pages)
            }
            slot = links.base[slot.index].previous
        }
        return blocks
    }

    /// How many blocks an entry of a list stands for: more than one only for a run of never-used ones.
    private func runLength(at block: PageOffset, order level: Int) -> Int {
        level == top && state(block).isRun ? runs.runs[runs.index(of: block)].count : 1
    }

    /// The first and the last block of a list; nil if it is empty. O(log runs).
    public func listEnds(order: Order, type: Migratetype) -> (first: PageFrame, last: PageFrame)? {
        guard hasBlock(order: order, type: type) else { return nil }
        let level = Int(order.rawValue)
        let head = links.base[listHead(level, type).index]
        let last = offset(of: head.previous, order: level)
        let behind = runLength(at: last, order: level) - 1
        return (frame(at: offset(of: head.next, order: level)), frame(at: last) + behind * order.pages)
    }

    /// The number of blocks on one list. O(blocks), a run of never-used blocks counting as one.
    public func freeBlocks(_ order: Order, type: Migratetype) -> Int {
        guard hasBlock(order: order, type: type) else { return 0 }
        var sum = 0
        forEachRun(order: order, type: type) { _, count in sum += count }
        return sum
    }

    /// Pages on the lists of one type, in blocks of `order` and larger. O(blocks).
    public func freePages(type: Migratetype, atLeast order: Order = 0) -> Int {
        (order.rawValue...maximumOrder.rawValue).reduce(0) { sum, order in
            sum + freeBlocks(Order(rawValue: order), type: type) << Int(order)
        }
    }

    /// Appends blocks to the tail of a list, without merging or counting, to restore a state.
    ///
    /// - Parameters:
    ///   - first: The first block's page frame.
    ///   - count: How many blocks directly follow one another.
    ///   - order: The order of the list.
    ///   - type: The type of the list.
    /// - Returns: False, with nothing changed, if a block is misaligned, outside the span, already on a list, or a
    ///   single page whose buddy is free.
    public mutating func restore(_ first: PageFrame, count: Int, order: Order, type: Migratetype) -> Bool {
        guard order <= maximumOrder, count > 0, first >= range.lowerBound,
            first.rawValue & UInt64(order.pages - 1) == 0,
            let pages = Int(exactly: range.upperBound - first), count <= pages / order.pages
        else { return false }
        if order == maximumOrder, count > 1 {
            guard !isFree(first) else { return false }
            appendRun(offset(of: first), count: count, type: type)
            return true
        }
        for index in 0..<count {
            let block = first + index * order.pages
            guard !isFree(block) else { return false }
            // Two free pages of a pair would be merged, and share their links.
            if order == 0, isFree(PageFrame(rawValue: block.rawValue ^ 1)) { return false }
            pushBack(offset(of: block), order: Int(order.rawValue), type: type)
        }
        return true
    }
}
