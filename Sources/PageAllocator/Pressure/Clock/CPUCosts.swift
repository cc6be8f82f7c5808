/// What work costs, in microseconds, on the one CPU that a task, kswapd and killed processes share.
public struct CPUCosts: Hashable, Sendable {
    /// A request, including everything that its task does around it.
    public var request: Int
    /// Reclaiming a page, or a folio of several, by any task.
    public var reclaimedPage: Int
    /// A pass of reclaim at one priority that finds nothing.
    public var fruitlessPass: Int
    /// Freeing a page of a process that exits.
    public var exitedPage: Int
    /// Unmapping a hundred pages of such a process, which comes before it frees them.
    public var hundredPagesUnmapped: Int
    /// Switching to kswapd and back, including what it does before it begins to reclaim.
    public var kswapdTurn: Int
    /// Scanning a hundred pages for compaction.
    public var hundredPagesScanned: Int
    /// Moving a page in compaction, or trying to.
    public var movedPage: Int

    public init(
        request: Int = 1, reclaimedPage: Int = 1, fruitlessPass: Int = 1, exitedPage: Int = 1,
        hundredPagesUnmapped: Int = 0, kswapdTurn: Int = 0, hundredPagesScanned: Int = 0, movedPage: Int = 0
    ) {
        self.request = request
        self.reclaimedPage = reclaimedPage
        self.fruitlessPass = fruitlessPass
        self.exitedPage = exitedPage
        self.hundredPagesUnmapped = hundredPagesUnmapped
        self.kswapdTurn = kswapdTurn
        self.hundredPagesScanned = hundredPagesScanned
        self.movedPage = movedPage
    }

    /// The cost of a pass of reclaim that looks at so many folios.
    func reclaim(of folios: Int) -> Int { max(folios * reclaimedPage, fruitlessPass) }
}
