extension BuddySpan {
    /// Returns the span to its initial state: nothing is free or counted, and all pageblocks are movable. Its tables
    /// and rules stay.
    ///
    /// O(free blocks), a run of never-used blocks counting as one, plus zeroing the tables of types and marks.
    public mutating func clear() {
        for type in Migratetype.allCases {
            for order in 0...top where hasBlock(order: Order(order), type: type) { clearList(order, type) }
        }
        runs = RunTable()
        occupied = InlineArray(repeating: 0)
        freeCounts = InlineArray(repeating: 0)
        counters.clear()
        reservedHighAtomic = 0
        knowsReservedPageblocks = true
        foreignPageblocksDisturbed = 0
        pageblockTypes.clear()
        if hasMovableMarks { movableMarks.clear() }
        changes += 1
    }

    /// The links of blocks that are on no list are never read, so they may stay.
    private func clearList(_ order: Int, _ type: Migratetype) {
        let head = listHead(order, type)
        var slot = links.base[head.index].next
        while slot != head {
            setState(offset(of: slot, order: order), .none)
            slot = links.base[slot.index].next
        }
        links.base[head.index] = Link(next: head, previous: head)
    }
}
