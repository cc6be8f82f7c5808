import BuddyEngine

extension BuddyRules.Fallback: RuleChoice {}
extension BuddyRules.HighAtomicLimit: RuleChoice {}
extension BuddyRules.Merging: RuleChoice {}

extension AllocatorRule {
    /// Rules on free lists.
    static let freeLists: [AllocatorRule] = [
        .word("fallback", .freeLists, \.buddy.fallback, "__rmqueue_fallback, __rmqueue_claim"),
        .number("claimFromOrder", .freeLists, \.buddy.claimFromOrder, in: 0...15, "should_try_claim_block"),
        .number("claimDivisor", .freeLists, \.buddy.claimDivisor, in: 1...1024, "try_to_claim_block"),
        .word("highAtomicLimit", .freeLists, \.buddy.highAtomicLimit, "reserve_highatomic_pageblock"),
        .number(
            "highAtomicDivisor", .freeLists, \.buddy.highAtomicDivisor, in: 1...1_000_000,
            "reserve_highatomic_pageblock"),
        .flag(
            "countsEachChange", .freeLists, \.buddy.countsEachChange, "account_freepages, rmqueue_buddy, rmqueue_bulk"),
        .word("merging", .freeLists, \.buddy.merging, "__free_one_page"),
        .flag("retypesMergedBuddy", .freeLists, \.buddy.retypesMergedBuddy, "__free_one_page"),
        .flag("freesByPageblock", .freeLists, \.buddy.freesByPageblock, "split_large_buddy, __free_one_page"),
        .flag("movesCutPageblock", .freeLists, \.buddy.movesCutPageblock, "move_freepages_block"),
    ]

    /// Rules on how per-CPU lists are filled and drained.
    static let perCPULists: [AllocatorRule] = [
        .word("sizing", .perCPULists, \.perCPU.sizing, "nr_pcp_alloc, nr_pcp_high, nr_pcp_free"),
        .word("high", .perCPULists, \.perCPU.high, "pageset_set_batch, zone_highsize"),
        .number(
            "largestOrder", .perCPULists, \.perCPU.largestOrderNumber, in: 0...3, "pcp_allowed_order"),
        .flag("holdsHugePages", .perCPULists, \.perCPU.holdsHugePages, "pcp_allowed_order"),
        .flag(
            "countsContiguousAreas", .perCPULists, \.perCPU.countsContiguousAreas,
            "zone_pcp_update, setup_per_zone_wmarks"),
        .word("givingBack", .perCPULists, \.perCPU.givingBack, "free_pcppages_bulk"),
        .flag("goesOnToFreeLists", .perCPULists, \.perCPU.goesOnToFreeLists, "rmqueue"),
        .number("batchScaleMax", .perCPULists, \.perCPU.batchScaleMax, in: 0...6, "CONFIG_PCP_BATCH_SCALE_MAX"),
        .number("batchKibibytes", .perCPULists, \.perCPU.batchKibibytes, in: 4...1_048_576, "zone_batchsize"),
        .flag("pagesCarryType", .perCPULists, \.perCPU.pagesCarryType, "free_pcppages_bulk"),
        .flag("refillsForHighAtomic", .perCPULists, \.perCPU.refillsForHighAtomic, "__rmqueue_pcplist"),
        .flag(
            "keepsHalfOfHighMin", .perCPULists, \.perCPU.keepsHalfOfHighMin,
            "free_unref_page_commit, free_frozen_page_commit"),
        .flag(
            "givesBackInPortions", .perCPULists, \.perCPU.givesBackInPortions,
            "free_unref_page_commit, free_frozen_page_commit"),
    ]

    /// Rules on reclaim.
    static let reclaim: [AllocatorRule] = [
        .flag("repeatsFruitlessReclaim", .reclaim, \.reclaim.repeatsFruitlessReclaim, "do_try_to_free_pages"),
        .flag("keepsGenerations", .reclaim, \.reclaim.keepsGenerations, "shrink_node, evict_folios"),
        .flag(
            "looksAfterSkippedCompaction", .reclaim, \.reclaim.looksAfterSkippedCompaction,
            "__alloc_pages_direct_compact"),
        .flag("soonGivesUpHighAtomic", .reclaim, \.reclaim.soonGivesUpHighAtomic, "should_reclaim_retry"),
        .flag("shortensPerCPULists", .reclaim, \.reclaim.shortensPerCPULists, "balance_pgdat, nr_pcp_high"),
        .flag("keepsToCpuset", .reclaim, \.reclaim.keepsToCpuset, "try_to_compact_pages, should_reclaim_retry"),
        .flag(
            "freesRenewHope", .reclaim, \.reclaim.freesRenewHope, "free_frozen_page_commit, kswapd_clear_hopeless"),
        .flag(
            "looksAgainAfterFruitlessNodeReclaim", .reclaim, \.reclaim.looksAgainAfterFruitlessNodeReclaim,
            "get_page_from_freelist, node_reclaim"),
        .number("hopelessAfter", .reclaim, \.reclaim.hopelessAfter, in: 1...1_000_000, "MAX_RECLAIM_RETRIES"),
        .word("freeSearch", .reclaim, \.reclaim.freeSearch, "fast_isolate_freepages"),
        .flag("drainsByWorker", .reclaim, \.reclaim.drainsByWorker, "drain_all_pages"),
        .word("proactiveDeferral", .reclaim, \.reclaim.proactiveDeferral, "kcompactd, __compact_finished"),
        .flag("countsProactiveScans", .reclaim, \.reclaim.countsProactiveScans, "compact_node"),
        .flag("countsWholeFreeBlocks", .reclaim, \.reclaim.countsWholeFreeBlocks, "isolate_migratepages_block"),
        .number("cacheFolioOrder", .reclaim, \.reclaim.cacheFolioOrderNumber, in: 0...8, "page_cache_ra_order"),
        .word("scheduler", .reclaim, \.reclaim.scheduler, "kernel/sched/fair.c"),
        .word("preemption", .reclaim, \.reclaim.preemption, "cond_resched, might_sleep, sched_tick"),
    ]
}

extension KernelProfile.ReclaimRules {
    /// ``cacheFolioOrder`` as a number.
    var cacheFolioOrderNumber: Int {
        get { Int(cacheFolioOrder.rawValue) }
        set { cacheFolioOrder = Order(newValue) }
    }
}

extension KernelProfile.PerCPURules {
    /// ``largestOrder`` as a number.
    var largestOrderNumber: Int {
        get { Int(largestOrder.rawValue) }
        set { largestOrder = Order(newValue) }
    }
}
