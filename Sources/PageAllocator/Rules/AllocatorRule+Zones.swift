import GFP

extension ReserveRules.Urgency: RuleChoice {}
extension ReserveRules.Depth: RuleChoice {}

extension AllocatorRule {
    /// Rules on how zones are tested, and on the traces that a walk leaves.
    static let walk: [AllocatorRule] = [
        .word("highAtomicDeduction", .walk, \.walk.highAtomicDeduction, "__zone_watermark_unusable_free"),
        .word("boostExemption", .walk, \.walk.boostExemption, "zone_watermark_fast"),
        .flag("marksZonesBelowHigh", .walk, \.walk.marksZonesBelowHigh, "get_page_from_freelist"),
        .flag("boostWakeNeedsKswapdFlag", .walk, \.walk.boostWakeNeedsKswapdFlag, "rmqueue"),
        .flag("passesOverAwakeNodes", .walk, \.walk.passesOverAwakeNodes, "get_page_from_freelist"),
        .word("slowPath", .walk, \.walk.slowPath, "__alloc_pages_slowpath"),
        .flag(
            "reservesPerCPUBlocks", .walk, \.walk.reservesPerCPUBlocks, "get_page_from_freelist, rmqueue_buddy"),
        .flag("reservesOnlyAtMinMark", .walk, \.walk.reservesOnlyAtMinMark, "rmqueue_buddy"),
        .flag(
            "highAtomicInFirstWalk", .walk, \.walk.highAtomicInFirstWalk,
            "alloc_flags_nonblocking, __alloc_frozen_pages_noprof"),
        .flag("reportsTypeAskedFor", .walk, \.walk.reportsTypeAskedFor, "__rmqueue, __rmqueue_smallest"),
        .flag("hasDefragMode", .walk, \.walk.hasDefragMode, "alloc_flags_nofragment, gfp_to_alloc_flags"),
        .flag("rescuesInDefragMode", .walk, \.walk.rescuesInDefragMode, "__alloc_pages_slowpath"),
        .number("boostStep", .walk, \.walk.boostStep, in: 0...64, "boost_watermark"),
        .number("boostCap", .walk, \.walk.boostCap, in: 0...1000, "boost_watermark"),
    ]

    /// Rules on which requests may use reserves, and how much of them.
    static let reserves: [AllocatorRule] = [
        .word("urgency", .reserves, \.walk.reserves.urgency, "gfp_to_alloc_flags"),
        .word("depth", .reserves, \.walk.reserves.depth, "__zone_watermark_ok"),
        .number("minReserveDivisor", .reserves, \.walk.reserves.minReserveDivisor, in: 1...64, "__zone_watermark_ok"),
        .number("nonBlockDivisor", .reserves, \.walk.reserves.nonBlockDivisor, in: 1...64, "__zone_watermark_ok"),
        .number("oomDivisor", .reserves, \.walk.reserves.oomDivisor, in: 1...64, "__zone_watermark_ok"),
        .claims("countsHighAtomic", \.walk.reserves.countsHighAtomic, "__zone_watermark_unusable_free"),
        .claims("seesHighAtomicBlocks", \.walk.reserves.seesHighAtomicBlocks, "__zone_watermark_ok"),
        .claims(
            "takesHighAtomicFirst", \.walk.reserves.takesHighAtomicFirst,
            "rmqueue, rmqueue_buddy, get_page_from_freelist"),
        .claims("takesHighAtomicLast", \.walk.reserves.takesHighAtomicLast, "rmqueue_buddy"),
        .flag("emergencyKeepsKswapd", .reserves, \.walk.reserves.emergencyKeepsKswapd, "__alloc_pages_slowpath"),
        .claims("flagsWithoutFailing", \.walk.reserves.flagsWithoutFailing, "__alloc_pages_slowpath"),
    ]

    /// Rules on how watermarks follow from the sizes of zones.
    static let sizing: [AllocatorRule] = [
        .flag("movableIsLikeHighMem", .sizing, \.sizing.movableIsLikeHighMem, "__setup_per_zone_wmarks"),
        .word("watermarkSteps", .sizing, \.sizing.watermarkSteps, "__setup_per_zone_wmarks"),
        .flag("hasPromoMark", .sizing, \.sizing.hasPromoMark, "__setup_per_zone_wmarks"),
        .word("nodeLoading", .sizing, \.nodeLoading, "build_zonelists, find_next_best_node"),
    ]
}
