import BuddyEngine
import Topology

/// One CPU's lists of a zone's pages (`struct per_cpu_pages`). All zero bits mean that the CPU has not used the zone.
@frozen
public struct PerCPUPages: BitwiseCopyable {
    // They come first: see `Zone.queue(_:_:)`.
    @usableFromInline
    var queues = InlineArray<14, FrameQueue>(repeating: FrameQueue())
    /// Pages on all lists.
    public var count = 0
    /// A measure of recent frees, which each allocation halves. Its meaning depends on the kernel: `free_factor` (6.1)
    /// is how often the number of pages returned has doubled, `free_count` (6.12) how many pages were freed in a row.
    public var recentFrees = 0
    /// `alloc_factor` (6.12): how often the size of a refill has doubled.
    public var allocFactor = 0
    /// With fewer pages than this on its lists, a CPU that frees a single page has nothing else to do: ``high`` if that
    /// is between its bounds, else 0.
    public private(set) var quietLimit = 0
    /// From this value on, single pages no longer raise ``recentFrees`` (`free_count`, 6.12); 0 if they never do.
    @usableFromInline
    var recentFreesLimit = 0
    /// `PCPF_*` (6.12).
    public var flags: Flags = []
    /// The sizes are set, which happens when the CPU first uses the zone.
    @usableFromInline
    var isReady = false
    /// With more pages than this, some are returned to the zone.
    public var high = 0 {
        didSet { resetQuietLimit() }
    }
    /// The least that ``high`` may become.
    public var highMin = 0 {
        didSet { resetQuietLimit() }
    }
    /// The most that ``high`` may become.
    public var highMax = 0 {
        didSet { resetQuietLimit() }
    }
    /// The number of pages that are moved at once between the lists and the zone.
    public private(set) var batch = 0
    /// vmstat's countdown to draining the lists of a remote zone; stored, but not acted on.
    public var expire = 0

    private mutating func resetQuietLimit() { quietLimit = high >= highMin && high <= highMax ? high : 0 }

    mutating func setBatch(_ batch: Int, rules: KernelProfile.PerCPURules) {
        self.batch = batch
        recentFreesLimit = rules.sizing == .movingHigh ? batch << rules.batchScaleMax : 0
    }

    /// `PCPF_*` (mm/page_alloc.c, 6.12).
    @frozen
    public struct Flags: OptionSet, BitwiseCopyable, Hashable, Sendable {
        public let rawValue: UInt8

        @inlinable
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The last page freed was of an order from 1 to 3 (PCPF_PREV_FREE_HIGH_ORDER).
        @inlinable
        public static var previousFreeWasHighOrder: Self { Self(rawValue: 1) }
        /// The CPU's cache is large enough to batch frees of such orders (PCPF_FREE_HIGH_BATCH).
        @inlinable
        public static var batchesHighOrderFrees: Self { Self(rawValue: 2) }
    }

    /// Orders up to this one have a list for each type (`PAGE_ALLOC_COSTLY_ORDER`).
    @inlinable
    public static var costlyOrder: Order { PerCPUListIndex.costlyOrder }

    /// The number of lists of one CPU, see `PerCPUListIndex`.
    @inlinable
    public static var listCount: Int { PerCPUListIndex.count }

    /// The list of an order and type (`order_to_pindex`).
    @inlinable @inline(__always)
    static func list(_ order: Order, _ type: Migratetype) -> Int { PerCPUListIndex.index(order, type) }

    /// Like ``list(_:_:)``, for an order known to be at most ``costlyOrder``.
    @inlinable @inline(__always)
    static func smallList(_ order: Order, _ type: Migratetype) -> Int {
        Int(order.rawValue) &* Migratetype.perCPUCount &+ Int(type.rawValue)
    }

    /// The order of the blocks on a list (`pindex_to_order`).
    @inlinable
    static func order(ofList index: Int, hugeOrder: Order) -> Order {
        PerCPUListIndex.order(ofList: index, hugePageOrder: hugeOrder)
    }
}
