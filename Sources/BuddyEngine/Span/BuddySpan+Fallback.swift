extension BuddySpan {
    /// Serves a request whose own lists are empty: from CMA if allowed, then from other types by the rules.
    @inlinable
    @inline(never)
    mutating func takeElsewhere<Observer: BuddyObserver>(
        _ order: Order, type: Migratetype, options: TakeOptions, mode: inout FallbackMode,
        observing observer: inout Observer
    ) -> TakenBlock? {
        switch rules.fallback {
        case .moveThenSearch:
            if options.contains(.cma), let block = takeSmallest(order, type: .cma, observing: &observer) {
                return block
            }
            while moveFallback(order, type: type, options: options, observing: &observer) {
                if let block = takeSmallest(order, type: type, observing: &observer) { return block }
            }
            return nil
        case .claimOrSplit:
            return claimOrSplit(order, type: type, options: options, mode: &mode, observing: &observer)
        }
    }

    @inlinable
    mutating func claimOrSplit<Observer: BuddyObserver>(
        _ order: Order, type: Migratetype, options: TakeOptions, mode: inout FallbackMode,
        observing observer: inout Observer
    ) -> TakenBlock? {
        if mode.rawValue <= FallbackMode.cma.rawValue, options.contains(.cma),
            let block = takeSmallest(order, type: .cma, observing: &observer)
        {
            mode = .cma
            return block
        }
        if mode != .split, let block = claim(order, type: type, options: options, observing: &observer) {
            mode = .own
            return block
        }
        if !options.contains(.avoidFragmentation),
            let block = splitForeign(order, type: type, observing: &observer)
        {
            mode = .split
            return block
        }
        return nil
    }

    /// The first type, in order of preference, with a block of exactly `order` (`find_suitable_fallback`).
    @inlinable
    func fallbackType(order: Int, for type: Migratetype) -> Migratetype? {
        guard freeCounts[order] > 0, let types = FallbackTypes(for: type) else { return nil }
        if fallbackPolicy != nil { return chosenFallbackType(order: order, for: type, usual: types) }
        if hasBlock(order: Order(order), type: types.first) { return types.first }
        return hasBlock(order: Order(order), type: types.second) ? types.second : nil
    }

    /// Whether a request may try to claim the whole pageblock around a block of `order` (`can_steal_fallback`).
    @inlinable
    func mayClaimPageblock(order: Int, for type: Migratetype) -> Bool {
        let may =
            order >= smallestClaimOrder || type == .reclaimable || type == .unmovable || isMobilityGroupingDisabled
        return fallbackPolicy == nil ? may : chosenToClaim(order: order, for: type, usual: may)
    }

    @usableFromInline @inline(never)
    func chosenFallbackType(order: Int, for type: Migratetype, usual: FallbackTypes) -> Migratetype? {
        guard let types = fallbackPolicy?.fallbackTypes(for: type, usual: usual) else { return nil }
        return [types.first, types.second].first {
            $0.isOrdinary && $0 != type && hasBlock(order: Order(order), type: $0)
        }
    }

    @usableFromInline @inline(never)
    func chosenToClaim(order: Int, for type: Migratetype, usual: Bool) -> Bool {
        fallbackPolicy?.mayClaimPageblock(foundOrder: Order(order), for: type, usual: usual) ?? usual
    }

    @inlinable
    func smallestFallbackOrder(_ order: Order, _ options: TakeOptions) -> Int {
        options.contains(.avoidFragmentation) ? max(Int(order.rawValue), pageblockShift) : Int(order.rawValue)
    }

    // MARK: Claim or split (6.12)

    /// Claims a pageblock of another type, searching from the largest block down (`__rmqueue_claim`).
    @inlinable
    mutating func claim<Observer: BuddyObserver>(
        _ order: Order, type: Migratetype, options: TakeOptions, observing observer: inout Observer
    ) -> TakenBlock? {
        var found = top
        let smallest = smallestFallbackOrder(order, options)
        while found >= smallest {
            defer { found -= 1 }
            guard let other = fallbackType(order: found, for: type) else { continue }
            guard mayClaimPageblock(order: found, for: type) else { return nil }
            let block = first(order: found, type: other)
            if let frame = claimPageblock(of: block, found: found, order: order, type: type, observing: &observer) {
                observer.fellBack(
                    FallbackEvent(
                        frame: frame, order: order, foundOrder: Order(found), wanted: type, takenFrom: other,
                        pageblockType: pageblockType(of: frame)))
                return TakenBlock(frame: frame, type: type)
            }
        }
        return nil
    }

    /// Changes the pageblock of a free block to `type`, if enough of it is free or compatible, and takes a block from
    /// it (`try_to_steal_block`).
    @inlinable
    mutating func claimPageblock<Observer: BuddyObserver>(
        of block: PageOffset, found: Int, order: Order, type: Migratetype, observing observer: inout Observer
    ) -> PageFrame? {
        let old = pageblockType(at: block)
        guard old != .highAtomic else { return nil }
        if found >= pageblockShift {
            remove(block, order: found)
            count(-(1 << found), type: old)
            setPageblockTypes(at: block, order: found, type: type)
            split(block, from: found, to: Int(order.rawValue), type: type)
            if Observer.wantsChanges {
                tellRetyping(at: block, order: found, to: type, &observer)
                let first = frame(at: block)
                observer.changed(.taken(first, order: Order(found), kept: first, keptOrder: order, type: type))
            }
            count((1 << found) - order.pages, type: type)
            return frame(at: block)
        }
        foreignPageblocksDisturbed += 1
        guard let pageblock = wholePageblock(of: block) else { return nil }
        let free = freePages(in: pageblock)
        guard isClaimable(pageblock, free: free, old: old, type: type) else { return nil }
        tellMoves(in: pageblock, to: type, &observer)
        moveFreeBlocks(in: pageblock, from: old, to: type)
        setPageblockTypes(at: pageblock.start, order: pageblockShift, type: type)
        tellRetyping(at: pageblock.start, order: pageblockShift, to: type, &observer)
        return takeSmallest(order, type: type, observing: &observer)?.frame
    }

    /// Splits the smallest sufficient block of another type; the rest stays on that type's lists (`__rmqueue_steal`).
    @inlinable
    mutating func splitForeign<Observer: BuddyObserver>(
        _ order: Order, type: Migratetype, observing observer: inout Observer
    ) -> TakenBlock? {
        var found = Int(order.rawValue)
        while found <= top {
            defer { found += 1 }
            guard let other = fallbackType(order: found, for: type) else { continue }
            let block = removeFirst(order: found, type: other)
            split(block, from: found, to: Int(order.rawValue), type: other)
            count(-order.pages, type: other)
            let frame = frame(at: block)
            if Observer.wantsChanges {
                observer.changed(.taken(frame, order: Order(found), kept: frame, keptOrder: order, type: other))
            }
            observer.fellBack(
                FallbackEvent(
                    frame: frame, order: order, foundOrder: Order(found), wanted: type, takenFrom: other,
                    pageblockType: pageblockType(of: frame)))
            return TakenBlock(frame: frame, type: other)
        }
        return nil
    }

    // MARK: Move, then search again (6.1)

    /// Moves blocks of another type to the lists of `type`; false if there is none (`__rmqueue_fallback`).
    @inlinable
    mutating func moveFallback<Observer: BuddyObserver>(
        _ order: Order, type: Migratetype, options: TakeOptions, observing observer: inout Observer
    ) -> Bool {
        var found = top
        let smallest = smallestFallbackOrder(order, options)
        while found >= smallest, fallbackType(order: found, for: type) == nil { found -= 1 }
        guard found >= smallest else { return false }
        let mayClaim: Bool
        if !mayClaimPageblock(order: found, for: type), type == .movable, found > Int(order.rawValue) {
            found = Int(order.rawValue)
            while fallbackType(order: found, for: type) == nil { found += 1 }
        }
        mayClaim = mayClaimPageblock(order: found, for: type)
        guard let other = fallbackType(order: found, for: type) else { return false }
        let block = first(order: found, type: other)
        moveFound(block, order: found, to: type, wholePageblock: mayClaim, observing: &observer)
        observer.fellBack(
            FallbackEvent(
                frame: frame(at: block), order: order, foundOrder: Order(found), wanted: type, takenFrom: other,
                pageblockType: pageblockType(at: block)))
        return true
    }

    /// Moves a found block, with the free blocks of its pageblock where allowed, and changes the pageblock to `type` if
    /// enough of it is free or compatible (`steal_suitable_fallback`).
    @inlinable
    mutating func moveFound<Observer: BuddyObserver>(
        _ block: PageOffset, order: Int, to type: Migratetype, wholePageblock: Bool, observing observer: inout Observer
    ) {
        let old = pageblockType(at: block)
        if old != .highAtomic {
            if order >= pageblockShift {
                setPageblockTypes(at: block, order: order, type: type)
                tellRetyping(at: block, order: order, to: type, &observer)
            } else {
                foreignPageblocksDisturbed += 1
                if wholePageblock, let pageblock = pageblockPart(from: block) {
                    tellMoves(in: pageblock, to: type, &observer)
                    let free = moveFreeBlocks(in: pageblock, from: old, to: type)
                    if free > 0 {
                        if isClaimable(pageblock, free: free, old: old, type: type) {
                            setPageblockTypes(at: block, order: pageblockShift, type: type)
                            tellRetyping(at: block, order: pageblockShift, to: type, &observer)
                        }
                        return
                    }
                }
            }
        }
        tellMove(of: block, order: order, to: type, &observer)
        moveToTail(block, order: order, to: type)
    }
}
