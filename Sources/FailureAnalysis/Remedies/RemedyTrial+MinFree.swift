import GFP
import Topology

/// Trying a larger `vm.min_free_kbytes`.
extension RemedyTrial {
    /// The smallest value with which the request would have been served, by bisection over whole pages, in which the
    /// kernel uses the value (`__setup_per_zone_wmarks`, mm/page_alloc.c, 6.1).
    ///
    /// A higher min mark stops all other requests earlier, so that as much more memory was free at the moment of the
    /// report. That only helps a request that may go below the mark, and only as far as others used memory that could
    /// have been kept free.
    func minFreeKbytes() -> Remedy? {
        guard !scene.allowedZones.isEmpty, let scale = MinFreeScale(scene.machine) else { return nil }
        let most = scale.mostPages
        var change = Remedy.MinFree(
            now: scale.kibibytes(scale.pagesNow), needed: nil, most: scale.kibibytes(most), more: 0, available: 0,
            isBlockMissing: cause == .fragmentation)
        guard let needed = smallest(scale, favour: 0) else { return Remedy(.minFree(change), servingZone: nil) }
        change.needed = scale.kibibytes(needed)
        change.more = needed - scale.pagesNow
        change.lowest = smallest(scale, favour: 1).map(scale.kibibytes)
        change.highest = smallest(scale, favour: -1).map(scale.kibibytes)
        change.available =
            total(scene.reclaimablePages(includingSwap: true)) + (account?.pages(.slabReclaimable) ?? 0)
        return Remedy(
            .minFree(change), servingZone: zoneServing(scale, at: needed, favour: 0),
            helps: change.more <= change.available)
    }

    /// The value in pages; nil if not even the largest is enough.
    private func smallest(_ scale: MinFreeScale, favour: Int) -> Int? {
        var (low, high) = (scale.pagesNow, scale.mostPages)
        guard zoneServing(scale, at: high, favour: favour) != nil else { return nil }
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if zoneServing(scale, at: middle, favour: favour) == nil { low = middle } else { high = middle }
        }
        return high
    }

    private func zoneServing(_ scale: MinFreeScale, at pages: Int, favour: Int) -> ZoneReference? {
        scene.zoneServing(scene.asked, on: scale.machine(minFreePages: pages, favour: favour))
    }
}
