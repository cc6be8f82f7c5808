import FailureAnalysis

extension Cause {
    /// A few words for a headline.
    public var title: String {
        switch self {
        case .fragmentation: "free memory in pieces too small"
        case .reservesExhausted: "no more than what even urgent requests must leave"
        case .belowMinNoReserve: "below the min mark, without a right to reserves"
        case .memoryFull: "memory is full"
        case .zoneExhausted: "the zones that its mask allows are full"
        case .lowmemReserve: "the lowmem reserve"
        case .highAtomic: "the highatomic reserve"
        case .watermarkBoost: "boosted watermarks"
        case .movableOnly: "only movable memory is free"
        case .cmaOnly: "only CMA memory is free"
        case .nodeFullThisNode: "the node it is tied to is full"
        case .memorylessNode: "the node it is tied to has no memory"
        case .nodemask: "the nodes of its node mask are full"
        case .mempolicy: "the nodes of its memory policy are full"
        case .cpuset: "the nodes of its cpuset are full"
        case .memcg: "a memory cgroup's limit"
        case .processMemory: "memory held by processes"
        case .mlocked: "memory locked by processes"
        case .tmpfs: "memory held by tmpfs or shared memory"
        case .ramdisk: "memory held by a RAM disk"
        case .hugetlb: "memory set aside as huge pages"
        case .slabLeak: "memory held by the slab allocator"
        case .pageLeak: "memory on no counter of the report"
        case .balloon: "memory given back to the host by a balloon"
        case .vmallocLeak: "memory held by vmalloc"
        case .pageTables: "memory held by page tables"
        case .forkBomb: "very many processes"
        case .vmallocSize: "vmalloc of too large a size"
        case .orderTooLarge: "an order above the largest there is"
        case .bootInitramfs: "memory taken before the first process ran"
        case .sysrqF: "a kill asked for by a person"
        case .none: "nothing failed"
        case .allocationStall: "still trying, for want of memory that reclaim could free"
        case .cmaArea: "no run of pages in a CMA area"
        case .stateWouldServe: "the state printed would have served it"
        case .unknown: "cannot be determined from this report"
        }
    }
}
