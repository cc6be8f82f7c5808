import GFP
import Topology

/// Something that might have helped, tried on the rebuilt machine.
public struct Remedy: Hashable, Sendable {
    /// What was changed, with the figures that it came to. Amounts are pages.
    public enum Change: Hashable, Sendable {
        /// The largest order that is served.
        case lowerOrder(Int, insteadOf: Int)
        /// Not even a single page is.
        case noLowerOrder
        /// Without what keeps the request to some nodes; `unlistedFree` is what is free there, where the report lists
        /// none of it.
        case unbind(FailedRequest.Binding, unlistedFree: Int?)
        /// Without `GFP_DMA` or `GFP_DMA32`.
        case withoutZone(ZoneKind, unlistedFree: Int?)
        /// With `__GFP_HIGHMEM|__GFP_MOVABLE`.
        case movable(unlistedFree: Int?)
        /// With `GFP_ATOMIC`.
        case atomic
        /// With `GFP_KERNEL`, and what reclaim could have freed given back.
        case sleeping(reclaimable: Int)
        case minFree(MinFree)
        /// Clean page cache given back; blocks of the order that would then be free if it lay at random.
        case dropCaches(pages: Int, expectedBlocks: Int)
        /// More swap, of which that many KiB are there and free: pages of processes given back.
        case moreSwap(total: Int, free: Int, pages: Int)
        /// kswapd begins earlier (`vm.watermark_scale_factor`, 4.6 and later), where that many pages could be reclaimed.
        case watermarkScale(reclaimable: Int)
        /// `vm.zone_reclaim_mode` 1, where that many pages could be reclaimed on the nodes that the request may use.
        case zoneReclaim(reclaimable: Int)
        /// `vm.compaction_proactiveness`, 5.9 and later.
        case proactiveCompaction
        /// A higher limit of the memory cgroup that was full; its limit now, in KiB.
        case cgroupLimit(name: String?, now: Int?)
        /// `cma=` larger, or smaller.
        case contiguousArea(isLarger: Bool)
        /// Less memory in ZONE_MOVABLE: `movablecore=` smaller, or `kernelcore=` larger.
        case lessMovable
        /// What developers did about this kind of request.
        case practice(Requester.Practice)
        /// Free movable pages gathered into that many blocks of the order.
        case compaction(blocks: Int, isStuck: Bool)
        /// `vm.watermark_boost_factor` 0.
        case withoutBoost
        /// `vm.lowmem_reserve_ratio` 0.
        case withoutLowmemReserve
        case release(Holding, pages: Int)
    }

    /// What lets go of memory.
    public enum Holding: Hashable, Sendable {
        case process(name: String, pid: Int)
        /// Files of tmpfs, or shared memory.
        case tmpfs
        /// `vm.nr_hugepages` lower.
        case hugePages
        /// `drop_caches` 2.
        case reclaimableSlab
    }

    /// A larger `vm.min_free_kbytes`. KiB but for what is said to be pages.
    public struct MinFree: Hashable, Sendable {
        public var now: Int
        /// The smallest that would have kept the request alive; nil: not even ``most``.
        public var needed: Int?
        /// The largest tried.
        public var most: Int
        /// Pages more that are kept from everyone else.
        public var more: Int
        /// Pages that could have been kept free.
        public var available: Int
        /// What is missing is a block, not pages.
        public var isBlockMissing: Bool
        /// No smaller value would have been enough, and ``highest`` certainly would: a report leaves open by some pages
        /// where the other requests stop, and ``needed`` takes them to stop at the mark.
        public var lowest: Int?
        /// See ``lowest``; nil: not even ``most`` is certain.
        public var highest: Int?
    }

    public var change: Change
    /// Where the changed request, or the same one on the changed machine, is served; nil: refused as before.
    public var servingZone: ZoneReference?
    public var odds: Odds
    public var helps: Bool { odds != .none }

    public enum Odds: Hashable, Sendable {
        /// Tried, and served.
        case certain
        /// Cannot be tried on a machine rebuilt from counts, but is what experts do.
        case likely
        case none
    }

    public init(_ change: Change, servingZone: ZoneReference?, helps: Bool? = nil) {
        self.change = change
        self.servingZone = servingZone
        odds = helps ?? (servingZone != nil) ? .certain : .none
    }

    init(likely change: Change) {
        self.change = change
        odds = .likely
    }
}
