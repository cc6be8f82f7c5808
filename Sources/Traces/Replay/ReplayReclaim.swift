/// The pages that reclaim may free in a free replay: those on LRU lists, as with a scenario's `reclaim: "lru"`.
///
/// Movable pages of order 0 are on the lists: those in use at the start, and those that the trace requests. Larger and
/// unmovable blocks stay until they are freed.
public struct ReplayReclaim: Hashable, Sendable {
    /// The size of swap space in pages; 0: anonymous memory cannot be reclaimed.
    public var swapPages: Int
    /// The share of the pages on the lists that is clean page cache, from 0 to 1; the rest is anonymous.
    public var cacheShare: Double

    /// How many pages in use at the start are handled at most: 16 GiB with 4 KiB pages. Each takes memory here.
    public static let mostPagesAtStart = 1 << 22

    public init(swapPages: Int = 0, cacheShare: Double = 0.5) {
        self.swapPages = max(swapPages, 0)
        self.cacheShare = min(max(cacheShare, 0), 1)
    }
}

/// What reclaim did in a replay, in pages.
public struct ReclaimedPages: Hashable, Sendable {
    /// Pages on the lists at the start.
    public var atStart = 0
    /// Movable pages in use at the start beyond ``ReplayReclaim/mostPagesAtStart``.
    public var leftOut = 0
    /// How often direct reclaim ran (`allocstall`).
    public var stalls = 0
    /// Pages freed by reclaim.
    public var reclaimed = 0
    /// Pages swapped out.
    public var swappedOut = 0
}
