/// What work costs on the one CPU that a task, kswapd and whoever is killed share, in microseconds.
public struct CPUCosts: Hashable, Sendable {
    /// A request with all that its task does around it.
    public var request: Int
    /// Reclaiming a page, or several that are kept as one folio, by whoever does it.
    public var reclaimedPage: Int
    /// A pass of reclaim at one priority that finds nothing.
    public var fruitlessPass: Int
    /// Giving back a page of a process that exits.
    public var exitedPage: Int
    /// Switching to kswapd and back, with what it does before it begins to reclaim.
    public var kswapdTurn: Int
    /// Looking at a hundred pages to be moved, or to be moved to.
    public var hundredPagesScanned: Int
    /// Moving a page in compaction, or trying to.
    public var movedPage: Int

    public init(
        request: Int = 1, reclaimedPage: Int = 1, fruitlessPass: Int = 1, exitedPage: Int = 1, kswapdTurn: Int = 0,
        hundredPagesScanned: Int = 0, movedPage: Int = 0
    ) {
        self.request = request
        self.reclaimedPage = reclaimedPage
        self.fruitlessPass = fruitlessPass
        self.exitedPage = exitedPage
        self.kswapdTurn = kswapdTurn
        self.hundredPagesScanned = hundredPagesScanned
        self.movedPage = movedPage
    }

    /// What a pass of reclaim takes that looks at so many folios.
    func reclaim(of folios: Int) -> Int { max(folios * reclaimedPage, fruitlessPass) }
}
