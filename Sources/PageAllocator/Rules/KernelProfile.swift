import BuddyEngine
import GFP

/// All that differs between the page allocators of two kernels, as a value. The allocation code reads as one algorithm
/// that asks its profile; nowhere else are versions compared.
public struct KernelProfile: Hashable, Sendable {
    /// As "6.12".
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
    /// Rules by which watermarks are worked out.
    public var sizing: SizingRules
    /// How zonelists spread the load of nodes that are equally far.
    public var nodeLoading: NodeLoading
    /// Rules of reclaim.
    public var reclaim: ReclaimRules
    /// Rules of ranges that are given out past the free lists.
    public var ranges: RangeRules

    /// How per-CPU lists fill and empty.
    public struct PerCPURules: Hashable, Sendable {
        /// What refills bring and overflows give back.
        public enum Sizing: String, RuleChoice {
            /// One batch each (`__rmqueue_pcplist`, `free_unref_page_commit`, to 5.13).
            case oneBatch
            /// One batch a refill; what an overflow gives back doubles each time (`free_factor`; `nr_pcp_free`, 6.1).
            case fixedHigh
            /// A refill doubles each time (`alloc_factor`), `high` moves between two limits, and an overflow gives back
            /// as many as were freed in a row (`nr_pcp_alloc`, `nr_pcp_high`, `nr_pcp_free`, 6.12).
            case movingHigh
        }

        /// How many pages a CPU's lists may hold before some go back.
        public enum High: String, RuleChoice {
            /// Six batches, by the zone's size alone (`pageset_set_batch`, to 5.13).
            case sixBatches
            /// The zone's low watermark, shared by the node's CPUs (`zone_highsize`, 5.14).
            case lowWatermark
            /// From the low watermark up to an eighth of the zone, shared by the node's CPUs (the same, 6.7).
            case lowWatermarkToEighth
        }

        /// In which order pages go back to the free lists (`free_pcppages_bulk`).
        public enum GivingBack: String, RuleChoice {
            /// A page of each list in turn (to 5.17).
            case inTurns
            /// List after list, each until it is empty (5.18).
            case listAfterList
        }

        public var sizing: Sizing
        public var high: High
        /// Sizes count the pages of contiguous memory areas: they are worked out again once those have been handed over
        /// (`zone_pcp_update` in `setup_per_zone_wmarks`, 5.14). Before, lists keep their first size.
        public var countsContiguousAreas: Bool
        public var givingBack: GivingBack
        /// Orders up to this one, at most 3, have a list for each ordinary type (`pcp_allowed_order`): 0 to 5.13,
        /// PAGE_ALLOC_COSTLY_ORDER since 5.14.
        public var largestOrder: Order
        /// Huge pages have lists as well (`pcp_allowed_order`, 5.14).
        public var holdsHugePages: Bool
        /// A request whose list cannot be refilled goes on to the free lists, and may find highatomic pages there
        /// (`rmqueue`, 6.1). Otherwise it gets nothing from the zone (5.10).
        public var goesOnToFreeLists: Bool
        /// A page on a list goes back as the type it came with (`get_pcppage_migratetype`, 6.1), else as whatever type
        /// its pageblock has by then (`free_pcppages_bulk`, 6.12).
        public var pagesCarryType: Bool
        /// CONFIG_PCP_BATCH_SCALE_MAX: refills and overflows grow to at most the batch times 2 to this power.
        public var batchScaleMax: Int
        /// An empty list is refilled for high-order requests that cannot sleep as for others (`__rmqueue_pcplist`, 6.1 and
        /// 6.12). Otherwise these turn to the free lists and their reserve (7.2).
        public var refillsForHighAtomic = true
        /// Blocks of orders 1 to 3 freed in a row empty the lists only after half of the low limit more than a batch
        /// (`free_frozen_page_commit`, 7.2); otherwise after a batch (`free_unref_page_commit`, 6.12).
        public var keepsHalfOfHighMin = false
        /// An overflow is given back in portions of a batch, each beginning with the list freed to
        /// (`free_frozen_page_commit`, 7.2); otherwise all of it at once (`free_unref_page_commit`, 6.12).
        public var givesBackInPortions = false
    }

    /// How a zone is judged and what a walk leaves behind.
    public struct WalkRules: Hashable, Sendable {
        public enum HighAtomicDeduction: String, RuleChoice {
            /// All that is reserved, in use or not (`__zone_watermark_unusable_free`, 5.10 and 6.1).
            case reserved
            /// What of the reserved pageblocks is free (the same, 6.12).
            case free
        }

        public enum BoostExemption: String, RuleChoice {
            /// `__GFP_ATOMIC` (`zone_watermark_fast`, 5.10 and 6.1).
            case atomicFlag
            /// Any request that may use half of the minimum (the same, 6.12).
            case minReserve
        }

        /// Who may use what of the reserves.
        public var reserves: ReserveRules
        /// What is not usable by a request without claim on highatomic pages.
        public var highAtomicDeduction: HighAtomicDeduction
        /// Which order-0 requests are tried again at the unboosted min watermark.
        public var boostExemption: BoostExemption
        /// A look that finds a zone below its high watermark marks it, which holds down its per-CPU lists
        /// (`ZONE_BELOW_HIGH`; `get_page_from_freelist`, 6.12).
        public var marksZonesBelowHigh: Bool
        /// After a boost kswapd is woken only by a request that wakes it otherwise too (`rmqueue`, 6.12).
        public var boostWakeNeedsKswapdFlag: Bool
        /// Events of blocks taken off a free list name the type that was asked for, whatever list they came from
        /// (`mm_page_alloc_zone_locked` in `__rmqueue`, 5.10; in `__rmqueue_smallest`, 6.1).
        public var reportsTypeAskedFor: Bool
        /// With several nodes, zones of a node whose kswapd is awake are looked at only if no other has served
        /// (`get_page_from_freelist`, 7.2).
        public var passesOverAwakeNodes = false
        /// What a request does after its second walk.
        public var slowPath = SlowPath.walksOnceMore
        /// A high-order request that cannot sleep reserves the pageblock also of a block off a per-CPU list
        /// (`get_page_from_freelist`, 6.1 and 6.12); otherwise only of one off the free lists (`rmqueue_buddy`, 7.2).
        public var reservesPerCPUBlocks = true
        /// A request reserves a pageblock only in a walk that keeps the min watermark (`rmqueue_buddy`, 7.3).
        public var reservesOnlyAtMinMark = false
        /// High-order requests that cannot sleep may use the highatomic pageblocks in their first walk already
        /// (`alloc_flags_nonblocking` in `__alloc_frozen_pages_noprof`, 7.3).
        public var highAtomicInFirstWalk = false
        /// What fragmentation raises the watermarks by each time, in pageblocks (`boost_watermark`: 1).
        public var boostStep = 1
        /// What the limit of a boost is of the one that `vm.watermark_boost_factor` sets, in hundredths
        /// (`boost_watermark`: 100).
        public var boostCap = 100
        /// `vm.defrag_mode` is there to be set (`alloc_flags_nofragment`, `gfp_to_alloc_flags`, 7.2).
        public var hasDefragMode = false
        /// With it, a request that wakes kswapd but cannot reclaim may break up another type's pageblock after all before
        /// it is refused (`__alloc_pages_slowpath`, 7.2). The first kernels with `vm.defrag_mode` refused it, and SLUB's
        /// requests with it.
        public var rescuesInDefragMode = true

        /// The end of the slow path for a request that has not been served (`__alloc_pages_slowpath`).
        public enum SlowPath: String, RuleChoice {
            /// kswapd is called and the zones are walked a third time, by everyone, before reclaim or refusal (6.1, 6.12).
            case walksOnceMore
            /// Only a request that may now ignore its mask or the watermarks calls and walks once more; the others
            /// reclaim, or are refused (7.2).
            case walksOnceMoreWithNewRights
        }
    }

    /// What being the first of its distance on a zonelist adds to a node's load (`build_zonelists`).
    public enum NodeLoading: String, RuleChoice {
        /// Its load is set to the number of nodes less its place on the list, and distance counts as many times more
        /// (to 5.15).
        case placesLeft
        /// As many are added to it as there are places left (5.16 to 5.18).
        case placesLeftAdded
        /// One more each time (5.19).
        case timesChosen
    }

    /// How zone sizes become watermarks (`__setup_per_zone_wmarks`).
    public struct SizingRules: Hashable, Sendable {
        /// What the distance between watermarks goes by.
        public enum WatermarkSteps: String, RuleChoice {
            /// A quarter and half of the zone's share of `min_free_kbytes` (to 4.5).
            case partsOfShare
            /// A quarter of the share, or `watermark_scale_factor`'s part of the zone if that is more, and twice that (4.6).
            case scaleFactor
        }

        /// Movable zones take no share of `min_free_kbytes` and get a small minimum, like HighMem (6.12).
        public var movableIsLikeHighMem: Bool
        /// How far low and high lie above min.
        public var watermarkSteps = WatermarkSteps.scaleFactor
        /// There is a fourth watermark, above high, for promotion from slower memory (WMARK_PROMO, 5.18).
        public var hasPromoMark: Bool
    }

    /// How memory is reclaimed.
    public struct ReclaimRules: Hashable, Sendable {
        /// A direct reclaim that freed nothing is done, and counted, a second time over all control groups
        /// (`memcg_full_walk` in `do_try_to_free_pages`, 6.12).
        public var repeatsFruitlessReclaim: Bool
        /// Pages are kept by generation (MGLRU, CONFIG_LRU_GEN_ENABLED, which Debian's 6.12 has and 6.1 has not): at
        /// least 64 are looked at each time (`MIN_LRU_BATCH`), and no more is freed for the sake of compaction
        /// (`shrink_node`, `evict_folios`).
        public var keepsGenerations: Bool
        /// Compaction, and the question whether reclaim could still help, keep to the task's cpuset
        /// (`try_to_compact_pages`, `should_reclaim_retry`, 6.12).
        public var keepsToCpuset: Bool
        /// Direct compaction that was skipped counts as a stall all the same, and is followed by a look at the free lists
        /// (`__alloc_pages_direct_compact`, 5.10).
        public var looksAfterSkippedCompaction: Bool
        /// Highatomic pageblocks are given up whenever reclaim seems to be of no use, not only after 16 rounds that freed
        /// nothing (`should_reclaim_retry`, 6.1).
        public var soonGivesUpHighAtomic: Bool
        /// While kswapd is at work in a zone, its per-CPU lists stay short (ZONE_RECLAIM_ACTIVE, 5.14).
        public var shortensPerCPULists: Bool
        /// A zone found above its high watermark again lets the kswapd of its node hope again, if there is a node to fall
        /// back on (`free_frozen_page_commit`, `kswapd_clear_hopeless`, 7.2).
        public var freesRenewHope = false
        /// Rounds in a row that free nothing after which kswapd gives a node up (`MAX_RECLAIM_RETRIES`: 16).
        public var hopelessAfter = 16
        /// After the reclaim of `vm.zone_reclaim_mode` a zone is looked at again even if nothing was freed
        /// (`get_page_from_freelist`, to 7.2).
        public var looksAgainAfterFruitlessNodeReclaim = true
        /// Where compaction looks for free pages when the lists have none that is high enough.
        public var freeSearch = FreeSearch.upperHalf
        /// Emptying all per-CPU lists after a direct reclaim is left to a worker, for which the task waits: whoever else wants
        /// the CPU gets it meanwhile (`drain_all_pages`, to 5.19).
        public var drainsByWorker = false
        /// The order of the folios in which a block device's page cache is read ahead and reclaimed. Since large folios are
        /// supported there it is that of the readahead, 128 KiB (`page_cache_ra_order`, 6.15).
        public var cacheFolioOrder: Order = 0
        /// Who has the CPU, where kswapd and a task share one.
        public var scheduler: Scheduler
        /// Where a task in the kernel gives the CPU up.
        public var preemption = Preemption.voluntary
    }

    /// Where a task in the kernel gives up the CPU once it has been told to (kernel/Kconfig.preempt). A kernel is built with one
    /// of these, or chooses at boot (CONFIG_PREEMPT_DYNAMIC); a profile has that of the kernel it was verified against.
    public enum Preemption: String, RuleChoice {
        /// Only where reclaim and compaction offer it (`cond_resched`): CONFIG_PREEMPT_NONE, the default to 6.12.
        case none
        /// There, and where a request begins that may sleep (`might_sleep`): CONFIG_PREEMPT_VOLUNTARY, as Debian has it.
        case voluntary
        /// Anywhere, but only at the tick after the one that told it (CONFIG_PREEMPT_LAZY, `sched_tick`): all that 7.x has on
        /// most architectures, but for full preemption.
        case lazy
    }

    /// Where compaction begins to look for free pages, should the Movable lists have none in the upper half of what lies
    /// between its scanners (`fast_isolate_freepages`, mm/compaction.c).
    public enum FreeSearch: String, RuleChoice {
        /// At the highest that there is (5.10).
        case anyHighest
        /// In the middle, where the pageblock is searched whatever its type (6.1).
        case upperHalf
        /// In the middle, where the pageblock is searched if pages may be moved into it (6.12).
        case checksTargets
    }

    /// What decides whether a task is to give up the CPU (kernel/sched/fair.c).
    public enum Scheduler: String, RuleChoice {
        /// CFS: who wakes having run less goes first at once; else a task has its slice (6.1).
        case completelyFair
        /// EEVDF: who wakes having run no more goes first at once; else a task has its slice, which ends at a tick (6.12).
        case earliestDeadline

        /// What a task may run for if another wants to, with one CPU; in microseconds. Half of `sysctl_sched_latency`,
        /// and `sysctl_sched_base_slice`.
        var slice: Int { self == .completelyFair ? 3_000 : 700 }

        /// By how much less who wakes must have run to go first, with one CPU (`sysctl_sched_wakeup_granularity`).
        var wakeupGranularity: Int { self == .completelyFair ? 1_000 : 0 }
    }

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
            drainsByWorker: true, scheduler: .completelyFair, preemption: .none),
        ranges: RangeRules(passesOverPagesInUse: true, isolatesLargestBlocks: true))

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
            soonGivesUpHighAtomic: true, shortensPerCPULists: true,
            scheduler: .completelyFair))

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

    /// Every profile there is, oldest first.
    public static let all = [v5_10, v6_1, v6_12, v7_2, v7_3]

    /// The newest kernel's.
    public static var newest: KernelProfile { v7_3 }

    /// The profile nearest to a kernel: its own, else the newest that is not newer, else the oldest; with what is known to be
    /// otherwise in a kernel that has none.
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
