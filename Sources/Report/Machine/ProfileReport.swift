import BuddyEngine
import GFP
import PageAllocator
import SourceText

/// All that differs between the kernels that numazones knows, rule by rule.
public struct ProfileReport: Hashable, Sendable {
    public var profiles: [KernelProfile]
    public var rules: [Rule]

    public struct Rule: Hashable, Sendable {
        public var title: String
        /// The kernel's functions that have the rule.
        public var functions: String
        /// By profile.
        public var texts: [String]
    }

    /// Rules that are the same in all profiles are left out.
    public init(_ profiles: [KernelProfile] = KernelProfile.all) {
        self.profiles = profiles
        rules = Self.all.map { rule in
            Rule(title: rule.title, functions: rule.functions, texts: profiles.map(rule.text))
        }.filter { Set($0.texts).count > 1 }
    }

    public func text(_ style: TextStyle = .plain) -> String {
        var text = ""
        for profile in profiles {
            text += style.apply(.heading, "Profile \(profile.name)") + "  held to \(profile.heldTo)\n"
        }
        let width = profiles.map(\.name.count).max() ?? 0
        for rule in rules {
            text += "\n" + style.apply(.heading, rule.title) + style.apply(.quiet, "  (\(rule.functions))") + "\n"
            for (profile, sentence) in zip(profiles, rule.texts) {
                let name = profile.name + String(repeating: "\u{A0}", count: width - profile.name.count + 2)
                text += style.wrap(name + sentence, indent: 2, hanging: width + 2)
            }
        }
        return String(text.map { $0 == "\u{A0}" ? " " : $0 })
    }

    public var json: JSONValue {
        [
            "profiles": .init(
                profiles.map { ["name": .init($0.name), "heldTo": .init($0.heldTo)] }),
            "rules": .init(
                rules.map { rule in
                    var texts = JSONObject()
                    for (profile, text) in zip(profiles, rule.texts) { texts[profile.name] = .init(text) }
                    return ["rule": .init(rule.title), "functions": .init(rule.functions), "profiles": .init(texts)]
                }),
        ]
    }
}

extension ProfileReport {
    private struct Definition {
        var title: String
        var functions: String
        var text: @Sendable (KernelProfile) -> String
    }

    private static let all: [Definition] = walkRules + buddyRules + perCPURules

    private static func names(_ flags: AllocFlags, _ profile: KernelProfile) -> String {
        flags.names(under: profile.walk.reserves).joined(separator: ", ")
    }

    private static let walkRules = [
        Definition(title: "Highatomic pages that others may not count", functions: "__zone_watermark_unusable_free") {
            switch $0.walk.highAtomicDeduction {
            case .reserved: "all that are reserved, in use or not (nr_reserved_highatomic)"
            case .free: "those that are free in reserved pageblocks (nr_free_highatomic)"
            }
        },
        Definition(title: "A request that may go below the min watermark", functions: "gfp_to_alloc_flags") {
            switch $0.walk.reserves.urgency {
            case .atomicFlag:
                "has __GFP_HIGH, or __GFP_ATOMIC, or comes from a real-time task (ALLOC_HIGH, ALLOC_HARDER)"
            case .cannotSleep:
                "has __GFP_HIGH or comes from a real-time task; further if it cannot sleep (ALLOC_MIN_RESERVE, "
                    + "ALLOC_NON_BLOCK)"
            }
        },
        Definition(title: "How far below it", functions: "__zone_watermark_ok") {
            switch $0.walk.reserves.depth {
            case .eachByItself: "half for __GFP_HIGH, a quarter of the rest for an urgent request, each by itself"
            case .quarterAfterHalf: "half for __GFP_HIGH, and only then a quarter of the rest if it cannot sleep"
            }
        },
        Definition(title: "Who may count highatomic pages as free", functions: "__zone_watermark_unusable_free") {
            "requests with any of \(names($0.walk.reserves.countsHighAtomic, $0))"
        },
        Definition(title: "For whom a highatomic block is one of its order", functions: "__zone_watermark_ok") {
            "requests with any of \(names($0.walk.reserves.seesHighAtomicBlocks, $0))"
        },
        Definition(
            title: "Who takes highatomic blocks first and has pageblocks reserved, above order 0",
            functions: "rmqueue, rmqueue_buddy, get_page_from_freelist"
        ) { "requests with \(names($0.walk.reserves.takesHighAtomicFirst, $0))" },
        Definition(title: "Who takes highatomic blocks last", functions: "rmqueue_buddy") {
            $0.walk.reserves.takesHighAtomicLast.isEmpty
                ? "nobody" : "requests with any of \(names($0.walk.reserves.takesHighAtomicLast, $0))"
        },
        Definition(title: "A request that may use all reserves", functions: "__alloc_pages_slowpath") {
            $0.walk.reserves.emergencyKeepsKswapd
                ? "still wakes kswapd after a boost" : "no longer wakes kswapd after a boost"
        },
        Definition(title: "Who may ignore a boost of the min watermark, at order 0", functions: "zone_watermark_fast") {
            switch $0.walk.boostExemption {
            case .atomicFlag: "requests with __GFP_ATOMIC"
            case .minReserve: "requests that may use the min reserve (__GFP_HIGH)"
            }
        },
        Definition(title: "A zone found below its high watermark", functions: "get_page_from_freelist") {
            $0.walk.marksZonesBelowHigh
                ? "is marked (ZONE_BELOW_HIGH), which keeps its per-CPU lists short" : "leaves no mark"
        },
        Definition(title: "Waking kswapd after a boost", functions: "rmqueue") {
            $0.walk.boostWakeNeedsKswapdFlag
                ? "only by requests with __GFP_KSWAPD_RECLAIM" : "by any request served from a boosted zone"
        },
        Definition(title: "A node whose kswapd is awake", functions: "get_page_from_freelist") {
            $0.walk.passesOverAwakeNodes
                ? "is passed over, on a machine with several, until no other node has served" : "is like any other"
        },
        Definition(title: "After the second walk", functions: "__alloc_pages_slowpath") {
            switch $0.walk.slowPath {
            case .walksOnceMore: "every request calls kswapd and walks a third time before it reclaims or is refused"
            case .walksOnceMoreWithNewRights:
                "only a request that may now ignore its node mask or the watermarks calls kswapd and walks once more"
            }
        },
        Definition(
            title: "Reserving a pageblock for high orders that cannot sleep",
            functions: "get_page_from_freelist, rmqueue_buddy"
        ) {
            $0.walk.reservesPerCPUBlocks
                ? "the pageblock of whatever block such a request gets"
                : "only that of a block off the free lists, not of one off a per-CPU list"
        },
        Definition(title: "When such a pageblock is reserved", functions: "rmqueue_buddy") {
            $0.walk.reservesOnlyAtMinMark ? "only in a walk that keeps the min watermark" : "in every walk that may"
        },
        Definition(
            title: "The first walk of a high-order request that cannot sleep",
            functions: "alloc_flags_nonblocking, __alloc_frozen_pages_noprof"
        ) {
            $0.walk.highAtomicInFirstWalk
                ? "may use the highatomic pageblocks already (ALLOC_HIGHATOMIC)"
                : "leaves the highatomic pageblocks alone"
        },
        Definition(
            title: "After the reclaim of vm.zone_reclaim_mode", functions: "get_page_from_freelist, node_reclaim"
        ) {
            $0.reclaim.looksAgainAfterFruitlessNodeReclaim
                ? "the zone is looked at again, whatever was freed"
                : "the zone is looked at again if anything was freed"
        },
        Definition(title: "vm.defrag_mode", functions: "alloc_flags_nofragment, gfp_to_alloc_flags") {
            $0.walk.hasDefragMode
                ? "can be set: no request breaks up another type's pageblock before it is about to be refused"
                : "does not exist"
        },
        Definition(
            title: "Frees that bring a zone above its high watermark again",
            functions: "free_frozen_page_commit, kswapd_clear_hopeless"
        ) {
            $0.reclaim.freesRenewHope
                ? "let a kswapd that had given up try again, where there is a node to fall back on"
                : "do not concern a kswapd that had given up"
        },
        Definition(title: "Watermarks of a Movable zone", functions: "__setup_per_zone_wmarks") {
            $0.sizing.movableIsLikeHighMem
                ? "a small minimum, like HighMem; no share of min_free_kbytes" : "a share of min_free_kbytes by size"
        },
        Definition(title: "Nodes equally far in a zonelist", functions: "build_zonelists, find_next_best_node") {
            switch $0.nodeLoading {
            case .placesLeft:
                "load is set to the number of places left on the list, and distance weighs as many times more"
            case .timesChosen: "load is how often a node was the first of its distance"
            }
        },
        Definition(title: "Per-CPU lists of a zone that kswapd is at work in", functions: "balance_pgdat, nr_pcp_high")
        {
            $0.reclaim.shortensPerCPULists ? "are kept short (ZONE_RECLAIM_ACTIVE)" : "stay as they are"
        },
        Definition(title: "Watermarks", functions: "__setup_per_zone_wmarks") {
            $0.sizing.hasPromoMark ? "min, low, high, promo" : "min, low, high"
        },
        Definition(title: "Compacting for a task in a cpuset", functions: "try_to_compact_pages, should_reclaim_retry")
        {
            $0.reclaim.keepsToCpuset
                ? "only zones of the cpuset, and only those count when reclaim is judged hopeless"
                : "every zone on the way, in the cpuset or not"
        },
        Definition(title: "A CPU that kswapd shares with the task that woke it", functions: "kernel/sched/fair.c") {
            switch $0.reclaim.scheduler {
            case .completelyFair: "is kswapd's at once if it has run less, else after a slice of 3 ms (CFS)"
            case .earliestDeadline: "is kswapd's at the next tick (EEVDF)"
            }
        },
    ]

    private static let buddyRules = [
        Definition(title: "A request whose own type has no block", functions: "__rmqueue_fallback, __rmqueue_claim") {
            switch $0.buddy.fallback {
            case .moveThenSearch:
                "moves the found pageblock's free blocks, or the found block alone, to its own lists and searches again"
            case .claimOrSplit:
                "claims a pageblock whole, or splits the smallest sufficient block of another type where it lies"
            }
        },
        Definition(title: "Merging free pageblocks of different types", functions: "__free_one_page") {
            switch $0.buddy.merging {
            case .allButIsolated: "any types, highatomic and CMA too, but not isolated ones"
            case .ordinaryTypes: "only unmovable, movable and reclaimable ones"
            }
        },
        Definition(title: "Limit of highatomic reservation", functions: "reserve_highatomic_pageblock") {
            switch $0.buddy.highAtomicLimit {
            case .hundredthPlusPageblock: "a hundredth of the managed pages and one pageblock"
            case .hundredthRoundedUp:
                "a hundredth of the managed pages, up to whole pageblocks; nothing if that is below one"
            }
        },
        Definition(title: "Counting free pages", functions: "account_freepages, rmqueue_buddy, rmqueue_bulk") {
            $0.buddy.countsEachChange
                ? "at each block taken, added or moved" : "when a request has its block, or a list its whole refill"
        },
        Definition(title: "Merging with a buddy of another type", functions: "__free_one_page") {
            $0.buddy.retypesMergedBuddy ? "gives the buddy's pageblock its own type" : "leaves the types as they are"
        },
        Definition(title: "Freeing a block larger than a pageblock", functions: "split_large_buddy, __free_one_page") {
            $0.buddy.freesByPageblock ? "pageblock by pageblock, each as its own type" : "whole, as its first type"
        },
        Definition(title: "A pageblock that begins before its zone", functions: "move_freepages_block") {
            $0.buddy.movesCutPageblock ? "is moved to another type from the found block on" : "is not moved"
        },
    ]

    private static let perCPURules = [
        Definition(title: "Orders that have per-CPU lists", functions: "pcp_allowed_order") {
            let small = $0.perCPU.largestOrder == 0 ? "single pages" : "0 to \($0.perCPU.largestOrder)"
            return $0.perCPU.holdsHugePages ? small + ", and huge pages" : small
        },
        Definition(title: "Refills and overflows of per-CPU lists", functions: "nr_pcp_alloc, nr_pcp_high, nr_pcp_free")
        {
            switch $0.perCPU.sizing {
            case .oneBatch: "one batch each, a fixed high"
            case .fixedHigh: "one batch a refill, a fixed high; what an overflow gives back doubles each time"
            case .movingHigh:
                "a refill doubles each time, high moves between two limits, an overflow gives back what was freed in a row"
            }
        },
        Definition(title: "What per-CPU lists may hold", functions: "pageset_set_batch, zone_highsize") {
            switch $0.perCPU.high {
            case .sixBatches: "six batches"
            case .lowWatermark: "the zone's low watermark, shared by the node's CPUs"
            case .lowWatermarkToEighth:
                "the zone's low watermark, and up to an eighth of the zone, shared by the node's CPUs"
            }
        },
        Definition(
            title: "Sizes of per-CPU lists in a zone with a contiguous memory area",
            functions: "zone_pcp_update, setup_per_zone_wmarks"
        ) { $0.perCPU.countsContiguousAreas ? "count its pages" : "do not count its pages, which come later" },
        Definition(title: "Giving pages of per-CPU lists back", functions: "free_pcppages_bulk") {
            switch $0.perCPU.givingBack {
            case .inTurns: "a page of each list in turn"
            case .listAfterList: "list after list, each until it is empty"
            }
        },
        Definition(title: "A per-CPU list that cannot be refilled", functions: "rmqueue") {
            $0.perCPU.goesOnToFreeLists
                ? "leaves the request to the free lists, highatomic pages included" : "refuses the request in this zone"
        },
        Definition(title: "The type of a page on a per-CPU list", functions: "free_pcppages_bulk") {
            $0.perCPU.pagesCarryType
                ? "the one it came with (get_pcppage_migratetype)" : "that of its pageblock when it goes back"
        },
        Definition(
            title: "An empty per-CPU list and a high-order request that cannot sleep", functions: "__rmqueue_pcplist"
        ) {
            $0.perCPU.refillsForHighAtomic
                ? "the list is refilled, as for others" : "the request turns to the free lists and their reserve"
        },
        Definition(
            title: "Blocks of orders 1 to 3 freed in a row",
            functions: "free_unref_page_commit, free_frozen_page_commit"
        ) {
            switch ($0.perCPU.sizing, $0.perCPU.keepsHalfOfHighMin) {
            case (.oneBatch, _), (.fixedHigh, _): "empty the lists as soon as one overflow has been given back"
            case (.movingHigh, false): "empty the lists after a batch of frees"
            case (.movingHigh, true): "empty the lists after a batch and half of the low limit"
            }
        },
        Definition(
            title: "Giving an overflow back", functions: "free_unref_page_commit, free_frozen_page_commit"
        ) {
            $0.perCPU.givesBackInPortions
                ? "in portions of a batch, each beginning with the list freed to" : "all at once"
        },
        Definition(title: "Largest refill and overflow", functions: "CONFIG_PCP_BATCH_SCALE_MAX") {
            $0.perCPU.batchScaleMax == 0
                ? "the batch" : "the batch times 2 to the power of \($0.perCPU.batchScaleMax)"
        },
    ]
}
