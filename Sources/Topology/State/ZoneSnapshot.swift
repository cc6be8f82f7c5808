import BuddyEngine
import GFP

/// One zone at one moment. All amounts are pages.
public struct ZoneSnapshot: Hashable, Sendable {
    /// Where the zone lies, and how much memory it has.
    public var span: ZoneSpan
    /// As printed or recorded; nil: computed from the topology's sysctls.
    public var watermarks: WatermarkValues?
    /// What the zone holds back from requests that could also use a higher zone, by index into
    /// `Architecture.zoneKinds`; nil: computed.
    public var lowmemReserve: [Int]?
    /// `nr_free_pages` as printed. It may differ slightly from the sum of the free lists, because per-CPU counters lag.
    public var freePages: Int?
    /// The free blocks.
    public var free: FreePages
    /// Pages reserved for high-order atomic requests (`nr_reserved_highatomic`).
    public var reservedHighAtomic: Int
    /// The number of pageblocks of each type, where `/proc/pagetypeinfo` gave them.
    public var pageblockCounts: [Migratetype: Int]?
    /// Pages in all per-CPU lists of the zone together, where a log printed only that.
    public var perCPUPages: Int?
    /// Each CPU's lists as zoneinfo printed them. ``exact``, where present, has more and takes precedence.
    public var perCPULists: [PerCPUFigures] = []
    /// Event counters of the zone in zoneinfo by the kernel's name (`numa_hit`, `nr_zone_active_anon`, ...); a node's
    /// first zone also has the node's own (`nr_active_anon`, ...).
    public var counters: [String: Int]
    /// The rest of the state, where it is known in every detail.
    public var exact: ExactZoneState?

    public init(
        span: ZoneSpan, watermarks: WatermarkValues? = nil, lowmemReserve: [Int]? = nil, freePages: Int? = nil,
        free: FreePages = .counts([]), reservedHighAtomic: Int = 0, pageblockCounts: [Migratetype: Int]? = nil,
        perCPUPages: Int? = nil, counters: [String: Int] = [:], exact: ExactZoneState? = nil
    ) {
        self.span = span
        self.watermarks = watermarks
        self.lowmemReserve = lowmemReserve
        self.freePages = freePages
        self.free = free
        self.reservedHighAtomic = reservedHighAtomic
        self.pageblockCounts = pageblockCounts
        self.perCPUPages = perCPUPages
        self.counters = counters
        self.exact = exact
    }
}

/// A zone's watermarks in pages, as in `zone->_watermark[]`: without the boost, which is added where they are compared.
public struct WatermarkValues: Hashable, Sendable {
    /// Below it, only urgent requests are served.
    public var min: Int
    /// Below it, kswapd is woken.
    public var low: Int
    /// kswapd reclaims up to it.
    public var high: Int
    /// From 5.18 on (`WMARK_PROMO`); nil where the kernel has none or did not print it.
    public var promo: Int?
    /// Raised for a while after fragmentation (`watermark_boost`).
    public var boost: Int

    public init(min: Int, low: Int, high: Int, promo: Int? = nil, boost: Int = 0) {
        self.min = min
        self.low = low
        self.high = high
        self.promo = promo
        self.boost = boost
    }
}

/// The free blocks of a zone.
public enum FreePages: Hashable, Sendable {
    /// The number of free blocks of each order, which is the index.
    case counts([FreeCount])
    /// Every list, head first.
    case lists([FreeList])
}

/// The number of free blocks of one order.
public struct FreeCount: Hashable, Sendable {
    /// Blocks of all types together.
    public var total: Int
    /// By type, from `/proc/pagetypeinfo`; nil where not known. Their sum is `total`.
    public var byType: [Migratetype: Int]?
    /// The types with at least one block, from the letters of a Mem-Info report; nil where not printed.
    public var presentTypes: Set<Migratetype>?

    public init(total: Int, byType: [Migratetype: Int]? = nil, presentTypes: Set<Migratetype>? = nil) {
        self.total = total
        self.byType = byType
        self.presentTypes = presentTypes
    }
}

/// The free blocks of one order and type, in list order, head first. A run of adjacent blocks is one entry.
public struct FreeList: Hashable, Sendable {
    /// The order of the blocks.
    public var order: Order
    /// The type of the list.
    public var type: Migratetype
    /// Its blocks, head first.
    public var runs: [Run]

    /// `count` blocks, each directly after the one before, in list order.
    public struct Run: Hashable, Sendable {
        /// The page frame where the first block begins.
        public var first: PageFrame
        /// How many blocks.
        public var count: Int

        public init(first: PageFrame, count: Int = 1) {
            self.first = first
            self.count = count
        }
    }

    /// A list of blocks already grouped into runs.
    public init(order: Order, type: Migratetype, runs: [Run]) {
        self.order = order
        self.type = type
        self.runs = runs
    }

    /// A list of blocks by page frame, head first; adjacent ones are joined into runs.
    public init(order: Order, type: Migratetype, frames: some Sequence<PageFrame>) {
        self.init(order: order, type: type, runs: [])
        for frame in frames {
            if let last = runs.last, last.first + last.count * order.pages == frame {
                runs[runs.count - 1].count += 1
            } else {
                runs.append(Run(first: frame))
            }
        }
    }
}
