/// How ranges of page frames are given out past the free lists (`alloc_contig_range` and its callers).
public struct RangeRules: Hashable, Sendable {
    /// A search for a range, as for a gigantic page, passes over those with a page in use instead of moving it away
    /// (`pfn_range_valid_contig`, 5.10; no longer in 6.1).
    public var passesOverPagesInUse = false
    /// What is isolated are whole blocks of the largest order, and what lies beside the range in them must be movable as
    /// well (`pfn_max_align_down`, 5.10); otherwise whole pageblocks, of which only the range counts
    /// (`set_migratetype_isolate`, 6.1).
    public var isolatesLargestBlocks = false
    /// Pageblocks have their old type again afterwards (`undo_isolate_page_range`, 7.2); otherwise all of them are movable
    /// (the same, 6.12).
    public var restoresTypes = false
}

extension AllocatorRule {
    /// How ranges are given out past the free lists.
    static let ranges: [AllocatorRule] = [
        .flag("passesOverPagesInUse", .ranges, \.ranges.passesOverPagesInUse, "pfn_range_valid_contig"),
        .flag(
            "isolatesLargestBlocks", .ranges, \.ranges.isolatesLargestBlocks,
            "alloc_contig_range, start_isolate_page_range"),
        .flag("restoresTypes", .ranges, \.ranges.restoresTypes, "undo_isolate_page_range"),
    ]
}
