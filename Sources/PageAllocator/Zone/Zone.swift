import BuddyEngine
import GFP
import Topology

/// A zone at run time: its free areas, watermarks, reserves, per-CPU lists and counters. All amounts are pages.
///
/// Within the module, even queries made for every request are `mutating`, so that Swift passes a zone by address. A
/// borrowed struct of this size would be copied at each call.
@frozen
public struct Zone: ~Copyable {
    /// The zone's node.
    public let node: NodeID
    /// The kind of zone.
    public let kind: ZoneKind
    /// The index of ``kind`` among the machine's zone kinds (`zone_idx()`).
    public let index: Int
    /// The index of the Movable zone: against requests for it, a zone's full reserve applies.
    @usableFromInline
    let movableZoneIndex: Int
    /// The node's position among the machine's nodes.
    @usableFromInline
    let nodePosition: Int
    /// From the zone's first page frame to its last, holes included.
    public let spanned: Int
    /// ``spanned`` less holes.
    public let present: Int
    /// ``present`` less what was reserved at boot.
    public let managed: Int
    /// Managed pages that belong to contiguous memory areas.
    public let cma: Int
    /// The parts of the span that are this zone's, ascending; another node's memory may lie between.
    public let segments: [Range<PageFrame>]

    /// The free lists and pageblocks.
    public var buddy: BuddySpan
    /// By `WatermarkLevel`, without the boost.
    @usableFromInline
    private(set) var marks = InlineArray<4, Int>(repeating: 0)
    /// Added to each watermark after fragmentation, until reclaim removes it.
    public var boost = 0 {
        didSet { resetFloors() }
    }
    /// In ten-thousandths of the high watermark (`vm.watermark_boost_factor`).
    @usableFromInline
    var boostFactor = 0
    /// By the highest zone index of the request.
    @usableFromInline
    private(set) var lowmemReserve = InlineArray<6, Int>(repeating: 0)
    /// The zone's flags.
    public var flags: Flags = [] {
        didSet { resetFloors() }
    }
    /// By the highest zone index of the request: with more usable pages than this, the zone serves a first walk with
    /// nothing else to do. Follows from the marks, the boost, the reserve and the flags.
    @usableFromInline
    private(set) var floors = InlineArray<6, Int>(repeating: .max)
    /// Below this many free pages, a balance test adds up the CPUs' shares of the counter; 0: never.
    public var percpuDriftMark = 0
    /// The zone has no holes (`zone->contiguous`).
    public var isContiguous = true
    /// The least that a CPU's lists may hold before they are drained (`pageset_high_min`).
    public var pagesetHighMin = 0
    /// The most that it may become (`pageset_high_max`).
    public var pagesetHighMax = 0
    /// How many pages move between lists and zone at a time (`pageset_batch`).
    public var pagesetBatch = 1
    /// The zone's NUMA counters.
    public var numa = NUMACounters()
    /// Pages allocated since the start (`pgalloc_*`).
    public var pagesAllocated = 0
    /// Pages freed since the start: this zone's share of `pgfree`.
    public var pagesFreed = 0

    @usableFromInline
    let perCPURules: KernelProfile.PerCPURules
    @usableFromInline
    let walkRules: KernelProfile.WalkRules
    @usableFromInline
    let policy: (any AllocatorPolicy)?
    /// The node's reclaim thread, under rules by which a zone above its high watermark makes it try again.
    @usableFromInline
    let kswapdToEncourage: UnsafeMutablePointer<Machine.KswapdState>?
    @usableFromInline
    let hopelessAfter: Int
    /// The order above 3 that has per-CPU lists: a huge page's; 0 if there is none.
    @usableFromInline
    let hugeOrder: Order
    @usableFromInline
    let perCPU: LazyMemory<PerCPUPages>
    /// For checked frees; see ``Machine/checksFrees``.
    var ledger: BlockLedger
    /// The positions of CPUs whose lists have been set up.
    @usableFromInline
    var readyCPUs: [Int] = []

    /// `enum zone_flags`.
    @frozen
    public struct Flags: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8

        @inlinable
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Fragmentation has raised the watermarks, and kswapd is to be woken (ZONE_BOOSTED_WATERMARK).
        @inlinable
        public static var boosted: Self { Self(rawValue: 1) }
        /// kswapd is reclaiming, so per-CPU lists are kept short (ZONE_RECLAIM_ACTIVE).
        @inlinable
        public static var reclaimActive: Self { Self(rawValue: 2) }
        /// A test found the zone below its high watermark (ZONE_BELOW_HIGH).
        @inlinable
        public static var belowHigh: Self { Self(rawValue: 4) }
    }

    /// `isLowest` means that no zone begins below it, so that the hole before it is its own (`init_unavailable_range`,
    /// mm/page_alloc.c, 5.10).
    init(
        _ span: ZoneSpan, isLowest: Bool, index: Int, nodePosition: Int, segments: [Range<PageFrame>],
        topology: Topology,
        profile: KernelProfile, policy: (any AllocatorPolicy)?, cpuCount: Int,
        kswapdToEncourage: UnsafeMutablePointer<Machine.KswapdState>?, in space: TableSpace
    ) {
        node = span.node
        kind = span.kind
        self.index = index
        let kinds = topology.architecture.zoneKinds
        movableZoneIndex = kinds.firstIndex(of: .movable) ?? kinds.count - 1
        self.nodePosition = nodePosition
        spanned = span.spanned
        present = span.present
        managed = span.managed
        cma = span.cma
        self.segments = segments
        buddy = BuddySpan(
            range: span.start..<span.end, maximumOrder: topology.maximumOrder, pageblockOrder: topology.pageblockOrder,
            rules: profile.buddy, cpuCount: cpuCount, ownsPagesBefore: isLowest, in: space)
        buddy.managedPages = span.managed
        buddy.fallbackPolicy = policy
        self.policy = policy
        perCPURules = profile.perCPU
        walkRules = profile.walk
        self.kswapdToEncourage = kswapdToEncourage
        hopelessAfter = profile.reclaim.hopelessAfter
        // Order 0 already has lists, so it means none here: for a kernel without huge pages, or without lists for them.
        let order = profile.perCPU.holdsHugePages ? topology.hugePageOrder ?? 0 : 0
        // `&&` must not ask `buddy`: its right side is a closure, and one that reads a half-built noncopyable value has
        // the optimiser destroy what is there so far (Swift 6.3). So with `||`, `??`, `precondition` and `assert`.
        let largestOrder = topology.maximumOrder
        hugeOrder = order > PerCPUPages.costlyOrder && order <= largestOrder ? order : 0
        perCPU = LazyMemory(count: cpuCount, in: space)
        ledger = BlockLedger(span.start..<span.end, in: space)
    }

    /// What the tables of a zone take, in bytes.
    static func tableBytes(_ span: ZoneSpan, _ topology: Topology, cpuCount: Int) -> Int {
        let range = span.start..<span.end
        return BuddySpan.tableBytes(
            range, maximumOrder: topology.maximumOrder, pageblockOrder: topology.pageblockOrder, cpuCount: cpuCount)
            + TableSpace.bytes(of: PerCPUPages.self, count: cpuCount) + BlockLedger.tableBytes(range)
    }

    /// Forgets which blocks were allocated so far.
    mutating func beginLedger() { ledger = BlockLedger(buddy.range) }

    deinit {
        for cpu in readyCPUs {
            for list in 0..<PerCPUPages.listCount { queue(cpu, list).pointee.deallocate() }
        }
    }

    mutating func setWatermarks(_ values: WatermarkValues) {
        marks[0] = values.min
        marks[1] = values.low
        marks[2] = values.high
        marks[3] = values.promo ?? values.high
        boost = values.boost
    }

    mutating func setLowmemReserve(_ reserve: [Int]) {
        for (index, pages) in reserve.prefix(lowmemReserve.count).enumerated() { lowmemReserve[index] = pages }
        resetFloors()
    }

    private mutating func resetFloors() {
        for index in floors.indices { floors[index] = floor(highest: index) }
    }

    /// Computes one of ``floors``.
    func floor(highest: Int) -> Int {
        if flags.contains(.boosted) { return .max }
        let asksForHighMark = walkRules.marksZonesBelowHigh && !flags.contains(.belowHigh)
        // A log or a snapshot may state a reserve that is impossibly large.
        let (floor, overflows) = effectiveWatermark(asksForHighMark ? .high : .low)
            .addingReportingOverflow(lowmemReserve[highest])
        return overflows ? .max : floor
    }

    /// Whether the kernel counts pages freed in a row (`free_count`, 6.12), in ``PerCPUPages/recentFrees``.
    var countsFreesInARow: Bool { perCPURules.sizing == .movingHigh }

    /// One CPU's list number `list`.
    @inlinable @inline(__always)
    func queue(_ cpu: Int, _ list: Int) -> UnsafeMutablePointer<FrameQueue> {
        assert(list < PerCPUPages.listCount)
        return UnsafeMutableRawPointer(perCPU.base + cpu).assumingMemoryBound(to: FrameQueue.self) + list
    }

    /// The zone's name within its machine.
    @inlinable
    public var reference: ZoneReference { ZoneReference(node: node, kind: kind) }

    /// A watermark without the boost.
    @inlinable
    public func watermark(_ level: WatermarkLevel) -> Int { marks[unchecked: Int(level.rawValue)] }

    /// A watermark with the boost, as it is tested.
    @inlinable
    public func effectiveWatermark(_ level: WatermarkLevel) -> Int { watermark(level) &+ boost }

    /// Held back from requests whose highest zone has the given index.
    @inlinable
    public func lowmemReserve(against highestZoneIndex: Int) -> Int { lowmemReserve[highestZoneIndex] }

    /// The free-page counter that watermarks are tested with: without the CPUs' shares.
    @inlinable
    public var freePagesCounter: Int { buddy.counters.free }
}
