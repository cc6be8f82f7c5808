/// The free areas of one span of page frames: an ordered list of free blocks for each order and migratetype, and the
/// type of each pageblock.
///
/// It takes, splits, frees and merges blocks in Linux's order, so that the same requests get the same page frames. It
/// knows no zones: a zone's watermarks and per-CPU lists belong to its owner.
///
/// Tables are committed lazily (``LazyMemory``) and touched only where blocks have been split or freed: about 4.5 bytes
/// for each page of a touched pageblock. Blocks of the largest order that were never used are stored as runs, so a span
/// of any size is ready in constant time.
///
/// Below pageblock order two free buddies always merge, so at most one of the two pages of a pair heads a free block:
/// list links and state are stored by page pair. Blocks of pageblock order and above have their links by pageblock.
@frozen
public struct BuddySpan: ~Copyable {
    /// The page frames of the span, holes included.
    public let range: Range<PageFrame>
    /// The largest order of a free block.
    public let maximumOrder: Order
    /// The order of a pageblock; at most ``maximumOrder``.
    public let pageblockOrder: Order
    /// The kernel's rules.
    public let rules: BuddyRules
    /// Replaces the rules' answers about other types; nil: they stand.
    public var fallbackPolicy: (any FallbackPolicy)?
    /// The free-page counters that this span's owner compares with watermarks.
    public var counters: FreePageCounters
    /// Pages in pageblocks reserved as highatomic, in use or not (`nr_reserved_highatomic`).
    public var reservedHighAtomic: Int = 0
    /// Whether ``reservedHighAtomic`` agrees with the types of the pageblocks. It need not where the types are guessed.
    public var knowsReservedPageblocks = true
    /// Pages managed by the allocator, from which the highatomic limit is computed.
    public var managedPages: Int = 0
    /// Types are not kept apart on machines too small for it (`page_group_by_mobility_disabled`).
    public var isMobilityGroupingDisabled = false
    /// How often a block smaller than a pageblock was taken from another type's pageblock since the owner last reset
    /// the count. Each raises the watermark boost (`boost_watermark`).
    public var foreignPageblocksDisturbed: Int = 0

    /// The page frame at offset 0: the span's start, rounded down to a block of the largest order.
    @usableFromInline
    let base: UInt64
    /// The offset of the first page that counts as part of the span.
    @usableFromInline
    let firstOffset: UInt32
    @usableFromInline
    let pageLimit: UInt64
    @usableFromInline
    let top: Int
    @usableFromInline
    let pageblockShift: Int
    /// A pageblock may be claimed for any type through a block of this order or larger.
    @usableFromInline
    let smallestClaimOrder: Int
    @usableFromInline
    let firstPairSlot: UInt32

    @usableFromInline
    let links: LazyMemory<Link>
    @usableFromInline
    let states: LazyMemory<PairState>
    /// By pageblock: the type, with movable and unmovable exchanged so that zero-filled memory means movable.
    @usableFromInline
    let pageblockTypes: LazyMemory<UInt8>
    /// A bit for each page: in use, and movable when its pageblock is claimed.
    @usableFromInline
    let movableMarks: LazyMemory<UInt64>
    /// Whether any page was ever marked as movable.
    public internal(set) var hasMovableMarks = false
    @usableFromInline
    var runs: RunTable

    /// How often the free lists have changed, so that checks of invariants after every operation know where to look.
    ///
    /// Counted in builds with assertions only; see ``countsChanges``.
    public internal(set) var changes = 0
    var largeBlocksTaken = 0
    /// Once a sixteenth of the span is in use, its tables get huge pages; until then only the pages touched take
    /// memory. Smaller tables would not fill a huge page.
    let largeBlocksBeforeHugePages: Int
    /// The next region of the tables to check; see ``releaseTables()``.
    var nextRegion = 0

    /// By type: bit `n` is set if the list of order `n` has a block. Not for order 0, whose list changes with every
    /// other operation and is looked at directly.
    @usableFromInline
    var occupied: InlineArray<6, UInt32>
    /// By order: the number of free blocks (`nr_free`).
    @usableFromInline
    var freeCounts: InlineArray<16, Int>

    /// Makes a span with nothing free in it.
    ///
    /// - Parameters:
    ///   - range: The page frames, as many as ``holds(_:maximumOrder:)`` allows.
    ///   - maximumOrder: 1 to 15.
    ///   - pageblockOrder: At least 1; limited to `maximumOrder`.
    ///   - rules: The kernel's rules.
    ///   - cpuCount: The number of CPUs that have a share of the free-page counts.
    ///   - counterThreshold: See ``FreePageCounters``.
    ///   - ownsPagesBefore: Whether pages between the range's start and the boundary of a largest block below it count
    ///     as the span's, which can decide the order of lists: true for a hole before the first memory.
    ///   - space: Where the tables are placed; nil: each in memory of its own.
    public init(
        range: Range<PageFrame>, maximumOrder: Order = 10, pageblockOrder: Order = 9, rules: BuddyRules,
        cpuCount: Int = 1, counterThreshold: Int = 0, ownsPagesBefore: Bool = false, in space: TableSpace? = nil
    ) {
        precondition(
            maximumOrder >= 1 && maximumOrder <= 15 && pageblockOrder >= 1, "the largest order is 1 to 15")
        precondition(Self.holds(range, maximumOrder: maximumOrder), "a span holds at most 2^32 pages")
        let blockMask = UInt64(maximumOrder.pages) - 1
        let base = range.lowerBound.rawValue & ~blockMask
        let pageLimit = ((range.upperBound.rawValue - base) + blockMask) & ~blockMask
        self.init(
            range: range, maximumOrder: maximumOrder, pageblockOrder: min(pageblockOrder, maximumOrder), rules: rules,
            cpuCount: cpuCount, counterThreshold: counterThreshold, base: base, pageLimit: pageLimit,
            firstOffset: ownsPagesBefore ? 0 : UInt32(truncatingIfNeeded: range.lowerBound.rawValue - base), space)
    }

    /// Sets every property and checks nothing, since the public initialiser has done so. With a precondition between
    /// the tables, optimised builds destroyed those not yet made, whether it was met or not: four calls of `munmap`
    /// with arbitrary arguments (Swift 6.2). `Scripts/failing-calls` watches for such calls.
    private init(
        range: Range<PageFrame>, maximumOrder: Order, pageblockOrder: Order, rules: BuddyRules, cpuCount: Int,
        counterThreshold: Int, base: UInt64, pageLimit: UInt64, firstOffset: UInt32, _ space: TableSpace?
    ) {
        let pageblocks = Int(pageLimit >> UInt64(pageblockOrder.rawValue))
        let pairs = Int(pageLimit + 1) / 2
        let firstPairSlot = Slot.heads + UInt32(pageblocks)
        self.range = range
        self.maximumOrder = maximumOrder
        self.pageblockOrder = pageblockOrder
        self.rules = rules
        self.base = base
        self.pageLimit = pageLimit
        self.firstOffset = firstOffset
        self.firstPairSlot = firstPairSlot
        top = Int(maximumOrder.rawValue)
        pageblockShift = Int(pageblockOrder.rawValue)
        smallestClaimOrder = rules.claimFromOrder > 0 ? rules.claimFromOrder : pageblockShift / 2
        largeBlocksBeforeHugePages = max(Int(pageLimit >> UInt64(maximumOrder.rawValue)) / 16, 128)
        runs = RunTable()
        occupied = InlineArray(repeating: 0)
        freeCounts = InlineArray(repeating: 0)
        counters = FreePageCounters(cpuCount: cpuCount, threshold: counterThreshold, in: space)
        links = LazyMemory(count: Int(firstPairSlot) + pairs, in: space)
        states = LazyMemory(count: pairs + 1, in: space)
        pageblockTypes = LazyMemory(count: pageblocks + 1, in: space)
        movableMarks = LazyMemory(count: Int(pageLimit / 64) + 1, in: space)
        for slot in 0..<Slot.heads {
            links.base[Int(slot)] = Link(next: Slot(rawValue: slot), previous: Slot(rawValue: slot))
        }
    }

    /// What the tables of a span take of a ``TableSpace``, or slightly more, in bytes.
    public static func tableBytes(_ range: Range<PageFrame>, maximumOrder: Order, pageblockOrder: Order, cpuCount: Int)
        -> Int
    {
        let pages = range.upperBound - range.lowerBound + 2 * maximumOrder.pages
        let pageblocks = pages / min(pageblockOrder, maximumOrder).pages + 1
        return TableSpace.bytes(of: Link.self, count: Int(Slot.heads) + pageblocks + pages / 2)
            + TableSpace.bytes(of: PairState.self, count: pages / 2 + 1)
            + TableSpace.bytes(of: UInt8.self, count: pageblocks + 1)
            + TableSpace.bytes(of: UInt64.self, count: pages / 64 + 1)
            + TableSpace.bytes(of: FreePageCounters.Share.self, count: max(cpuCount, 1))
    }

    /// The most pages that a span can have, once rounded to blocks of the largest order at both ends.
    public static var largestSpan: UInt64 { 1 << 32 }

    /// Whether a span can have these page frames: at most ``largestSpan`` of them, and none near 2^64.
    public static func holds(_ range: Range<PageFrame>, maximumOrder: Order) -> Bool {
        let blockMask = UInt64(maximumOrder.pages) - 1
        guard range.upperBound.rawValue <= UInt64.max - blockMask else { return false }
        let end = (range.upperBound.rawValue + blockMask) & ~blockMask
        return end - range.lowerBound.rawValue & ~blockMask <= largestSpan
    }

    /// The number of free blocks of an order, all types together (`nr_free`).
    public func freeBlocks(_ order: Order) -> Int { freeCounts[Int(order.rawValue)] }

    /// The number of free pages on the lists. O(orders).
    public var freePages: Int {
        (0...top).reduce(0) { $0 + freeCounts[$1] << $1 }
    }

    /// Free pages in blocks of pageblock order and larger, except isolated ones (`NR_FREE_PAGES_BLOCKS`, 7.2; the
    /// kernel updates it without per-CPU shares). O(orders).
    public var freePagesInPageblocks: Int {
        var pages = 0
        for order in pageblockShift...top {
            pages += freeCounts[order] << order
            if hasBlock(order: Order(order), type: .isolate) {
                forEachRun(order: Order(order), type: .isolate) { _, count in pages -= count << order }
            }
        }
        return pages
    }

    /// Whether a list has a block.
    public func hasBlock(order: Order, type: Migratetype) -> Bool {
        order == 0 ? hasSingle(type) : occupied[unchecked: Int(type.rawValue)] & (1 &<< UInt32(order.rawValue)) != 0
    }

    /// Whether a list of `type` has a block of `order` or larger.
    ///
    /// `mutating`, like all queries on the hot path: a span that is only borrowed would be copied.
    @inlinable @inline(__always)
    public mutating func hasBlock(atLeast order: Order, type: Migratetype) -> Bool {
        occupied[unchecked: Int(type.rawValue)] &>> UInt32(order.rawValue) != 0 || order == 0 && hasSingle(type)
    }

    /// Whether a list of the unmovable, movable or reclaimable type has a block of `order`, which must be above 0, or
    /// larger.
    @inlinable @inline(__always)
    public mutating func hasOrdinaryBlock(atLeast order: Order) -> Bool {
        assert(order > 0)
        return (occupied[unchecked: 0] | occupied[unchecked: 1] | occupied[unchecked: 2]) &>> UInt32(order.rawValue)
            != 0
    }

    /// Whether a list has a block that needs no splitting, of an order below a pageblock's.
    @inlinable @inline(__always)
    mutating func hasSmallBlock(_ order: Order, type: Migratetype) -> Bool {
        if order == 0 { return hasSingle(type) }
        return occupied[unchecked: Int(type.rawValue)] & (1 &<< UInt32(order.rawValue)) != 0 && order < pageblockOrder
    }

    /// Whether the list of order 0 has a block.
    @inlinable @inline(__always)
    func hasSingle(_ type: Migratetype) -> Bool {
        let head = listHead(0, type)
        return links.base[head.index].next != head
    }
}
