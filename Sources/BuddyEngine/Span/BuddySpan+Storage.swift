/// The number of pages between a span's offset 0 and a page.
@usableFromInline
@frozen
struct PageOffset: Hashable, Comparable {
    @usableFromInline
    var rawValue: UInt32

    @inlinable
    init(rawValue: UInt32) { self.rawValue = rawValue }

    @inlinable
    var pair: Int { Int(rawValue &>> 1) }

    @inlinable
    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Adjacent pages of a span. The end has 64 bits: after the last page of the largest span it is 2^32.
@usableFromInline
@frozen
struct OffsetRange {
    @usableFromInline
    var first: UInt64
    @usableFromInline
    var end: UInt64

    @inlinable
    init(_ first: PageOffset, pages: Int) {
        self.init(first: UInt64(first.rawValue), end: UInt64(first.rawValue) + UInt64(pages))
    }

    @inlinable
    init(first: UInt64, end: UInt64) {
        self.first = first
        self.end = end
    }

    /// The first page.
    ///
    /// - Precondition: The range does not begin at the end of the largest span.
    @usableFromInline
    var start: PageOffset { PageOffset(rawValue: UInt32(truncatingIfNeeded: first)) }

    /// The part of the range after a block.
    @usableFromInline
    func behind(_ block: PageOffset, order: Int) -> OffsetRange {
        OffsetRange(first: UInt64(block.rawValue) + 1 << UInt64(order), end: end)
    }
}

/// A place in the table of list links: one for each list's head, then one for each pageblock, then one for each page
/// pair.
@usableFromInline
@frozen
struct Slot: Hashable, BitwiseCopyable {
    @usableFromInline
    var rawValue: UInt32

    @inlinable
    init(rawValue: UInt32) { self.rawValue = rawValue }

    @inlinable
    var index: Int { Int(rawValue) }

    /// How many list heads each type has; they are in order of type, then of order.
    @inlinable
    static var headsOfType: UInt32 { 16 }

    @inlinable
    static var heads: UInt32 { headsOfType &* UInt32(Migratetype.count) }
}

/// Neighbours in a circular list whose head is a slot of its own.
@usableFromInline
@frozen
struct Link: BitwiseCopyable {
    @usableFromInline
    var next: Slot
    @usableFromInline
    var previous: Slot

    @inlinable
    init(next: Slot, previous: Slot) {
        self.next = next
        self.previous = previous
    }
}

/// Which page of a pair heads a free block, and the block's order.
@usableFromInline
@frozen
struct PairState: Equatable, BitwiseCopyable {
    @usableFromInline
    var rawValue: UInt8

    @inlinable
    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Neither page.
    @inlinable
    static var none: Self { Self(rawValue: 0) }

    /// The odd page heads a block of order 0.
    @inlinable
    static var odd: Self { Self(rawValue: 0x21) }

    /// The even page heads a block of `order`.
    @inlinable
    static func head(_ order: Int) -> Self { Self(rawValue: UInt8(truncatingIfNeeded: order &+ 1)) }

    /// The even page heads the first block of a run of blocks of the largest order.
    @inlinable
    static func run(_ order: Int) -> Self { Self(rawValue: UInt8(truncatingIfNeeded: order &+ 1) | 0x40) }

    @inlinable
    var isRun: Bool { rawValue & 0x40 != 0 }

    @inlinable
    var isOdd: Bool { rawValue & 0x20 != 0 }

    /// The block's order; meaningless for ``none``.
    @inlinable
    var order: Int { Int(rawValue & 0x1F) &- 1 }
}

extension BuddySpan {
    @inlinable @inline(__always)
    func offset(of frame: PageFrame) -> PageOffset {
        PageOffset(rawValue: UInt32(truncatingIfNeeded: frame.rawValue &- base))
    }

    @inlinable @inline(__always)
    func frame(at offset: PageOffset) -> PageFrame {
        PageFrame(rawValue: base &+ UInt64(offset.rawValue))
    }

    @usableFromInline
    func frames(in part: OffsetRange) -> Range<PageFrame> {
        PageFrame(rawValue: base &+ part.first)..<PageFrame(rawValue: base &+ part.end)
    }

    @inlinable @inline(__always)
    func listHead(_ order: Int, _ type: Migratetype) -> Slot {
        Slot(rawValue: UInt32(type.rawValue) &* Slot.headsOfType &+ UInt32(truncatingIfNeeded: order))
    }

    @inlinable @inline(__always)
    func slot(of offset: PageOffset, order: Int) -> Slot {
        order < pageblockShift
            ? Slot(rawValue: firstPairSlot &+ offset.rawValue &>> 1)
            : Slot(rawValue: Slot.heads &+ offset.rawValue &>> UInt32(truncatingIfNeeded: pageblockShift))
    }

    /// The block at a slot of a list of `order`.
    @inlinable @inline(__always)
    func offset(of slot: Slot, order: Int) -> PageOffset {
        if order >= pageblockShift {
            let pageblock = slot.rawValue &- Slot.heads
            return PageOffset(rawValue: pageblock &<< UInt32(truncatingIfNeeded: pageblockShift))
        }
        let pair = slot.rawValue &- firstPairSlot
        if order == 0 && states.base[Int(pair)].isOdd { return PageOffset(rawValue: pair &<< 1 | 1) }
        return PageOffset(rawValue: pair &<< 1)
    }

    @inlinable @inline(__always)
    func state(_ offset: PageOffset) -> PairState { states.base[offset.pair] }

    @inlinable @inline(__always)
    func setState(_ offset: PageOffset, _ state: PairState) { states.base[offset.pair] = state }

    /// The state of a pair whose page at `offset` heads a free block of `order`.
    @inlinable @inline(__always)
    func headState(_ offset: PageOffset, order: Int) -> PairState {
        offset.rawValue & 1 == 0 ? .head(order) : .odd
    }

    /// Whether a block of `order` at `offset` is on a list.
    @inlinable @inline(__always)
    func isFreeHead(_ offset: PageOffset, order: Int) -> Bool {
        states.base[offset.pair] == headState(offset, order: order)
    }
}
