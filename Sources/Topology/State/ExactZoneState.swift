import BuddyEngine
import GFP

/// What, beside its free lists, decides a zone's next answer: with it a machine continues exactly where the recorded
/// one stood.
public struct ExactZoneState: Hashable, Sendable {
    /// Types of the zone's pageblocks, ascending; pageblocks not covered have no memory.
    public var pageblocks: [PageblockRun]
    /// Pages that are in use, or that are not the allocator's, where they matter for claiming a pageblock.
    public var pages: [PageRun]
    /// One for each online CPU.
    public var perCPU: [PerCPUSnapshot]
    /// The zone's counter without the per-CPU parts (`vm_stat[NR_FREE_PAGES]`).
    public var freePagesCounter: Int
    /// `vm_stat[NR_FREE_CMA_PAGES]`.
    public var freeCMACounter: Int
    /// 6.12 (`nr_free_highatomic`); nil where the kernel does not count it.
    public var freeHighAtomic: Int?
    public var percpuDriftMark: Int
    public var isBoosted: Bool
    public var isReclaimActive: Bool
    public var isBelowHigh: Bool
    /// The zone has no holes (`zone->contiguous`).
    public var isContiguous: Bool
    public var pagesetHighMin: Int
    /// 6.12; equal to `pagesetHighMin` where the kernel has one limit.
    public var pagesetHighMax: Int
    public var pagesetBatch: Int
    public var numa: NUMACounters

    /// `count` pageblocks of one type, from that of page frame `first` on.
    public struct PageblockRun: Hashable, Sendable {
        public var first: PageFrame
        public var count: Int
        public var type: Migratetype

        public init(first: PageFrame, count: Int, type: Migratetype) {
            self.first = first
            self.count = count
            self.type = type
        }
    }

    /// What a page is, for the count of pages that a pageblock's claim goes by.
    public enum PageUse: UInt8, Hashable, Sendable {
        /// No memory there.
        case hole = 0
        /// Reserved at boot, never the allocator's.
        case reserved = 1
        /// The allocator's: free or in use.
        case managed = 2
        /// Another zone's or node's.
        case foreign = 3
        /// In use, and on an LRU list or movable by its driver.
        case movable = 4
    }

    public struct PageRun: Hashable, Sendable {
        public var first: PageFrame
        public var count: Int
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
    public var hit = 0
    public var miss = 0
    public var foreign = 0
    public var interleave = 0
    public var local = 0
    public var other = 0

    public init() {}
}

/// One CPU's lists of a zone (`struct per_cpu_pages`) and its part of the zone's counters.
public struct PerCPUSnapshot: Hashable, Sendable {
    public var cpu: CPUID
    public var count: Int
    public var batch: Int
    public var expire: Int
    public var high: Int
    /// 6.12; equal to `high` where the kernel has one limit.
    public var highMin: Int
    public var highMax: Int
    /// 6.12 (PCPF_*).
    public var flags: Int
    /// 6.12.
    public var allocFactor: Int
    /// 6.12.
    public var freeCount: Int
    /// 6.1.
    public var freeFactor: Int
    public var statThreshold: Int
    public var diffFreePages: Int
    public var diffFreeCMA: Int
    public var lists: [List]

    /// Index 3 * order + type for orders 0 to 3; 12 and 13 hold pageblock-order blocks, others and movable.
    public struct List: Hashable, Sendable {
        public var index: Int
        /// Head first.
        public var frames: [PageFrame]
        /// 6.1: the type that each page carries with it, as many as `frames`; empty: that of the list.
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
