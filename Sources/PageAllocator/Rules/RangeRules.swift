/// How ranges of page frames are taken past the free lists (`alloc_contig_range` and its callers).
public struct RangeRules: Hashable, Sendable {
    /// A search for a range, such as for a gigantic page, skips ranges with a page in use instead of moving it away
    /// (`pfn_range_valid_contig`, 5.10; no longer in 6.1).
    public var passesOverPagesInUse = false
    /// Whole blocks of the largest order are isolated, and pages around the range in them must be movable, too
    /// (`pfn_max_align_down`, 5.10); otherwise whole pageblocks, in which only the range matters
    /// (`set_migratetype_isolate`, 6.1).
    public var isolatesLargestBlocks = false
    /// Pageblocks get their old types back afterwards (`undo_isolate_page_range`, 7.2); otherwise all become movable
    /// (the same, 6.12).
    public var restoresTypes = false
}

extension AllocatorRule {
    /// Rules on taking ranges past the free lists.
    static let ranges: [AllocatorRule] = [
        .flag("passesOverPagesInUse", .ranges, \.ranges.passesOverPagesInUse, "pfn_range_valid_contig"),
        .flag(
            "isolatesLargestBlocks", .ranges, \.ranges.isolatesLargestBlocks,
            "alloc_contig_range, start_isolate_page_range"),
        .flag("restoresTypes", .ranges, \.ranges.restoresTypes, "undo_isolate_page_range"),
    ]
}
