/// What reclaim may take in a free replay: pages on LRU lists, as a scenario's `reclaim: "lru"` has them.
///
/// Movable pages of order 0 are on the lists: those in use at the start, and those that the trace asks for. Larger blocks and
/// unmovable ones stay until they are freed.
public struct ReplayReclaim: Hashable, Sendable {
    /// Pages of swap space; 0: anonymous memory stays where it is.
    public var swapPages: Int
    /// How much of the pages on the lists is clean page cache, 0 to 1; the rest is anonymous.
    public var cacheShare: Double

    /// The most pages in use at the start that are taken care of: 16 GiB with 4 KiB pages. Each takes memory here.
    public static let mostPagesAtStart = 1 << 22

    public init(swapPages: Int = 0, cacheShare: Double = 0.5) {
        self.swapPages = max(swapPages, 0)
        self.cacheShare = min(max(cacheShare, 0), 1)
    }
}

/// What reclaim did in a replay. Amounts are pages.
public struct ReclaimedPages: Hashable, Sendable {
    /// On the lists at the start.
    public var atStart = 0
    /// In use at the start and movable, but beyond ``ReplayReclaim/mostPagesAtStart``.
    public var leftOut = 0
    /// Direct reclaims (`allocstall`).
    public var stalls = 0
    public var reclaimed = 0
    public var swappedOut = 0
}
