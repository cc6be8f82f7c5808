import BuddyEngine
import GFP

/// Everything in which the page allocators of two kernels differ, as a value. The allocation code reads as one
/// algorithm that consults its profile; versions are compared nowhere else.
public struct KernelProfile: Hashable, Sendable {
    /// Such as "6.12".
    public var name: String
    /// The kernel that this profile was verified against, page frame for page frame.
    public var verifiedAgainst: String
    /// The version that selects the GFP bit layout and the composite masks.
    public var version: KernelVersion
    /// Rules of the free lists.
    public var buddy: BuddyRules
    /// Rules of the per-CPU lists.
    public var perCPU: PerCPURules
    /// Rules of the watermark test and the walk.
    public var walk: WalkRules
    /// Rules on computing watermarks.
    public var sizing: SizingRules
    /// How zonelists spread load over nodes at equal distance.
    public var nodeLoading: NodeLoading
    /// Rules of reclaim.
    public var reclaim: ReclaimRules
    /// Rules on ranges that are taken past the free lists.
    public var ranges: RangeRules

    /// How per-CPU lists are filled and drained.
    public struct PerCPURules: Hashable, Sendable {
        /// How many pages a refill brings and an overflow returns.
        public enum Sizing: String, RuleChoice {
            /// One batch each (`__rmqueue_pcplist`, `free_unref_page_commit`, to 5.13).
            case oneBatch
            /// One batch for a refill; what an overflow returns doubles each time (`free_factor`; `nr_pcp_free`, 6.1).
            case fixedHigh
            /// A refill doubles each time (`alloc_factor`), `high` moves between two limits, and an overflow returns as
            /// many pages as were freed in a row (`nr_pcp_alloc`, `nr_pcp_high`, `nr_pcp_free`, 6.12).
            case movingHigh
        }

        /// How many pages a CPU's lists may hold before some are returned.
        public enum High: String, RuleChoice {
            /// Six batches, by the zone's size alone (`pageset_set_batch`, to 5.13).
            case sixBatches
            /// The zone's low watermark, shared by the node's CPUs (`zone_highsize`, 5.14).
            case lowWatermark
            /// From the low watermark up to an eighth of the zone, shared by the node's CPUs (the same, 6.7).
            case lowWatermarkToEighth
        }

        /// The order in which pages are returned to the free lists (`free_pcppages_bulk`).
        public enum GivingBack: String, RuleChoice {
            /// A page of each list in turn (to 5.17).
            case inTurns
            /// One list after another, each until it is empty (5.18).
            case listAfterList
        }

        /// How many pages a refill brings and an overflow returns.
        public var sizing: Sizing
        /// How many pages a CPU's lists may hold.
        public var high: High
        /// The pages of contiguous memory areas count for the sizes, which are computed again once those have been
        /// handed over (`zone_pcp_update` in `setup_per_zone_wmarks`, 5.14). Before, lists keep their first sizes.
        public var countsContiguousAreas: Bool
        /// The order in which pages are returned.
        public var givingBack: GivingBack
        /// Orders up to this one, at most 3, have a list for each ordinary type (`pcp_allowed_order`): 0 up to 5.13,
        /// PAGE_ALLOC_COSTLY_ORDER from 5.14.
        public var largestOrder: Order
        /// Huge pages have lists, too (`pcp_allowed_order`, 5.14).
        public var holdsHugePages: Bool
        /// A request whose list cannot be refilled continues with the free lists, and may find highatomic pages there
        /// (`rmqueue`, 6.1). Otherwise it gets nothing from the zone (5.10).
        public var goesOnToFreeLists: Bool
        /// A page on a list is returned as the type that it was allocated as (`get_pcppage_migratetype`, 6.1),
        /// otherwise as the type of its pageblock at that time (`free_pcppages_bulk`, 6.12).
        public var pagesCarryType: Bool
        /// CONFIG_PCP_BATCH_SCALE_MAX: refills and overflows grow to at most the batch times 2 to this power.
        public var batchScaleMax: Int
        /// The largest batch is a quarter of as many KiB (`zone_batchsize`): 1024, and 512 up to 4.18.
        public var batchKibibytes = 1024
        /// An empty list is refilled for all requests, including high-order ones that cannot sleep
        /// (`__rmqueue_pcplist`, 6.1 and 6.12). Otherwise those use the free lists and their reserve (7.2).
        public var refillsForHighAtomic = true
        /// Blocks of orders 1 to 3 freed in a row empty the lists only after half of the low limit more than a batch
        /// (`free_frozen_page_commit`, 7.2); otherwise after a batch (`free_unref_page_commit`, 6.12).
        public var keepsHalfOfHighMin = false
        /// An overflow is returned in portions of a batch, each beginning with the list freed to
        /// (`free_frozen_page_commit`, 7.2); otherwise all at once (`free_unref_page_commit`, 6.12).
        public var givesBackInPortions = false
    }

    /// How a zone is tested, and what a walk changes.
    public struct WalkRules: Hashable, Sendable {
        /// Which highatomic pages do not count as free.
        public enum HighAtomicDeduction: String, RuleChoice {
            /// All reserved pages, in use or not (`__zone_watermark_unusable_free`, 5.10 and 6.1).
            case reserved
            /// The free pages in reserved pageblocks (the same, 6.12).
            case free
        }

        /// Which requests are exempt from watermark boosts.
        public enum BoostExemption: String, RuleChoice {
            /// `__GFP_ATOMIC` (`zone_watermark_fast`, 5.10 and 6.1).
            case atomicFlag
            /// Any request that may use half of the min watermark (the same, 6.12).
            case minReserve
        }

        /// Which requests may use how much of the reserves.
        public var reserves: ReserveRules
        /// Which pages a request without a claim on highatomic pages may not count as free.
        public var highAtomicDeduction: HighAtomicDeduction
        /// Which order-0 requests are tried again with the unboosted min watermark.
        public var boostExemption: BoostExemption
        /// A test that finds a zone below its high watermark marks it, which keeps its per-CPU lists short
        /// (`ZONE_BELOW_HIGH`; `get_page_from_freelist`, 6.12).
        public var marksZonesBelowHigh: Bool
        /// After a boost, kswapd is woken only by a request that may wake it anyway (`rmqueue`, 6.12).
        public var boostWakeNeedsKswapdFlag: Bool
        /// Events of blocks taken off a free list name the type requested, whatever list they came from
        /// (`mm_page_alloc_zone_locked` in `__rmqueue`, 5.10; in `__rmqueue_smallest`, 6.1).
        public var reportsTypeAskedFor: Bool
        /// With several nodes, zones of a node whose kswapd is awake are tried only if no other zone has served the
        /// request (`get_page_from_freelist`, 7.2).
        public var passesOverAwakeNodes = false
        /// What a request does after its second walk.
        public var slowPath = SlowPath.walksOnceMore
        /// A high-order request that cannot sleep also reserves the pageblock of a block from a per-CPU list
        /// (`get_page_from_freelist`, 6.1 and 6.12); otherwise only of one from the free lists (`rmqueue_buddy`, 7.2).
        public var reservesPerCPUBlocks = true
        /// A request reserves a pageblock only in a walk that keeps the min watermark (`rmqueue_buddy`, 7.3).
        public var reservesOnlyAtMinMark = false
        /// High-order requests that cannot sleep may use highatomic pageblocks in their first walk
        /// (`alloc_flags_nonblocking` in `__alloc_frozen_pages_noprof`, 7.3).
        public var highAtomicInFirstWalk = false
        /// By how much fragmentation raises the watermarks each time, in pageblocks (`boost_watermark`: 1).
        public var boostStep = 1
        /// The limit of a boost, as a percentage of what `vm.watermark_boost_factor` sets (`boost_watermark`: 100).
        public var boostCap = 100
        /// `vm.defrag_mode` exists (`alloc_flags_nofragment`, `gfp_to_alloc_flags`, 7.2).
        public var hasDefragMode = false
        /// In that mode, a request that wakes kswapd but cannot reclaim may still take from another type's pageblock
        /// before it is refused (`__alloc_pages_slowpath`, 7.2). The first kernels with `vm.defrag_mode` refused it,
        /// including SLUB's requests.
        public var rescuesInDefragMode = true

        /// The end of the slow path for a request that has not been served (`__alloc_pages_slowpath`).
        public enum SlowPath: String, RuleChoice {
            /// kswapd is woken and the zones are walked a third time, by all requests, before reclaim or refusal (6.1,
            /// 6.12).
            case walksOnceMore
            /// Only a request that may now ignore its node mask or the watermarks wakes kswapd and walks again; others
            /// reclaim, or are refused (7.2).
            case walksOnceMoreWithNewRights
        }
    }

    /// How much being the first of its distance on a zonelist adds to a node's load (`build_zonelists`).
    public enum NodeLoading: String, RuleChoice {
        /// The load is set to the number of nodes less its place on the list; distance outweighs it (to 5.15).
        case placesLeft
        /// As many are added to it as there are places left (5.16 to 5.18).
        case placesLeftAdded
        /// One more each time (5.19).
        case timesChosen
    }

    /// How zone sizes become watermarks (`__setup_per_zone_wmarks`).
    public struct SizingRules: Hashable, Sendable {
        /// What the distance between watermarks depends on.
        public enum WatermarkSteps: String, RuleChoice {
            /// A quarter and a half of the zone's share of `min_free_kbytes` (to 4.5).
            case partsOfShare
            /// A quarter of the share, or `watermark_scale_factor`'s part of the zone if that is more; and twice that
            /// (4.6).
            case scaleFactor
        }

        /// Movable zones have no share of `min_free_kbytes` and a small min watermark, like HighMem (6.12).
        public var movableIsLikeHighMem: Bool
        /// How far low and high are above min.
        public var watermarkSteps = WatermarkSteps.scaleFactor
        /// There is a fourth watermark, above high, for promotion from slower memory (WMARK_PROMO, 5.18).
        public var hasPromoMark: Bool
    }

    /// How memory is reclaimed.
    public struct ReclaimRules: Hashable, Sendable {
        /// A direct reclaim that freed nothing is repeated, and counted, for all control groups (`memcg_full_walk` in
        /// `do_try_to_free_pages`, 6.12).
        public var repeatsFruitlessReclaim: Bool
        /// Pages are kept by generation (MGLRU, CONFIG_LRU_GEN_ENABLED, which Debian sets for 6.12 but not for 6.1): at
        /// least 64 are scanned each time (`MIN_LRU_BATCH`), and no more are freed for the sake of compaction
        /// (`shrink_node`, `evict_folios`).
        public var keepsGenerations: Bool
        /// Compaction, and the test whether reclaim could still help, stay within the task's cpuset
        /// (`try_to_compact_pages`, `should_reclaim_retry`, 6.12).
        public var keepsToCpuset: Bool
        /// Direct compaction that was skipped still counts as a stall, and is followed by another walk
        /// (`__alloc_pages_direct_compact`, 5.10).
        public var looksAfterSkippedCompaction: Bool
        /// Highatomic pageblocks are given up whenever reclaim seems useless, not only after 16 rounds that freed
        /// nothing (`should_reclaim_retry`, 6.1).
        public var soonGivesUpHighAtomic: Bool
        /// While kswapd reclaims from a zone, the zone's per-CPU lists are kept short (ZONE_RECLAIM_ACTIVE, 5.14).
        public var shortensPerCPULists: Bool
        /// When frees bring a zone above its high watermark, its node's kswapd tries again, if there is a node to fall
        /// back to (`free_frozen_page_commit`, `kswapd_clear_hopeless`, 7.2).
        public var freesRenewHope = false
        /// After how many runs in a row that freed nothing kswapd gives up on a node (`MAX_RECLAIM_RETRIES`: 16).
        public var hopelessAfter = 16
        /// After the reclaim of `vm.zone_reclaim_mode`, a zone is tested again even if nothing was freed
        /// (`get_page_from_freelist`, to 7.2).
        public var looksAgainAfterFruitlessNodeReclaim = true
        /// Where compaction looks for free pages if the free lists have none high enough.
        public var freeSearch = FreeSearch.upperHalf
        /// A worker drains all per-CPU lists after a direct reclaim, and the task waits for it: meanwhile others can
        /// have the CPU (`drain_all_pages`, to 5.19).
        public var drainsByWorker = false
        /// How long kcompactd leaves a node alone after it compacted it ahead of need without success.
        public var proactiveDeferral = ProactiveDeferral.waitsLonger
        /// What kcompactd scans ahead of need is counted as the daemon's, like what it scans when called
        /// (`compact_node`, 6.12).
        public var countsProactiveScans = true
        /// All pages of a free block that compaction passes count as scanned, not just one
        /// (`isolate_migratepages_block`, 6.12).
        public var countsWholeFreeBlocks = true
        /// The order of the folios in which a block device's page cache is read ahead and reclaimed. With large folios
        /// it is that of the readahead, 128 KiB (`page_cache_ra_order`, 6.15).
        public var cacheFolioOrder: Order = 0
        /// Which scheduler decides where kswapd and a task share a CPU.
        public var scheduler: Scheduler
        /// Where a task in the kernel yields the CPU.
        public var preemption = Preemption.voluntary
    }

    /// Where a task in the kernel yields the CPU once it has been told to (kernel/Kconfig.preempt). A kernel is built
    /// with one of these, or chooses at boot (CONFIG_PREEMPT_DYNAMIC); a profile has that of the kernel it was verified
    /// against.
    public enum Preemption: String, RuleChoice {
        /// Only where reclaim and compaction call `cond_resched`: CONFIG_PREEMPT_NONE, the default up to 6.12.
        case none
        /// Also where a request that may sleep begins (`might_sleep`): CONFIG_PREEMPT_VOLUNTARY, as in Debian's
        /// kernels.
        case voluntary
        /// Anywhere, but only at the tick after the one that told it (CONFIG_PREEMPT_LAZY, `sched_tick`): on most
        /// architectures the only choice of 7.x besides full preemption.
        case lazy
    }

    /// What kcompactd does after it compacted a node with fragmented free memory and could not improve it
    /// (`kcompactd`, mm/compaction.c).
    public enum ProactiveDeferral: String, RuleChoice {
        /// It ignores its next 64 checks that call for compaction (`proactive_defer`), even if it is called in the
        /// meantime. A zone is done according to its share of the node's score (5.10).
        case passesOverChecks
        /// Its next check comes after 64 times as long, unless it is called for something else first. A zone is done
        /// according to its own score (5.15).
        case waitsLonger
    }

    /// Where compaction begins to look for free pages if the Movable lists have none in the upper half of the memory
    /// between its scanners (`fast_isolate_freepages`, mm/compaction.c).
    public enum FreeSearch: String, RuleChoice {
        /// At the highest page found (5.10).
        case anyHighest
        /// In the middle; the pageblock there is searched whatever its type (6.1).
        case upperHalf
        /// In the middle; the pageblock there is searched only if pages may be moved into it (6.12).
        case checksTargets
    }

    /// What decides whether a task must yield the CPU (kernel/sched/fair.c).
    public enum Scheduler: String, RuleChoice {
        /// CFS: a task that wakes having run less goes first at once; otherwise the current task keeps its slice (6.1).
        case completelyFair
        /// EEVDF: a task that wakes having run no more goes first at once; otherwise the current task keeps its slice,
        /// which ends at a tick (6.12).
        case earliestDeadline

        /// How long a task may run while another wants to, with one CPU, in microseconds: half of
        /// `sysctl_sched_latency`, or `sysctl_sched_base_slice`.
        var slice: Int { self == .completelyFair ? 3_000 : 700 }

        /// How much less a waking task must have run to go first, with one CPU, in microseconds
        /// (`sysctl_sched_wakeup_granularity`).
        var wakeupGranularity: Int { self == .completelyFair ? 1_000 : 0 }
    }

    /// Linux 5.10.
    public static let v5_10 = KernelProfile(
        name: "5.10", verifiedAgainst: "5.10.262 (Debian 11)", version: KernelVersion(5, 10), buddy: .v5_10,
        perCPU: PerCPURules(
            sizing: .oneBatch, high: .sixBatches, countsContiguousAreas: false, givingBack: .inTurns, largestOrder: 0,
            holdsHugePages: false,
            goesOnToFreeLists: false, pagesCarryType: true, batchScaleMax: 0),
        walk: WalkRules(
            reserves: .v5_10, highAtomicDeduction: .reserved, boostExemption: .atomicFlag, marksZonesBelowHigh: false,
            boostWakeNeedsKswapdFlag: false, reportsTypeAskedFor: true),
        sizing: SizingRules(movableIsLikeHighMem: false, hasPromoMark: false), nodeLoading: .placesLeft,
        reclaim: ReclaimRules(
            repeatsFruitlessReclaim: false, keepsGenerations: false, keepsToCpuset: false,
            looksAfterSkippedCompaction: true,
            soonGivesUpHighAtomic: false, shortensPerCPULists: false, freeSearch: .anyHighest,
            drainsByWorker: true, proactiveDeferral: .passesOverChecks, countsProactiveScans: false,
            countsWholeFreeBlocks: false, scheduler: .completelyFair, preemption: .none),
        ranges: RangeRules(passesOverPagesInUse: true, isolatesLargestBlocks: true))

    /// Linux 6.1, as Debian 12 has it.
    public static let v6_1 = KernelProfile(
        name: "6.1", verifiedAgainst: "6.1.192 (Debian 12)", version: KernelVersion(6, 1), buddy: .v6_1,
        perCPU: PerCPURules(
            sizing: .fixedHigh, high: .lowWatermark, countsContiguousAreas: true, givingBack: .listAfterList,
            largestOrder: 3, holdsHugePages: true,
            goesOnToFreeLists: true, pagesCarryType: true, batchScaleMax: 5),
        walk: WalkRules(
            reserves: .v6_12, highAtomicDeduction: .reserved, boostExemption: .atomicFlag, marksZonesBelowHigh: false,
            boostWakeNeedsKswapdFlag: false, reportsTypeAskedFor: false),
        sizing: SizingRules(movableIsLikeHighMem: false, hasPromoMark: true), nodeLoading: .timesChosen,
        reclaim: ReclaimRules(
            repeatsFruitlessReclaim: false, keepsGenerations: false, keepsToCpuset: false,
            looksAfterSkippedCompaction: false,
            soonGivesUpHighAtomic: true, shortensPerCPULists: true, countsProactiveScans: false,
            countsWholeFreeBlocks: false, scheduler: .completelyFair))

    /// Linux 6.12, as Debian has it.
    public static let v6_12 = KernelProfile(
        name: "6.12", verifiedAgainst: "6.12.95 (Debian 12 backports)", version: KernelVersion(6, 12), buddy: .v6_12,
        perCPU: PerCPURules(
            sizing: .movingHigh, high: .lowWatermarkToEighth, countsContiguousAreas: true, givingBack: .listAfterList,
            largestOrder: 3,
            holdsHugePages: true, goesOnToFreeLists: true, pagesCarryType: false, batchScaleMax: 5),
        walk: WalkRules(
            reserves: .v6_12, highAtomicDeduction: .free, boostExemption: .minReserve, marksZonesBelowHigh: true,
            boostWakeNeedsKswapdFlag: true, reportsTypeAskedFor: false),
        sizing: SizingRules(movableIsLikeHighMem: true, hasPromoMark: true), nodeLoading: .timesChosen,
        reclaim: ReclaimRules(
            repeatsFruitlessReclaim: true, keepsGenerations: true, keepsToCpuset: true,
            looksAfterSkippedCompaction: false,
            soonGivesUpHighAtomic: true, shortensPerCPULists: true, freeSearch: .checksTargets,
            scheduler: .earliestDeadline))

    /// Every profile, oldest first.
    public static let all = [v5_10, v6_1, v6_12, v7_2, v7_3]

    /// The profile of the newest kernel.
    public static var newest: KernelProfile { v7_3 }

    /// The profile nearest to a kernel: its own, else the newest that is not newer, else the oldest, adapted where a
    /// kernel without a profile is known to differ.
    public init(nearest version: KernelVersion) {
        self = Self.all.last { $0.version <= version } ?? Self.all[0]
        adapt(to: version)
    }

    private init(
        name: String, verifiedAgainst: String, version: KernelVersion, buddy: BuddyRules, perCPU: PerCPURules,
        walk: WalkRules,
        sizing: SizingRules, nodeLoading: NodeLoading, reclaim: ReclaimRules, ranges: RangeRules = RangeRules()
    ) {
        self.name = name
        self.verifiedAgainst = verifiedAgainst
        self.version = version
        self.buddy = buddy
        self.perCPU = perCPU
        self.walk = walk
        self.sizing = sizing
        self.nodeLoading = nodeLoading
        self.reclaim = reclaim
        self.ranges = ranges
    }
}
