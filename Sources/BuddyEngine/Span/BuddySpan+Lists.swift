extension BuddySpan {
    /// Puts a block at the head of a list: it is the next to be taken.
    @inlinable @inline(__always)
    mutating func pushFront(_ offset: PageOffset, order: Int, type: Migratetype) {
        let head = listHead(order, type)
        insert(offset, order: order, type: type, between: head, and: links.base[head.index].next)
    }

    /// Puts a block at the tail of a list.
    @inlinable @inline(__always)
    mutating func pushBack(_ offset: PageOffset, order: Int, type: Migratetype) {
        let head = listHead(order, type)
        insert(offset, order: order, type: type, between: links.base[head.index].previous, and: head)
    }

    @inlinable @inline(__always)
    mutating func insert(
        _ offset: PageOffset, order: Int, type: Migratetype, between previous: Slot, and next: Slot
    ) {
        link(slot(of: offset, order: order), between: previous, and: next)
        noteInserted(offset, order: order, type: type)
    }

    @inlinable @inline(__always)
    func link(_ slot: Slot, between previous: Slot, and next: Slot) {
        let links = links.base
        links[slot.index] = Link(next: next, previous: previous)
        links[previous.index].next = slot
        links[next.index].previous = slot
    }

    /// Everything that an insertion does apart from the links.
    @inlinable @inline(__always)
    mutating func noteInserted(_ offset: PageOffset, order: Int, type: Migratetype) {
        assert(noteChange())
        setState(offset, headState(offset, order: order))
        occupied[unchecked: Int(type.rawValue)] |= occupation(order)
        freeCounts[unchecked: order] &+= 1
    }

    /// The block at the head of a list, which must not be empty.
    @inlinable @inline(__always)
    func first(order: Int, type: Migratetype) -> PageOffset {
        offset(of: links.base[listHead(order, type).index].next, order: order)
    }

    /// Takes a block off whichever list it is on.
    @inlinable @inline(__always)
    mutating func remove(_ offset: PageOffset, order: Int) {
        if order == top, state(offset).isRun {
            removeFirstOfRun(offset)
            return
        }
        setState(offset, .none)
        unlink(slot(of: offset, order: order), order: order)
    }

    /// Updates the links and counts for ``remove(_:order:)``.
    @inlinable @inline(__always)
    mutating func unlink(_ slot: Slot, order: Int) {
        assert(noteChange())
        let links = links.base
        let link = links[slot.index]
        links[link.previous.index].next = link.next
        links[link.next.index].previous = link.previous
        freeCounts[unchecked: order] &-= 1
        if order > 0, link.next == link.previous { noteEmptied(link.next, order: order) }
    }

    /// Takes off the block at the head of a list. Reads one link only.
    @inlinable @inline(__always)
    mutating func removeFirst(order: Int, type: Migratetype) -> PageOffset {
        assert(noteChange())
        let head = listHead(order, type)
        let slot = links.base[head.index].next
        let block = offset(of: slot, order: order)
        if order == top, state(block).isRun {
            removeFirstOfRun(block)
            return block
        }
        let next = links.base[slot.index].next
        links.base[head.index].next = next
        links.base[next.index].previous = head
        setState(block, .none)
        freeCounts[unchecked: order] &-= 1
        if next == head { occupied[unchecked: Int(type.rawValue)] &= ~occupation(order) }
        return block
    }

    /// Like ``removeFirst(order:type:)``, for orders below a pageblock's.
    @inlinable @inline(__always)
    mutating func removeFirstSmall(order: Int, type: Migratetype) -> PageOffset {
        assert(noteChange())
        let links = links.base
        let head = listHead(order, type)
        let slot = links[head.index].next
        let next = links[slot.index].next
        links[head.index].next = next
        links[next.index].previous = head
        let pair = slot.rawValue &- firstPairSlot
        let isOdd: UInt32 = states.base[Int(pair)].isOdd ? 1 : 0
        states.base[Int(pair)] = .none
        freeCounts[unchecked: order] &-= 1
        if next == head { occupied[unchecked: Int(type.rawValue)] &= ~occupation(order) }
        return PageOffset(rawValue: pair &<< 1 | isOdd)
    }

    /// An order's bit in ``occupied``; none for order 0.
    @inlinable @inline(__always)
    func occupation(_ order: Int) -> UInt32 { 1 &<< UInt32(truncatingIfNeeded: order) & ~1 }

    /// Called if both neighbours of a removed block were the same slot: the head of a list that is now empty, or the
    /// only block left.
    @inlinable @inline(__always)
    mutating func noteEmptied(_ neighbour: Slot, order: Int) {
        guard neighbour.rawValue < Slot.heads else { return }
        occupied[unchecked: Int(neighbour.rawValue / Slot.headsOfType)] &= ~occupation(order)
    }

    /// Removes the first block of a run; the second, if there is one, takes its place in the list.
    @usableFromInline
    mutating func removeFirstOfRun(_ offset: PageOffset) {
        assert(noteChange())
        let index = runs.index(of: offset)
        let slot = slot(of: offset, order: top)
        let link = links.base[slot.index]
        setState(offset, .none)
        freeCounts[top] -= 1
        if runs.runs[index].count == 1 {
            runs.runs.remove(at: index)
            links.base[link.previous.index].next = link.next
            links.base[link.next.index].previous = link.previous
            if link.next == link.previous { noteEmptied(link.next, order: top) }
            return
        }
        let second = PageOffset(rawValue: offset.rawValue + 1 << UInt32(top))
        runs.runs[index].first = second
        runs.runs[index].count -= 1
        let replacement = self.slot(of: second, order: top)
        links.base[replacement.index] = link
        links.base[link.previous.index].next = replacement
        links.base[link.next.index].previous = replacement
        setState(second, .run(top))
    }

    /// Puts `count` adjacent blocks of the largest order at the tail of a list, lowest first. O(1).
    mutating func appendRun(_ first: PageOffset, count: Int, type: Migratetype) {
        pushBack(first, order: top, type: type)
        guard count > 1 else { return }
        setState(first, .run(top))
        freeCounts[top] += count - 1
        runs.runs.append(.init(first: first, count: count))
    }
}
