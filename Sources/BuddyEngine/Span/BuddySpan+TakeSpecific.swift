extension BuddySpan {
    /// Takes a given block out of the free block that contains it, whatever list that is on. The rest is returned as
    /// halves, each at the head of its list (`break_down_buddy_pages`).
    ///
    /// - Returns: The type of the list; nil, with nothing changed, if no single free block contains the whole block.
    public mutating func takeSpecific(_ frame: PageFrame, order: Order) -> Migratetype? {
        guard frame.rawValue & UInt64(order.pages - 1) == 0, let found = freeBlock(containing: frame),
            found.order >= order
        else { return nil }
        var block = offset(of: found.first)
        var level = Int(found.order.rawValue)
        if level == top { separateFromRun(block) }
        let type = listType(of: block, order: level)
        remove(block, order: level)
        count(-order.pages, type: type)
        let wanted = offset(of: frame)
        while level > Int(order.rawValue) {
            level -= 1
            let upper = PageOffset(rawValue: block.rawValue + 1 << UInt32(level))
            if wanted >= upper {
                pushFront(block, order: level, type: type)
                block = upper
            } else {
                pushFront(upper, order: level, type: type)
            }
        }
        return type
    }

    /// The type of the list that a block is on: usually its pageblock's, but old rules leave blocks on other lists.
    /// O(blocks before it on the list).
    private func listType(of block: PageOffset, order: Int) -> Migratetype {
        var slot = slot(of: block, order: order)
        while slot.rawValue >= Slot.heads { slot = links.base[slot.index].previous }
        let number = UInt8(truncatingIfNeeded: slot.rawValue / Slot.headsOfType)
        return Migratetype(rawValue: number) ?? pageblockType(at: block)
    }

    /// If a block of the largest order is within a run of never-used ones, divides the run so that a run begins with
    /// it.
    mutating func separateFromRun(_ block: PageOffset) {
        guard state(block) == .none, let index = runs.index(containing: block, blockPages: maximumOrder.pages) else {
            return
        }
        let run = runs.runs[index]
        let before = Int(block.rawValue - run.first.rawValue) >> top
        let after = run.count - before
        guard before > 0 else { return }
        if before == 1 {
            runs.runs.remove(at: index)
            setState(run.first, .head(top))
        } else {
            runs.runs[index].count = before
        }
        let firstSlot = slot(of: run.first, order: top)
        let blockSlot = slot(of: block, order: top)
        let next = links.base[firstSlot.index].next
        links.base[blockSlot.index] = Link(next: next, previous: firstSlot)
        links.base[next.index].previous = blockSlot
        links.base[firstSlot.index].next = blockSlot
        if after == 1 {
            setState(block, .head(top))
        } else {
            setState(block, .run(top))
            runs.runs.append(.init(first: block, count: after))
        }
    }
}
