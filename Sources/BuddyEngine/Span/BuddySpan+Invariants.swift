/// An allocator's state that breaks an invariant: a bug in the allocator, or a state that was made up.
public struct InvariantViolation: Error, CustomStringConvertible, Sendable {
    /// What is violated, as a sentence.
    public let description: String

    public init(_ description: String) { self.description = description }
}

extension BuddySpan {
    /// Whether ``changes`` is counted.
    public static var countsChanges: Bool {
        func note(_ isDebug: inout Bool) -> Bool {
            isDebug = true
            return true
        }
        var isDebug = false
        assert(note(&isDebug))
        return isDebug
    }

    /// Counts a change. For use in an assertion, so that it costs nothing in other builds.
    @usableFromInline
    mutating func noteChange() -> Bool {
        changes += 1
        return true
    }

    /// Walks every list and throws at the first violation: a broken link, a block that is misaligned, outside the span
    /// or on two lists, two free buddies that should have merged, counts that differ from a recount.
    ///
    /// O(free blocks · log). For tests.
    public func checkInvariants() throws(InvariantViolation) {
        var blocks: [(first: UInt32, pages: Int)] = []
        for order in 0...top {
            var counted = 0
            for type in Migratetype.allCases {
                let found = try checkList(order: order, type: type)
                counted += found.reduce(0) { $0 + $1.pages } >> order
                blocks += found
                let isOccupied = hasBlock(order: Order(order), type: type)
                if isOccupied == found.isEmpty {
                    throw InvariantViolation("list \(order) \(type): marked \(isOccupied), has \(found.count) blocks")
                }
            }
            if counted != freeCounts[order] {
                throw InvariantViolation("order \(order): counts \(freeCounts[order]) free blocks, has \(counted)")
            }
        }
        blocks.sort { $0.first < $1.first }
        for (block, next) in zip(blocks, blocks.dropFirst()) where Int(block.first) + block.pages > Int(next.first) {
            throw InvariantViolation("blocks at offsets \(block.first) and \(next.first) overlap")
        }
        let sum = blocks.reduce(0) { $0 + $1.pages }
        let isolated = freePages(type: .isolate)
        if counters.exactFree != sum - isolated {
            throw InvariantViolation("the counter says \(counters.exactFree) free pages, the lists have \(sum)")
        }
        let cma = freePages(type: .cma)
        if counters.exactCMA != cma {
            throw InvariantViolation("the counter says \(counters.exactCMA) free pages of CMA, the lists have \(cma)")
        }
        try checkHighAtomic()
    }

    /// Checks the count of free pages in highatomic pageblocks, where it is kept, and that whole pageblocks are
    /// reserved.
    private func checkHighAtomic() throws(InvariantViolation) {
        let free = freePages(type: .highAtomic)
        if rules.countsEachChange, counters.highAtomic != free {
            throw InvariantViolation(
                "the counter says \(counters.highAtomic) free highatomic pages, the lists have \(free)")
        }
        let pageblocks = pageblockRuns().reduce(0) { $0 + ($1.type == .highAtomic ? $1.count : 0) }
        if knowsReservedPageblocks, reservedHighAtomic != pageblocks * pageblockOrder.pages {
            throw InvariantViolation(
                "\(reservedHighAtomic) pages are reserved for highatomic requests, in \(pageblocks) pageblocks")
        }
    }

    private func checkList(order: Int, type: Migratetype) throws(InvariantViolation) -> [(first: UInt32, pages: Int)] {
        var found: [(first: UInt32, pages: Int)] = []
        let head = listHead(order, type)
        var previous = head
        var slot = links.base[head.index].next
        while slot != head {
            let name = "list \(order) \(type), slot \(slot.rawValue)"
            guard slot.rawValue >= Slot.heads, slot.index < links.count else {
                throw InvariantViolation("\(name): not a block's")
            }
            guard links.base[slot.index].previous == previous else {
                throw InvariantViolation("\(name): does not point back")
            }
            let block = offset(of: slot, order: order)
            let count = try checkBlock(block, order: order, type: type)
            found.append((block.rawValue, count << order))
            previous = slot
            slot = links.base[slot.index].next
        }
        guard links.base[head.index].previous == previous else {
            throw InvariantViolation("list \(order) \(type): its tail is not its last block")
        }
        return found
    }

    /// Checks a block, and returns how many blocks its list entry stands for.
    private func checkBlock(_ block: PageOffset, order: Int, type: Migratetype) throws(InvariantViolation) -> Int {
        let frame = frame(at: block)
        let state = state(block)
        let isRun = order == top && state == .run(top)
        guard isRun || state == headState(block, order: order) else {
            throw InvariantViolation(
                "page frame \(frame) is on list \(order) \(type), but its state is \(state.rawValue)")
        }
        let count = isRun ? runs.runs[runs.index(of: block)].count : 1
        guard frame >= range.lowerBound, frame + count << order <= range.upperBound else {
            throw InvariantViolation("page frame \(frame), order \(order), lies outside its span")
        }
        guard block.rawValue & (1 << UInt32(order) - 1) == 0 else {
            throw InvariantViolation("page frame \(frame) is not aligned to order \(order)")
        }
        if order < top, order < pageblockShift {
            let buddy = PageOffset(rawValue: block.rawValue ^ 1 << UInt32(order))
            if isFreeHead(buddy, order: order) {
                throw InvariantViolation("page frames \(frame) and \(self.frame(at: buddy)) should have merged")
            }
        }
        return count
    }
}
