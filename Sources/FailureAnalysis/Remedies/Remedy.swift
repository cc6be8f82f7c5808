import GFP
import Topology

/// A change that might have helped, tried on the rebuilt machine.
public struct Remedy: Hashable, Sendable {
    /// What was changed, with the resulting figures. Amounts are in pages.
    public enum Change: Hashable, Sendable {
        /// A request of a lower order: the largest that is served.
        case lowerOrder(Int, insteadOf: Int)
        /// Not even a request for a single page is served.
        case noLowerOrder
        /// Without what limits the request to some nodes; `unlistedFree` is what is free there if the report lists none
        /// of it.
        case unbind(FailedRequest.Binding, unlistedFree: Int?)
        /// Without `GFP_DMA` or `GFP_DMA32`.
        case withoutZone(ZoneKind, unlistedFree: Int?)
        /// With `__GFP_HIGHMEM|__GFP_MOVABLE`.
        case movable(unlistedFree: Int?)
        /// With `GFP_ATOMIC`.
        case atomic
        /// With `GFP_KERNEL`, after freeing what reclaim could have freed.
        case sleeping(reclaimable: Int)
        case minFree(MinFree)
        /// Clean page cache freed; blocks of the order that would then be free if it were distributed at random.
        case dropCaches(pages: Int, expectedBlocks: Int)
        /// More swap, now of the given size in KiB with so much of it free: pages of processes freed.
        case moreSwap(total: Int, free: Int, pages: Int)
        /// kswapd begins earlier (`vm.watermark_scale_factor`, from 4.6), if so many pages could be reclaimed.
        case watermarkScale(reclaimable: Int)
        /// `vm.zone_reclaim_mode` 1, if so many pages could be reclaimed on the nodes that the request may use.
        case zoneReclaim(reclaimable: Int)
        /// `vm.compaction_proactiveness`, from 5.9.
        case proactiveCompaction
        /// `vm.defrag_mode` 1, from 6.15.
        case defragMode
        /// A limit to the number of tasks.
        case taskLimit
        /// More of a low zone held back from requests that could use a higher one (`vm.lowmem_reserve_ratio`).
        case largerLowmemReserve
        /// Finding out who holds the memory, the next time.
        case track(Tracking)
        /// A higher limit of the memory cgroup that was full; its present limit is in KiB.
        case cgroupLimit(name: String?, now: Int?, isFirstVersion: Bool)
        /// A larger or smaller `cma=`.
        case contiguousArea(isLarger: Bool)
        /// Less memory in ZONE_MOVABLE: a smaller `movablecore=`, or a larger `kernelcore=`.
        case lessMovable
        /// What developers usually do about this kind of request.
        case practice(Requester.Practice)
        /// Free movable pages compacted into so many blocks of the order.
        case compaction(blocks: Int, isStuck: Bool)
        /// `vm.watermark_boost_factor` 0.
        case withoutBoost
        /// `vm.lowmem_reserve_ratio` 0.
        case withoutLowmemReserve
        case release(Holding, pages: Int)
    }

    /// How the kernel itself can say who holds memory.
    public enum Tracking: Hashable, Sendable {
        /// `page_owner=on`.
        case pageOwner
        /// `slub_debug=U`.
        case slabUsers
    }

    /// What frees memory.
    public enum Holding: Hashable, Sendable {
        case process(name: String, pid: Int)
        /// Files of tmpfs, or shared memory.
        case tmpfs
        /// A lower `vm.nr_hugepages`.
        case hugePages
        /// `drop_caches` 2.
        case reclaimableSlab
        /// `drop_caches` 3.
        case cachesAndSlab
    }

    /// A larger `vm.min_free_kbytes`, in KiB unless noted as pages.
    public struct MinFree: Hashable, Sendable {
        /// The value in effect.
        public var now: Int
        /// The smallest value with which the request would have been served; nil: not even ``most``.
        public var needed: Int?
        /// The largest value tried.
        public var most: Int
        /// How many more pages are denied to everyone else.
        public var more: Int
        /// How many pages could have been kept free.
        public var available: Int
        /// Whether a block is missing rather than pages.
        public var isBlockMissing: Bool
        /// No smaller value can have been enough; nil if it equals ``highest``. It is uncertain by some pages where
        /// other requests stop, and ``needed`` assumes that they stop at the mark.
        public var lowest: Int?
        /// The smallest value that certainly would have been enough; nil: not even ``most`` is certain.
        public var highest: Int?
    }

    /// The change.
    public var change: Change
    /// The zone that serves the changed request, or the same one on the changed machine; nil if it is still refused.
    public var servingZone: ZoneReference?
    /// How likely the change is to help.
    public var odds: Odds
    /// Whether the change is expected to help.
    public var helps: Bool { odds != .none }

    /// How likely a change is to help.
    public enum Odds: Hashable, Sendable {
        /// It was tried, and the request was served.
        case certain
        /// It cannot be tried on a machine rebuilt from counts, but experts use it.
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
