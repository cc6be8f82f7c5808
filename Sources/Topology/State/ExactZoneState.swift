import BuddyEngine
import GFP

/// What decides a zone's next answer besides its free lists: with it, a machine continues exactly where the recorded
/// one stood.
public struct ExactZoneState: Hashable, Sendable {
    /// Types of the zone's pageblocks, ascending; pageblocks not listed have no memory.
    public var pageblocks: [PageblockRun]
    /// Pages that are in use or not the allocator's, where that matters for claiming a pageblock.
    public var pages: [PageRun]
    /// One for each online CPU.
    public var perCPU: [PerCPUSnapshot]
    /// The zone's counter without the per-CPU parts (`vm_stat[NR_FREE_PAGES]`).
    public var freePagesCounter: Int
    /// `vm_stat[NR_FREE_CMA_PAGES]`.
    public var freeCMACounter: Int
    /// `nr_free_highatomic` (6.12); nil where the kernel does not count it.
    public var freeHighAtomic: Int?
    /// Below this number of free pages, per-CPU parts of the counter are added before a watermark is tested
    /// (`percpu_drift_mark`).
    public var percpuDriftMark: Int
    /// The watermark was boosted, and kswapd is to be woken for it (`ZONE_BOOSTED_WATERMARK`).
    public var isBoosted: Bool
    /// kswapd is reclaiming from this zone, so per-CPU lists are kept short (`ZONE_RECLAIM_ACTIVE`).
    public var isReclaimActive: Bool
    /// Free pages are below the high watermark (`ZONE_BELOW_HIGH`, 6.12).
    public var isBelowHigh: Bool
    /// The zone has no holes (`zone->contiguous`).
    public var isContiguous: Bool
    /// The least that a CPU's lists may hold before they are drained, in pages.
    public var pagesetHighMin: Int
    /// The most that it may become; equal to ``pagesetHighMin`` where the kernel has one limit (before 6.7).
    public var pagesetHighMax: Int
    /// How many pages move between lists and zone at a time.
    public var pagesetBatch: Int
    /// The zone's NUMA counters.
    public var numa: NUMACounters

    /// `count` pageblocks of one type; the first contains page frame `first`.
    public struct PageblockRun: Hashable, Sendable {
        /// A page frame of the first pageblock.
        public var first: PageFrame
        /// How many pageblocks.
        public var count: Int
        /// Their migratetype.
        public var type: Migratetype

        public init(first: PageFrame, count: Int, type: Migratetype) {
            self.first = first
            self.count = count
            self.type = type
        }
    }

    /// What a page is, for the count of pages that decides whether a pageblock is claimed.
    public enum PageUse: UInt8, Hashable, Sendable {
        /// No memory there.
        case hole = 0
        /// Reserved at boot, never managed by the allocator.
        case reserved = 1
        /// Managed by the allocator: free or in use.
        case managed = 2
        /// Belongs to another zone or node.
        case foreign = 3
        /// In use, and on an LRU list or movable by its driver.
        case movable = 4
    }

    /// `count` pages that are alike.
    public struct PageRun: Hashable, Sendable {
        /// The first of them.
        public var first: PageFrame
        /// How many pages.
        public var count: Int
        /// What they are.
        public var use: PageUse

        public init(first: PageFrame, count: Int, use: PageUse) {
            self.first = first
            self.count = count
            self.use = use
        }
    }

    public init(
        pageblocks: [PageblockRun] = [], pages: [PageRun] = [], perCPU: [PerCPUSnapshot] = [], freePagesCounter: Int,
        freeCMACounter: Int = 0, freeHighAtomic: Int? = nil, percpuDriftMark: Int = 0, isBoosted: Bool = false,
        isReclaimActive: Bool = false, isBelowHigh: Bool = false, isContiguous: Bool = true, pagesetHighMin: Int,
        pagesetHighMax: Int, pagesetBatch: Int, numa: NUMACounters = NUMACounters()
    ) {
        self.pageblocks = pageblocks
        self.pages = pages
        self.perCPU = perCPU
        self.freePagesCounter = freePagesCounter
        self.freeCMACounter = freeCMACounter
        self.freeHighAtomic = freeHighAtomic
        self.percpuDriftMark = percpuDriftMark
        self.isBoosted = isBoosted
        self.isReclaimActive = isReclaimActive
        self.isBelowHigh = isBelowHigh
        self.isContiguous = isContiguous
        self.pagesetHighMin = pagesetHighMin
        self.pagesetHighMax = pagesetHighMax
        self.pagesetBatch = pagesetBatch
        self.numa = numa
    }
}

/// A zone's NUMA counters (`enum numa_stat_item`), in requests.
public struct NUMACounters: Hashable, Sendable {
    /// `numa_hit`: served on the intended node.
    public var hit = 0
    /// `numa_miss`: served here, although another node was intended.
    public var miss = 0
    /// `numa_foreign`: intended for this node, served on another.
    public var foreign = 0
    /// `numa_interleave`: interleaved, and served on the intended node.
    public var interleave = 0
    /// `numa_local`: served to a CPU of the same node.
    public var local = 0
    /// `numa_other`: served to a CPU of another node.
    public var other = 0

    public init() {}
}

/// One CPU's lists of a zone (`struct per_cpu_pages`) and its share of the zone's counters.
public struct PerCPUSnapshot: Hashable, Sendable {
    /// The CPU.
    public var cpu: CPUID
    /// Pages on all lists.
    public var count: Int
    /// How many pages move between lists and zone at a time.
    public var batch: Int
    /// Ticks until the lists of a remote zone are drained (`expire`).
    public var expire: Int
    /// The number of pages above which lists are drained.
    public var high: Int
    /// The least that ``high`` may become; equal to it where the kernel has one limit (before 6.7).
    public var highMin: Int
    /// The most that ``high`` may become.
    public var highMax: Int
    /// `PCPF_*` (6.12).
    public var flags: Int
    /// How often the batch has been doubled for consecutive allocations (`alloc_factor`, 6.12).
    public var allocFactor: Int
    /// Pages freed in a row (`free_count`, 6.12).
    public var freeCount: Int
    /// How often the batch has been doubled for consecutive frees (`free_factor`, 6.1).
    public var freeFactor: Int
    /// How far this CPU's counters may drift before they are added to the zone's (`stat_threshold`).
    public var statThreshold: Int
    /// This CPU's share of the free pages counter, not yet added to the zone's.
    public var diffFreePages: Int
    /// This CPU's share of the free CMA pages counter, not yet added to the zone's.
    public var diffFreeCMA: Int
    /// The lists that are not empty.
    public var lists: [List]

    /// One list, numbered as in ``PerCPUListIndex``.
    public struct List: Hashable, Sendable {
        /// Its number.
        public var index: Int
        /// Its blocks, head first.
        public var frames: [PageFrame]
        /// The migratetype stored with each page (6.1), as many as `frames`; empty: that of the list.
        public var types: [Migratetype]

        public init(index: Int, frames: [PageFrame], types: [Migratetype] = []) {
            self.index = index
            self.frames = frames
            self.types = types
        }
    }

    public init(
        cpu: CPUID, count: Int = 0, batch: Int, expire: Int = 0, high: Int, highMin: Int, highMax: Int, flags: Int = 0,
        allocFactor: Int = 0, freeCount: Int = 0, freeFactor: Int = 0, statThreshold: Int, diffFreePages: Int = 0,
        diffFreeCMA: Int = 0, lists: [List] = []
    ) {
        self.cpu = cpu
        self.count = count
        self.batch = batch
        self.expire = expire
        self.high = high
        self.highMin = highMin
        self.highMax = highMax
        self.flags = flags
        self.allocFactor = allocFactor
        self.freeCount = freeCount
        self.freeFactor = freeFactor
        self.statThreshold = statThreshold
        self.diffFreePages = diffFreePages
        self.diffFreeCMA = diffFreeCMA
        self.lists = lists
    }
}
