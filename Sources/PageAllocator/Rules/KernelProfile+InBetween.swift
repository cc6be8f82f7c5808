import GFP

extension KernelProfile {
    /// Changes the rules that are known to differ in a kernel older than the profile's, or between it and the next.
    mutating func adapt(to kernel: KernelVersion) {
        guard kernel != version else { return }
        if kernel < Self.scaledMarksSince { sizing.watermarkSteps = .partsOfShare }
        if kernel < Self.doubledBatchSince { perCPU.batchKibibytes = 512 }
        if kernel >= Self.countedLoadSince {
            nodeLoading = .timesChosen
        } else if kernel >= Self.addedLoadSince {
            nodeLoading = .placesLeftAdded
        }
        if kernel >= Self.smallMovableMinSince { sizing.movableIsLikeHighMem = true }
        if kernel >= Self.promotionMarkSince { sizing.hasPromoMark = true }
        if kernel >= Self.apartPageblocksSince { buddy.merging = .ordinaryTypes }
    }

    /// "mm: scale kswapd watermarks in proportion to memory" (J. Weiner, 2016).
    static let scaledMarksSince = KernelVersion(4, 6)

    /// "mm, page_alloc: double zone's batchsize" (Aaron Lu, 2018).
    static let doubledBatchSince = KernelVersion(4, 19)

    /// "mm/page_alloc: use accumulated load when building node fallback list" (Krupa Ramakrishnan, 2021).
    static let addedLoadSince = KernelVersion(5, 16)

    /// "mm/page_alloc: adding same penalty is enough to get round-robin order" (Wei Yang, 2022).
    static let countedLoadSince = KernelVersion(5, 19)

    /// "mm/page_alloc: fix min_free_kbytes calculation regarding ZONE_MOVABLE" (liuq, 2023).
    static let smallMovableMinSince = KernelVersion(6, 6)

    /// "memory tiering: hot page selection ... NUMA balancing: optimize page placement for memory tiering system",
    /// which introduced WMARK_PROMO.
    static let promotionMarkSince = KernelVersion(5, 18)

    /// "mm: page_alloc: avoid merging non-fallbackable pageblocks with others" (Zi Yan, 2022).
    static let apartPageblocksSince = KernelVersion(5, 18)
}
