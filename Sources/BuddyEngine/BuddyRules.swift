/// How one kernel's buddy allocator differs from another's. The engine follows these rules and knows no versions.
@frozen
public struct BuddyRules: Hashable, Sendable {
    /// What becomes of a request whose own type has no block.
    public enum Fallback: String, CaseIterable, Hashable, Sendable {
        /// The found pageblock's free blocks, or the found block alone, move to the wanted type's lists, which are then
        /// searched again (`__rmqueue_fallback`, `steal_suitable_fallback`, 6.1).
        case moveThenSearch
        /// A pageblock is claimed whole or not at all; if none can be, the smallest sufficient block of another type is
        /// split in place (`__rmqueue_claim`, `__rmqueue_steal`, 6.12).
        case claimOrSplit
    }

    /// How many pages may be reserved as highatomic.
    public enum HighAtomicLimit: String, CaseIterable, Hashable, Sendable {
        /// A hundredth of the managed pages (``highAtomicDivisor``) plus one pageblock; each reservation counts as one
        /// pageblock (6.1).
        case hundredthPlusPageblock
        /// A hundredth rounded up to pageblocks, or nothing if that hundredth is less than a pageblock; a larger block
        /// reserves all its pageblocks (6.12).
        case hundredthRoundedUp
    }

    /// Which free buddies of pageblock order and larger are merged. Below that order all are.
    public enum Merging: String, CaseIterable, Hashable, Sendable {
        /// Buddies of any types, highatomic and CMA included, unless one of them is isolated (`__free_one_page`, to
        /// 5.17).
        case allButIsolated
        /// Buddies of the same type, or both of ordinary types (`migratetype_is_mergeable`, 5.18).
        case ordinaryTypes
    }

    /// What happens to a request whose own type has no block.
    public var fallback: Fallback
    /// Which large free buddies are merged.
    public var merging: Merging
    /// How many pages may be reserved as highatomic.
    public var highAtomicLimit: HighAtomicLimit
    /// Counters change with each block taken, added or moved (`account_freepages`, 6.12). Otherwise the caller
    /// subtracts the pages once it has its block or its whole refill (`rmqueue_buddy`, `rmqueue_bulk`, 6.1).
    public var countsEachChange: Bool
    /// A buddy of another type changes to the type of the block it merges into (`__free_one_page`, 6.12).
    public var retypesMergedBuddy: Bool
    /// A freed block larger than a pageblock is returned as pageblocks, each of its own type (`split_large_buddy`,
    /// 6.12).
    public var freesByPageblock: Bool
    /// Of a pageblock that begins before the span, the part from the found block on is moved (`move_freepages_block`,
    /// 6.1); otherwise nothing is (`prep_move_freepages_block`, 6.12).
    public var movesCutPageblock: Bool

    /// Highatomic pageblocks may take one part in this number of the managed pages (`reserve_highatomic_pageblock`:
    /// 100).
    public var highAtomicDivisor = 100
    /// A request for neither Unmovable nor Reclaimable pages may claim a pageblock only through a block of this order
    /// or larger; 0: half of the pageblock order (`should_try_claim_block`).
    public var claimFromOrder = 0
    /// A pageblock is claimed if at least one part in this number of its pages is free or compatible with the request
    /// (`try_to_claim_block`: 2, a half).
    public var claimDivisor = 2

    public init(
        fallback: Fallback, merging: Merging, highAtomicLimit: HighAtomicLimit, countsEachChange: Bool,
        retypesMergedBuddy: Bool, freesByPageblock: Bool, movesCutPageblock: Bool
    ) {
        self.fallback = fallback
        self.merging = merging
        self.highAtomicLimit = highAtomicLimit
        self.countsEachChange = countsEachChange
        self.retypesMergedBuddy = retypesMergedBuddy
        self.freesByPageblock = freesByPageblock
        self.movesCutPageblock = movesCutPageblock
    }

    /// Linux 5.10.
    public static let v5_10 = BuddyRules(
        fallback: .moveThenSearch, merging: .allButIsolated, highAtomicLimit: .hundredthPlusPageblock,
        countsEachChange: false, retypesMergedBuddy: false, freesByPageblock: false, movesCutPageblock: true)

    /// Linux 6.1, as Debian 12 has it.
    public static let v6_1 = BuddyRules(
        fallback: .moveThenSearch, merging: .ordinaryTypes, highAtomicLimit: .hundredthPlusPageblock,
        countsEachChange: false, retypesMergedBuddy: false, freesByPageblock: false, movesCutPageblock: true)

    /// Linux 6.12, as Debian's backports have it.
    public static let v6_12 = BuddyRules(
        fallback: .claimOrSplit, merging: .ordinaryTypes, highAtomicLimit: .hundredthRoundedUp,
        countsEachChange: true, retypesMergedBuddy: true, freesByPageblock: true, movesCutPageblock: false)
}
