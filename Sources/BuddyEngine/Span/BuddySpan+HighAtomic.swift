extension BuddySpan {
    /// The most pages that may be reserved for high-order requests that cannot sleep.
    public var highAtomicLimit: Int {
        switch rules.highAtomicLimit {
        case .hundredthPlusPageblock:
            return managedPages / rules.highAtomicDivisor + pageblockOrder.pages
        case .hundredthRoundedUp:
            let hundredth = managedPages / rules.highAtomicDivisor
            guard hundredth >= pageblockOrder.pages else { return 0 }
            return (hundredth + pageblockOrder.pages - 1) / pageblockOrder.pages * pageblockOrder.pages
        }
    }

    /// Reserves the pageblock of a block just taken for such requests (`reserve_highatomic_pageblock`).
    public mutating func reserveHighAtomic<Observer: BuddyObserver>(
        _ frame: PageFrame, order: Order, observing observer: inout Observer
    ) {
        guard reservedHighAtomic < highAtomicLimit else { return }
        let block = offset(of: frame)
        let old = pageblockType(at: block)
        guard old.isOrdinary else { return }
        switch rules.highAtomicLimit {
        case .hundredthPlusPageblock:
            reservedHighAtomic += pageblockOrder.pages
            setPageblockTypes(at: block, order: pageblockShift, type: .highAtomic)
            tellRetyping(at: block, order: pageblockShift, to: .highAtomic, &observer)
            if let part = pageblockPart(from: block) {
                tellMoves(in: part, to: .highAtomic, &observer)
                moveFreeBlocks(in: part, from: old, to: .highAtomic)
            }
        case .hundredthRoundedUp:
            if order < pageblockOrder {
                guard let pageblock = wholePageblock(of: block) else { return }
                tellMoves(in: pageblock, to: .highAtomic, &observer)
                moveFreeBlocks(in: pageblock, from: old, to: .highAtomic)
                setPageblockTypes(at: block, order: pageblockShift, type: .highAtomic)
                tellRetyping(at: block, order: pageblockShift, to: .highAtomic, &observer)
                reservedHighAtomic += pageblockOrder.pages
            } else {
                setPageblockTypes(at: block, order: Int(order.rawValue), type: .highAtomic)
                tellRetyping(at: block, order: Int(order.rawValue), to: .highAtomic, &observer)
                reservedHighAtomic += order.pages
            }
        }
    }

    /// Returns one reserved pageblock that has free pages to ordinary use, smallest free block first
    /// (`unreserve_highatomic_pageblock`).
    ///
    /// - Parameters:
    ///   - type: The type that the pageblock gets.
    ///   - force: Give up even the last reserved pageblock.
    ///   - observer: Is told of the changes.
    /// - Returns: Whether free pages were gained.
    public mutating func unreserveHighAtomic<Observer: BuddyObserver>(
        as type: Migratetype, force: Bool, observing observer: inout Observer
    ) -> Bool {
        guard force || reservedHighAtomic > pageblockOrder.pages else { return false }
        for order in 0...top where hasBlock(order: Order(order), type: .highAtomic) {
            let block = first(order: order, type: .highAtomic)
            let old = pageblockType(at: block)
            if old == .highAtomic {
                let size = rules.countsEachChange ? max(pageblockOrder.pages, 1 << order) : pageblockOrder.pages
                reservedHighAtomic -= min(size, reservedHighAtomic)
            }
            if unreserve(block, order: order, old: old, type: type, &observer) { return true }
        }
        return false
    }

    private mutating func unreserve<Observer: BuddyObserver>(
        _ block: PageOffset, order: Int, old: Migratetype, type: Migratetype, _ observer: inout Observer
    ) -> Bool {
        if rules.countsEachChange {
            if order >= pageblockShift {
                tellMove(of: block, order: order, to: type, &observer)
                moveToTail(block, order: order, to: type)
                count(-(1 << order), type: old)
                count(1 << order, type: type)
                setPageblockTypes(at: block, order: order, type: type)
                tellRetyping(at: block, order: order, to: type, &observer)
                return true
            }
            guard let pageblock = wholePageblock(of: block) else { return false }
            tellMoves(in: pageblock, to: type, &observer)
            let moved = moveFreeBlocks(in: pageblock, from: old, to: type)
            setPageblockTypes(at: block, order: pageblockShift, type: type)
            tellRetyping(at: block, order: pageblockShift, to: type, &observer)
            return moved > 0
        }
        setPageblockTypes(at: block, order: pageblockShift, type: type)
        tellRetyping(at: block, order: pageblockShift, to: type, &observer)
        guard let part = pageblockPart(from: block) else { return false }
        tellMoves(in: part, to: type, &observer)
        return moveFreeBlocks(in: part, from: old, to: type) > 0
    }
}
