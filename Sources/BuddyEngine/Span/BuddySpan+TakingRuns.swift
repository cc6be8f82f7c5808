/// Taking many blocks at once, as a refill of a per-CPU list does. The blocks, and what is left, are the same as if
/// they had been taken one by one.
extension BuddySpan {
    /// A walk along one list from its head, on which blocks are taken before the list is updated.
    @frozen
    public struct HeadOfList {
        /// The slot of the next block.
        @usableFromInline
        var slot: Slot
        @usableFromInline
        let head: Slot
        @usableFromInline
        let order: Order
        @usableFromInline
        let type: Migratetype
        /// Blocks taken so far.
        public var taken = 0

        @inlinable
        init(slot: Slot, head: Slot, order: Order, type: Migratetype) {
            self.slot = slot
            self.head = head
            self.order = order
            self.type = type
        }

        /// All blocks have been taken.
        @inlinable
        public var isAtEnd: Bool { slot == head }
    }

    /// Whether blocks of an order can be taken unsplit through ``headOfList(_:type:)``: the list has some, and the
    /// order is below a pageblock's.
    @inlinable @inline(__always)
    public mutating func hasList(_ order: Order, type: Migratetype) -> Bool { hasSmallBlock(order, type: type) }

    /// Where ``takeNext(_:observing:)`` begins. Nothing else may be asked of the span until ``cutOff(_:)``.
    ///
    /// - Precondition: ``hasList(_:type:)``.
    @inlinable @inline(__always)
    public mutating func headOfList(_ order: Order, type: Migratetype) -> HeadOfList {
        let head = listHead(Int(order.rawValue), type)
        return HeadOfList(slot: links.base[head.index].next, head: head, order: order, type: type)
    }

    /// Takes the next block of a list, without counting it.
    ///
    /// - Precondition: The list is not at its end.
    @inlinable @inline(__always)
    public mutating func takeNext<Observer: BuddyObserver>(
        _ list: inout HeadOfList, observing observer: inout Observer
    ) -> PageFrame {
        assert(noteChange())
        let pair = list.slot.rawValue &- firstPairSlot
        let isOdd: UInt32 = states.base[Int(pair)].isOdd ? 1 : 0
        states.base[Int(pair)] = .none
        list.slot = links.base[list.slot.index].next
        list.taken &+= 1
        let frame = frame(at: PageOffset(rawValue: pair &<< 1 | isOdd))
        if Observer.wantsChanges {
            observer.changed(.taken(frame, order: list.order, kept: frame, keptOrder: list.order, type: list.type))
        }
        observer.tookBlock(frame, order: list.order, type: list.type)
        return frame
    }

    /// Makes the list begin after the blocks taken.
    @inlinable @inline(__always)
    public mutating func cutOff(_ list: HeadOfList) {
        let order = Int(list.order.rawValue)
        links.base[list.head.index].next = list.slot
        links.base[list.slot.index].previous = list.head
        freeCounts[unchecked: order] &-= list.taken
        if list.isAtEnd { occupied[unchecked: Int(list.type.rawValue)] &= ~occupation(order) }
    }

    /// Splits up to `most` adjacent blocks off the smallest sufficient one: those that as many calls of
    /// ``takeSmallest(_:type:observing:)`` would take, leaving the same on the lists.
    ///
    /// Nothing is counted: ``countRuns(blocks:order:type:)`` does that for all runs of a refill at once.
    ///
    /// - Precondition: Not ``hasList(_:type:)``: blocks of the right order are taken from the head of their list.
    /// - Returns: Nil if there is no sufficient block.
    @inlinable @inline(__always)
    public mutating func splitOffRun<Observer: BuddyObserver>(
        _ order: Order, type: Migratetype, most: Int, observing observer: inout Observer
    ) -> (first: PageFrame, count: Int)? {
        guard hasBlock(atLeast: order, type: type) else { return nil }
        let found = Observer.wantsChanges ? smallestOrder(atLeast: order, type: type) : order
        let run = takeRunOfSmallest(order, type: type, most: Observer.wantsChanges ? 1 : most)
        let first = frame(at: run.first)
        if Observer.wantsChanges {
            observer.changed(.taken(first, order: found, kept: first, keptOrder: order, type: type))
        }
        for index in 0..<run.count {
            observer.tookBlock(first + index &<< Int(order.rawValue), order: order, type: type)
        }
        return (first, run.count)
    }

    /// Repeated takes use up the smallest block from its start. Each order in between is then left with one block or
    /// none, on a list that was empty.
    ///
    /// - Precondition: There is a sufficient block.
    @usableFromInline @inline(never)
    mutating func takeRunOfSmallest(_ order: Order, type: Migratetype, most: Int) -> (first: PageOffset, count: Int) {
        let wanted = Int(order.rawValue)
        let (block, found) = takeSmallest(downTo: wanted, type: type)
        let high = max(min(found, pageblockShift), wanted)
        let taken = min(most, 1 &<< (high &- wanted))
        var used = taken &<< wanted
        while used < 1 &<< high {
            let order = used.trailingZeroBitCount
            pushFront(
                PageOffset(rawValue: block.rawValue &+ UInt32(truncatingIfNeeded: used)), order: order, type: type)
            used &+= 1 &<< order
        }
        return (block, taken)
    }
}
