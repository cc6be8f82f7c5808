/// How one kernel's buddy allocator differs from another's. The engine asks these, and knows no versions.
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

    /// How many pages a highatomic reservation may reach.
    public enum HighAtomicLimit: String, CaseIterable, Hashable, Sendable {
        /// A hundredth of the managed pages (``highAtomicDivisor``) and one pageblock; each reservation counts one pageblock (6.1).
        case hundredthPlusPageblock
        /// A hundredth rounded up to pageblocks, nothing if that hundredth is below one pageblock; larger blocks
        /// reserve all their pageblocks (6.12).
        case hundredthRoundedUp
    }

    /// Which free buddies of pageblock order and larger become one block. Below that order all do.
    public enum Merging: String, CaseIterable, Hashable, Sendable {
        /// Those of any types, highatomic and CMA too, unless one of them is isolated (`__free_one_page`, to 5.17).
        case allButIsolated
        /// Those of one type, or both of ordinary types (`migratetype_is_mergeable`, 5.18).
        case ordinaryTypes
    }

    public var fallback: Fallback
    public var merging: Merging
    public var highAtomicLimit: HighAtomicLimit
    /// Counters change at each block taken, added or moved (`account_freepages`, 6.12). Otherwise the caller takes the
    /// pages off when it has its block or its whole refill (`rmqueue_buddy`, `rmqueue_bulk`, 6.1).
    public var countsEachChange: Bool
    /// A buddy of another type takes on the type of the block it merges into (`__free_one_page`, 6.12).
    public var retypesMergedBuddy: Bool
    /// A freed block larger than a pageblock comes back as pageblocks, each of its own type (`split_large_buddy`, 6.12).
    public var freesByPageblock: Bool
    /// A pageblock that the span's start cuts is moved from the found block on (`move_freepages_block`, 6.1); otherwise
    /// it is not moved (`prep_move_freepages_block`, 6.12).
    public var movesCutPageblock: Bool

    /// Highatomic pageblocks may take one part in that many of the managed pages (`reserve_highatomic_pageblock`: 100).
    public var highAtomicDivisor = 100
    /// A request that is not for Unmovable or Reclaimable pages may claim a pageblock only by a block of this order or
    /// more; 0: half of the pageblock order (`should_try_claim_block`).
    public var claimFromOrder = 0
    /// A pageblock is claimed if one part in that many of it is free or of a kind with the request
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
