/// The same operations for an observer that wants every change of the lists. Changes are found by comparing the lists
/// before and after, so that the operations themselves stay as they are; without such an observer all of this is
/// compiled away.
extension BuddySpan {
    /// Like ``free(_:order:)``.
    @inlinable @inline(__always)
    public mutating func free<Observer: BuddyObserver>(
        _ frame: PageFrame, order: Order, observing observer: inout Observer
    ) {
        guard Observer.wantsChanges else { return free(frame, order: order) }
        let isInPieces = order > pageblockOrder && rules.freesByPageblock
        let size = isInPieces ? pageblockOrder : order
        for piece in 0..<(order.pages / size.pages) {
            let part = frame + piece * size.pages
            merge(part, order: size, type: pageblockType(of: part), observing: &observer)
        }
    }

    /// Like ``merge(_:order:type:toTail:)``.
    @inlinable @inline(__always)
    public mutating func merge<Observer: BuddyObserver>(
        _ frame: PageFrame, order: Order, type: Migratetype, toTail: Bool = false, observing observer: inout Observer
    ) {
        guard Observer.wantsChanges else { return merge(frame, order: order, type: type, toTail: toTail) }
        let others = largeBuddies(of: frame, order: order, otherThan: type)
        merge(frame, order: order, type: type, toTail: toTail)
        tellPlaced(frame, order: order, type: type, others, &observer)
    }

    /// Like ``mergeUncounted(_:order:type:)``.
    @inlinable @inline(__always)
    public mutating func mergeUncounted<Observer: BuddyObserver>(
        _ frame: PageFrame, order: Order, type: Migratetype, observing observer: inout Observer
    ) {
        guard Observer.wantsChanges else { return mergeUncounted(frame, order: order, type: type) }
        let others = largeBuddies(of: frame, order: order, otherThan: type)
        mergeUncounted(frame, order: order, type: type)
        tellPlaced(frame, order: order, type: type, others, &observer)
    }

    /// Like ``mergeRun(_:order:count:type:)``.
    @inlinable @inline(__always)
    public mutating func mergeRun<Observer: BuddyObserver>(
        _ first: PageFrame, order: Order, count: Int, type: Migratetype?, observing observer: inout Observer
    ) {
        guard Observer.wantsChanges else { return mergeRun(first, order: order, count: count, type: type) }
        for index in 0..<count {
            let frame = first + index &<< Int(order.rawValue)
            merge(frame, order: order, type: type ?? pageblockType(of: frame), observing: &observer)
        }
    }

    /// Like ``takeBlock(at:)``.
    public mutating func takeBlock<Observer: BuddyObserver>(
        at frame: PageFrame, observing observer: inout Observer
    ) -> Order? {
        guard let order = takeBlock(at: frame) else { return nil }
        if Observer.wantsChanges {
            observer.changed(
                .taken(frame, order: order, kept: frame, keptOrder: order, type: pageblockType(of: frame)))
        }
        return order
    }

    /// Like ``takeSpecific(_:order:)``.
    public mutating func takeSpecific<Observer: BuddyObserver>(
        _ frame: PageFrame, order: Order, observing observer: inout Observer
    ) -> Migratetype? {
        let found = Observer.wantsChanges ? freeBlock(containing: frame) : nil
        guard let type = takeSpecific(frame, order: order) else { return nil }
        if let found {
            observer.changed(.taken(found.first, order: found.order, kept: frame, keptOrder: order, type: type))
        }
        return type
    }

    /// Like ``reserveHighAtomic(_:order:observing:)``, without an observer.
    public mutating func reserveHighAtomic(_ frame: PageFrame, order: Order) {
        var observer = NoBuddyObserver()
        reserveHighAtomic(frame, order: order, observing: &observer)
    }

    /// Like ``unreserveHighAtomic(as:force:observing:)``, without an observer.
    public mutating func unreserveHighAtomic(as type: Migratetype, force: Bool) -> Bool {
        var observer = NoBuddyObserver()
        return unreserveHighAtomic(as: type, force: force, observing: &observer)
    }
}

extension BuddySpan {
    /// The order of the block that the next request would be split from.
    ///
    /// - Precondition: There is such a block.
    @usableFromInline
    func smallestOrder(atLeast order: Order, type: Migratetype) -> Order {
        var found = order
        while found < maximumOrder, !hasBlock(order: found, type: type) { found = Order(found.rawValue + 1) }
        return found
    }

    /// The orders, from a pageblock's on, of the free buddies that a freed block may absorb and that are of another
    /// type.
    @usableFromInline
    func largeBuddies(of frame: PageFrame, order: Order, otherThan type: Migratetype) -> [Order] {
        guard rules.retypesMergedBuddy else { return [] }
        return (max(order.rawValue, pageblockOrder.rawValue)..<maximumOrder.rawValue).map { Order(rawValue: $0) }
            .filter { range.contains(buddy(of: frame, $0)) && pageblockType(of: buddy(of: frame, $0)) != type }
    }

    private func buddy(of frame: PageFrame, _ order: Order) -> PageFrame {
        PageFrame(rawValue: (frame.rawValue & ~UInt64(order.pages - 1)) ^ UInt64(order.pages))
    }

    /// Reports where a block that was just freed is now.
    @usableFromInline
    func tellPlaced<Observer: BuddyObserver>(
        _ frame: PageFrame, order: Order, type: Migratetype, _ others: [Order], _ observer: inout Observer
    ) {
        guard let (first, mergedOrder) = freeBlock(containing: frame) else { return }
        for level in others where level < mergedOrder {
            observer.changed(
                .retyped(
                    buddy(of: frame, level), pageblocks: level.pages / pageblockOrder.pages, to: type))
        }
        let level = Int(mergedOrder.rawValue)
        let head = listHead(level, type)
        let slot = slot(of: offset(of: first), order: level)
        let isLast = links.base[head.index].previous == slot && links.base[head.index].next != slot
        observer.changed(
            .merged(frame, order: order, into: first, mergedOrder: mergedOrder, type: type, atTail: isLast))
    }

    /// Reports a block that is about to be moved to the tail of another type's list.
    @usableFromInline
    func tellMove<Observer: BuddyObserver>(
        of block: PageOffset, order: Int, to type: Migratetype, _ observer: inout Observer
    ) {
        guard Observer.wantsChanges else { return }
        observer.changed(.moved(frame(at: block), order: Order(order), to: type))
    }

    /// Reports the free blocks in a range that are about to be moved.
    @usableFromInline
    func tellMoves<Observer: BuddyObserver>(
        in part: OffsetRange, to type: Migratetype, _ observer: inout Observer
    ) {
        guard Observer.wantsChanges else { return }
        var rest = part
        while let (offset, order) = nextFreeBlock(in: rest) {
            observer.changed(.moved(frame(at: offset), order: Order(order), to: type))
            rest = rest.behind(offset, order: order)
        }
    }

    /// Reports that the pageblocks of a block of pageblock order or larger changed their type.
    @usableFromInline
    func tellRetyping<Observer: BuddyObserver>(
        at block: PageOffset, order: Int, to type: Migratetype, _ observer: inout Observer
    ) {
        guard Observer.wantsChanges else { return }
        let first = PageOffset(rawValue: block.rawValue & ~(UInt32(pageblockOrder.pages) - 1))
        observer.changed(.retyped(frame(at: first), pageblocks: 1 << (order - pageblockShift), to: type))
    }
}
