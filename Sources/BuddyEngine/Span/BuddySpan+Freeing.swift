extension BuddySpan {
    /// Frees a block to its pageblock's type; under rules that say so, one larger than a pageblock in pieces
    /// (`free_one_page`).
    ///
    /// - Precondition: The block is in use and lies within ``range``.
    @inlinable @inline(__always)
    public mutating func free(_ frame: PageFrame, order: Order) {
        if order > pageblockOrder, rules.freesByPageblock {
            freeByPageblock(frame, order: order)
        } else {
            merge(frame, order: order, type: pageblockType(of: frame))
        }
    }

    @usableFromInline
    mutating func freeByPageblock(_ frame: PageFrame, order: Order) {
        let step = pageblockOrder.pages
        for piece in 0..<(order.pages / step) {
            let part = frame + piece * step
            merge(part, order: pageblockOrder, type: pageblockType(of: part))
        }
    }

    /// Puts a block on the lists as one of `type`, merged with its free buddies (`__free_one_page`).
    ///
    /// - Parameters:
    ///   - frame: The block's first page frame.
    ///   - order: The block's order.
    ///   - type: The type of the list.
    ///   - toTail: Put the result at the tail, as boot does, whatever its neighbours.
    @inlinable
    public mutating func merge(_ frame: PageFrame, order: Order, type: Migratetype, toTail: Bool = false) {
        let block = offset(of: frame)
        let order = Int(order.rawValue)
        assert(frame >= range.lowerBound && frame + 1 &<< order <= range.upperBound, "a block outside its span")
        assert(block.rawValue & (1 &<< UInt32(order) &- 1) == 0, "a block not aligned to its order")
        assert(!isFree(frame), "page frame \(frame) is already free")
        count(1 &<< order, type: type)
        place(block, order: order, type: type, toTail: toTail)
    }

    /// Like ``merge(_:order:type:toTail:)``, for a caller that counts many blocks at once: ``count(_:times:type:)``.
    @inlinable @inline(__always)
    public mutating func mergeUncounted(_ frame: PageFrame, order: Order, type: Migratetype) {
        assert(!isFree(frame), "page frame \(frame) is already free")
        place(offset(of: frame), order: Int(order.rawValue), type: type, toTail: false)
    }

    /// Puts adjacent blocks on the lists, with the result of calling ``merge(_:order:type:toTail:)`` for each, lowest
    /// first. Blocks that merge with one another are added as their result at once.
    ///
    /// - Parameters:
    ///   - first: The lowest block's first page frame.
    ///   - order: The order of each block.
    ///   - count: How many blocks.
    ///   - type: The type of the lists; nil: for each block, its pageblock's.
    public mutating func mergeRun(_ first: PageFrame, order: Order, count: Int, type: Migratetype?) {
        assert((0..<count).allSatisfy { !isFree(first + $0 &<< Int(order.rawValue)) }, "a page is already free")
        let small = Int(order.rawValue)
        var block = offset(of: first)
        var left = count &<< small
        while left > 0 {
            let aligned = max(min(block.rawValue.trailingZeroBitCount, pageblockShift), small)
            let size = min(aligned, Int.bitWidth &- 1 &- left.leadingZeroBitCount)
            let type = type ?? pageblockType(at: block)
            self.count(1 &<< small, times: 1 &<< (size &- small), type: type)
            place(block, order: size, type: type, toTail: false)
            block.rawValue &+= 1 &<< UInt32(truncatingIfNeeded: size)
            left &-= 1 &<< size
        }
    }

    /// Like ``merge(_:order:type:toTail:)``, but counts nothing.
    @inlinable @inline(__always)
    mutating func place(_ block: PageOffset, order: Int, type: Migratetype, toTail: Bool) {
        if order > 0 {
            placeEven(block, order: order, type: type, toTail: toTail)
        } else if states.base[block.pair] != .none {
            placePair(block, type: type, toTail: toTail)
        } else {
            placeAlone(block, type: type, toTail: toTail)
        }
    }

    /// Puts a single page whose buddy is in use on its list.
    @inlinable @inline(__always)
    mutating func placeAlone(_ page: PageOffset, type: Migratetype, toTail: Bool) {
        let pair = page.rawValue &>> 1
        let head = listHead(0, type)
        let slot = Slot(rawValue: firstPairSlot &+ pair)
        // Its buddy's buddy: see `isMergeLikely`.
        if states.base[Int(pair ^ 1)] == .head(1) && top > 1 && isOwn(pairStart: pair &<< 1) || toTail {
            link(slot, between: links.base[head.index].previous, and: head)
        } else {
            link(slot, between: head, and: links.base[head.index].next)
        }
        noteInserted(page, order: 0, type: type)
    }

    /// Merges a single page with its free buddy.
    @usableFromInline @inline(never)
    mutating func placePair(_ page: PageOffset, type: Migratetype, toTail: Bool) {
        states.base[page.pair] = .none
        unlink(Slot(rawValue: firstPairSlot &+ page.rawValue &>> 1), order: 0)
        join(PageOffset(rawValue: page.rawValue & ~1), order: 1, type: type, toTail: toTail)
    }

    @usableFromInline @inline(never)
    mutating func placeEven(_ block: PageOffset, order: Int, type: Migratetype, toTail: Bool) {
        join(block, order: order, type: type, toTail: toTail)
    }

    /// Merges a block of order 1 or larger with its free buddies. Below pageblock order all of them are in one
    /// pageblock, so neither types nor runs matter.
    @inline(__always)
    mutating func join(_ block: PageOffset, order: Int, type: Migratetype, toTail: Bool) {
        let limit = pageblockShift
        let states = states.base
        let firstPairSlot = firstPairSlot
        var order = order
        var pair = block.rawValue &>> 1
        // The block's size, in page pairs.
        var size: UInt32 = 1 &<< UInt32(truncatingIfNeeded: order &- 1)
        while order < limit, states[Int(pair ^ size)] == .head(order) {
            states[Int(pair ^ size)] = .none
            unlink(Slot(rawValue: firstPairSlot &+ (pair ^ size)), order: order)
            pair &= ~size
            size &<<= 1
            order &+= 1
        }
        guard order < limit else {
            placeLarge(PageOffset(rawValue: pair &<< 1), order: order, type: type, toTail: toTail)
            return
        }
        let slot = Slot(rawValue: firstPairSlot &+ pair)
        let head = listHead(order, type)
        let pairStart = pair & ~size
        let higherBuddy = pairStart ^ size &<< 1
        if states[Int(higherBuddy)] == .head(order &+ 1) && order < top &- 1 && isOwn(pairStart: pairStart &<< 1)
            || toTail
        {
            link(slot, between: links.base[head.index].previous, and: head)
        } else {
            link(slot, between: head, and: links.base[head.index].next)
        }
        noteInserted(PageOffset(rawValue: pair &<< 1), order: order, type: type)
    }

    @usableFromInline @inline(never)
    mutating func placeLarge(_ block: PageOffset, order: Int, type: Migratetype, toTail: Bool) {
        let (block, order) = joinedWithLargeBuddies(block, order, type: type)
        if toTail || isMergeLikely(block, order: order) {
            pushBack(block, order: order, type: type)
        } else {
            pushFront(block, order: order, type: type)
        }
    }

    /// Merges with free buddies of pageblock order and larger, as far as their types allow.
    mutating func joinedWithLargeBuddies(
        _ block: PageOffset, _ order: Int, type: Migratetype
    ) -> (PageOffset, Int) {
        var block = block
        var order = order
        while order < top {
            let buddy = PageOffset(rawValue: block.rawValue ^ 1 &<< UInt32(truncatingIfNeeded: order))
            guard isFreeHead(buddy, order: order), absorb(buddy, order: order, type: type) else { break }
            remove(buddy, order: order)
            block.rawValue &= ~(1 &<< UInt32(truncatingIfNeeded: order))
            order &+= 1
        }
        return (block, order)
    }

    /// Whether a free buddy of pageblock order or larger may become part of a block of `type`; if so, and if the rules
    /// say so, it changes to that type.
    mutating func absorb(_ buddy: PageOffset, order: Int, type: Migratetype) -> Bool {
        let other = pageblockType(at: buddy)
        guard other != type else { return true }
        switch rules.merging {
        case .ordinaryTypes: guard type.isOrdinary, other.isOrdinary else { return false }
        case .allButIsolated: guard type != .isolate, other != .isolate else { return false }
        }
        if rules.retypesMergedBuddy { setPageblockTypes(at: buddy, order: order, type: type) }
        return true
    }

    /// Whether the block that would result from merging this one with its buddy has a free buddy itself: then this one
    /// is better used late (`buddy_merge_likely`).
    @inlinable @inline(__always)
    func isMergeLikely(_ block: PageOffset, order: Int) -> Bool {
        guard order < top &- 1 else { return false }
        let pairStart = block.rawValue & ~(1 &<< UInt32(truncatingIfNeeded: order))
        let higherBuddy = PageOffset(rawValue: pairStart ^ 1 &<< UInt32(truncatingIfNeeded: order &+ 1))
        return state(higherBuddy) == .head(order &+ 1) && isOwn(pairStart: pairStart)
    }

    /// Whether the pair of blocks at an offset begins within this span. One that begins earlier begins in another zone,
    /// where the kernel looks for the buddy, and this zone has none (`buddy_merge_likely` and `page_is_buddy`,
    /// mm/page_alloc.c, 6.1 and 6.12).
    @inlinable @inline(__always)
    func isOwn(pairStart: UInt32) -> Bool { pairStart >= firstOffset }

    /// Whether a page is part of a block on the lists. O(orders).
    public func isFree(_ frame: PageFrame) -> Bool { freeBlock(containing: frame) != nil }

    /// The free block that contains a page; nil if the page is not free. O(orders), and the number of runs.
    public func freeBlock(containing frame: PageFrame) -> (first: PageFrame, order: Order)? {
        guard range.contains(frame) else { return nil }
        let page = offset(of: frame)
        for order in 0...top {
            let head = PageOffset(rawValue: page.rawValue & ~(1 &<< UInt32(order) &- 1))
            let state = state(head)
            if state == headState(head, order: order) || order == top && state == .run(top) {
                return (self.frame(at: head), Order(order))
            }
        }
        guard let index = runs.index(containing: page, blockPages: maximumOrder.pages) else { return nil }
        assert(runs.runs[index].count > 0)
        return (self.frame(at: PageOffset(rawValue: page.rawValue & ~(1 &<< UInt32(top) &- 1))), maximumOrder)
    }

    /// Adds a range of free memory, as boot does: in aligned blocks as large as fit, lowest first, each at the tail
    /// (`memblock_free_all`). The time depends on the smaller blocks at the ends, not on the size of the range.
    public mutating func addFreeRange(_ added: Range<PageFrame>, type: Migratetype = .movable) {
        precondition(added.lowerBound >= range.lowerBound && added.upperBound <= range.upperBound)
        var frame = added.lowerBound
        while frame < added.upperBound {
            let alignment = frame.rawValue == 0 ? top : min(top, frame.rawValue.trailingZeroBitCount)
            let left = added.upperBound - frame
            if alignment == top, left >= maximumOrder.pages {
                let blocks = left >> top
                appendRun(offset(of: frame), count: blocks, type: type)
                count(blocks << top, type: type)
                frame = frame + blocks << top
            } else {
                let order = min(alignment, Int.bitWidth - 1 - left.leadingZeroBitCount)
                merge(frame, order: Order(order), type: type, toTail: true)
                frame = frame + 1 << order
            }
        }
    }
}

extension Migratetype {
    /// Unmovable, movable or reclaimable: types between which pageblocks change in normal operation
    /// (`migratetype_is_mergeable`).
    @inlinable
    var isOrdinary: Bool { rawValue < Self.perCPUCount }
}
