/// What a request may do beyond its own type's lists.
@frozen
public struct TakeOptions: OptionSet, Sendable {
    public let rawValue: UInt8

    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// CMA pageblocks may be used.
    @inlinable
    public static var cma: Self { Self(rawValue: 1) }

    /// Nothing smaller than a pageblock may be taken from another type.
    @inlinable
    public static var avoidFragmentation: Self { Self(rawValue: 2) }
}

/// Where the last block of a refill came from, so that the next search begins there (`enum rmqueue_mode`, 6.12).
@frozen
public enum FallbackMode: UInt8, Sendable {
    case own
    case cma
    case claim
    case split
}

/// A block taken off the free lists.
@frozen
public struct TakenBlock: Hashable, Sendable {
    /// The block's first page frame.
    public var frame: PageFrame
    /// The type of the list that it was on.
    public var type: Migratetype

    @inlinable
    public init(frame: PageFrame, type: Migratetype) {
        self.frame = frame
        self.type = type
    }
}

extension BuddySpan {
    /// Takes the smallest sufficient block of one type and splits it to size (`__rmqueue_smallest`).
    ///
    /// Under rules that do not count each change, the caller subtracts the pages from the counters.
    @inlinable @inline(__always)
    public mutating func takeSmallest<Observer: BuddyObserver>(
        _ order: Order, type: Migratetype, observing observer: inout Observer
    ) -> TakenBlock? {
        let block: PageOffset
        var found = order
        if hasSmallBlock(order, type: type) {
            block = removeFirstSmall(order: Int(order.rawValue), type: type)
        } else {
            guard hasBlock(atLeast: order, type: type) else { return nil }
            if Observer.wantsChanges { found = smallestOrder(atLeast: order, type: type) }
            block = order == 0 ? takeSingleBySplitting(type: type) : takeBySplitting(order, type: type)
        }
        if rules.countsEachChange { count(0 &- order.pages, type: type) }
        let frame = frame(at: block)
        if Observer.wantsChanges {
            observer.changed(.taken(frame, order: found, kept: frame, keptOrder: order, type: type))
        }
        observer.tookBlock(frame, order: order, type: type)
        return TakenBlock(frame: frame, type: type)
    }

    /// Takes the smallest sufficient block and splits it to size if necessary.
    ///
    /// - Precondition: There is such a block.
    @usableFromInline @inline(never)
    mutating func takeBySplitting(_ order: Order, type: Migratetype) -> PageOffset {
        splitSmallest(downTo: order, type: type)
    }

    /// Like ``takeBySplitting(_:type:)``, specialised for order 0.
    @usableFromInline @inline(never)
    mutating func takeSingleBySplitting(type: Migratetype) -> PageOffset {
        splitSmallest(downTo: 0, type: type)
    }

    @inline(__always)
    mutating func splitSmallest(downTo order: Order, type: Migratetype) -> PageOffset {
        let wanted = Int(order.rawValue)
        let (block, found) = takeSmallest(downTo: wanted, type: type)
        let high = min(found, pageblockShift)
        if high > wanted { splitIntoEmpty(block, from: high, to: wanted, type: type) }
        return block
    }

    /// Takes the smallest sufficient block off its list; one above pageblock order is split down to that, or to
    /// `wanted`.
    ///
    /// - Precondition: There is such a block.
    /// - Returns: The block, and the order at which it was found.
    @inline(__always)
    mutating func takeSmallest(downTo wanted: Int, type: Migratetype) -> (block: PageOffset, found: Int) {
        let larger = occupied[unchecked: Int(type.rawValue)] &>> UInt32(truncatingIfNeeded: wanted)
        let found = wanted &+ larger.trailingZeroBitCount
        let block =
            found < pageblockShift
            ? removeFirstSmall(order: found, type: type) : takeLarge(order: found, downTo: wanted, type: type)
        return (block, found)
    }

    /// Takes a block for a request of `type`: from its own lists, then CMA where allowed, then another type's
    /// (`__rmqueue`).
    ///
    /// - Parameters:
    ///   - order: The order of the block.
    ///   - type: The request's type.
    ///   - options: What is allowed beyond the type's own lists.
    ///   - mode: `.own` at first; kept from block to block within a refill.
    ///   - observer: Is told of what happens.
    @inlinable
    public mutating func take<Observer: BuddyObserver>(
        _ order: Order, type: Migratetype, options: TakeOptions, mode: inout FallbackMode,
        observing observer: inout Observer
    ) -> TakenBlock? {
        if options.contains(.cma), counters.cma > counters.free / 2,
            let block = takeSmallest(order, type: .cma, observing: &observer)
        {
            return block
        }
        if mode == .own, let block = takeSmallest(order, type: type, observing: &observer) { return block }
        return takeElsewhere(order, type: type, options: options, mode: &mode, observing: &observer)
    }

    /// Returns the upper halves of a block, largest first, each to the head of its list (`expand`).
    @inlinable @inline(__always)
    mutating func split(_ block: PageOffset, from high: Int, to low: Int, type: Migratetype) {
        var order = high
        while order > low {
            order &-= 1
            let upper = PageOffset(rawValue: block.rawValue &+ 1 &<< UInt32(truncatingIfNeeded: order))
            pushFront(upper, order: order, type: type)
        }
    }

    /// Takes the first block of pageblock order or larger off its list and splits it, at most down to pageblock order.
    @usableFromInline @inline(never)
    mutating func takeLarge(order: Int, downTo wanted: Int, type: Migratetype) -> PageOffset {
        largeBlocksTaken &+= 1
        if largeBlocksTaken == largeBlocksBeforeHugePages {
            links.preferHugePages()
            states.preferHugePages()
        }
        if pageLimit >= Self.largeSpan, largeBlocksTaken % Self.blocksBetweenReleases == 0 { releaseTables() }
        let block = removeFirst(order: order, type: type)
        split(block, from: order, to: max(wanted, pageblockShift), type: type)
        return block
    }

    /// Like ``split(_:from:to:type:)``, below pageblock order, where the lists of all orders in between are empty
    /// because the smallest block was taken: nothing has to be read.
    @inlinable @inline(__always)
    mutating func splitIntoEmpty(_ block: PageOffset, from high: Int, to low: Int, type: Migratetype) {
        let links = links.base
        let states = states.base
        let first = block.rawValue &>> 1
        var order = high
        var head = listHead(high, type)
        // The distance of the upper half, in page pairs.
        var distance: UInt32 = (1 &<< UInt32(truncatingIfNeeded: high)) &>> 1
        while order > low {
            order &-= 1
            distance &>>= 1
            head.rawValue &-= 1
            // The upper half of a block of order 0 is the odd page of the same pair.
            let slot = Slot(rawValue: firstPairSlot &+ first &+ distance)
            links[slot.index] = Link(next: head, previous: head)
            links[head.index] = Link(next: slot, previous: slot)
            states[Int(first &+ distance)] = order == 0 ? .odd : .head(order)
            freeCounts[unchecked: order] &+= 1
        }
        let upToHigh: UInt32 = 1 &<< UInt32(truncatingIfNeeded: high)
        let upToLow: UInt32 = 1 &<< UInt32(truncatingIfNeeded: low)
        occupied[unchecked: Int(type.rawValue)] |= (upToHigh &- upToLow) & ~1
    }

    /// Adds pages to the counters of free pages for a type.
    @inlinable @inline(__always)
    mutating func count(_ pages: Int, type: Migratetype) {
        guard type.rawValue >= Migratetype.perCPUCount else {
            counters.addFree(pages)
            return
        }
        countSpecial(pages, type: type)
    }

    /// Adds pages to the counters of free pages for a type, `times` times.
    @inlinable
    public mutating func count(_ pages: Int, times: Int, type: Migratetype) {
        if type.rawValue < Migratetype.perCPUCount {
            counters.addFree(pages, times: times)
        } else {
            for _ in 0..<times { count(pages, type: type) }
        }
    }

    @usableFromInline
    mutating func countSpecial(_ pages: Int, type: Migratetype) {
        guard type != .isolate else { return }
        counters.addFree(pages)
        if type == .cma {
            counters.addCMA(pages)
        } else if type == .highAtomic, rules.countsEachChange {
            counters.highAtomic &+= pages
        }
    }

    /// Subtracts pages that left the lists from the counters, where the rules leave that to the caller.
    @inlinable
    public mutating func countTaken(pages: Int, type: Migratetype) {
        if !rules.countsEachChange { count(0 &- pages, type: type) }
    }

    /// The part of ``countTaken(pages:type:)`` that a refill does for each block (`rmqueue_bulk`, 6.1).
    @inlinable
    public mutating func countTakenFromCMA(pages: Int) {
        if !rules.countsEachChange { counters.addCMA(0 &- pages) }
    }

    /// Counts the blocks taken by calls of ``splitOffRun(_:type:most:observing:)``, where the rules count each change.
    @inlinable
    public mutating func countRuns(blocks: Int, order: Order, type: Migratetype) {
        if rules.countsEachChange { count(0 &- order.pages, times: blocks, type: type) }
    }

    /// The part of ``countTaken(pages:type:)`` that a refill does once at its end (`rmqueue_bulk`, 6.1).
    @inlinable
    public mutating func countRefill(pages: Int) {
        if !rules.countsEachChange { counters.addFree(0 &- pages) }
    }
}
