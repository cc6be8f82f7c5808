/// Why a request failed. The raw value is for scripts.
public enum Cause: String, CaseIterable, Hashable, Sendable {
    /// Enough pages are free, but not in blocks of the requested order.
    case fragmentation
    /// Urgent requests have used up the reserve below the min mark.
    case reservesExhausted = "reserves-exhausted"
    /// Free memory is below the min mark, and the request may neither sleep nor use reserves.
    case belowMinNoReserve = "below-min-no-reserve"
    /// Memory is in use by the kernel or by caches that could not be freed.
    case memoryFull = "memory-full"
    /// The zones that the mask allows are used up, while memory is free in others.
    case zoneExhausted = "zone-exhausted"
    /// The free memory is held back from requests that could use a higher zone.
    case lowmemReserve = "lowmem-reserve"
    /// The free memory is reserved for atomic requests of high orders.
    case highAtomic = "highatomic"
    /// The marks were raised temporarily after fragmentation.
    case watermarkBoost = "watermark-boost"
    /// The free memory is in ZONE_MOVABLE, which the request may not use.
    case movableOnly = "movable-only"
    /// The free memory belongs to CMA, which only movable requests may use.
    case cmaOnly = "cma-only"
    /// The one node that the request may use is full.
    case nodeFullThisNode = "node-full-thisnode"
    /// The one node that the request may use has no memory.
    case memorylessNode = "memoryless-node"
    /// The nodes of the caller's node mask are full, while others are not.
    case nodemask
    /// The nodes of the memory policy are full, while others are not.
    case mempolicy
    /// The nodes of the cpuset are full, while others are not.
    case cpuset
    /// A memory cgroup reached its limit.
    case memcg
    /// Processes use the memory.
    case processMemory = "process-memory"
    case mlocked
    case tmpfs
    case ramdisk
    case hugetlb
    case slabLeak = "slab-leak"
    /// Pages are in use that no counter of the report includes.
    case pageLeak = "page-leak"
    case vmallocLeak = "vmalloc-leak"
    /// A balloon driver has returned the memory to the hypervisor.
    case balloon
    case pageTables = "page-tables"
    /// There are very many processes, with their stacks, page tables and task structures.
    case forkBomb = "fork-bomb"
    /// vmalloc was asked for more than the machine or its address space has.
    case vmallocSize = "vmalloc-size"
    case orderTooLarge = "order-too-large"
    /// Most memory was used before the first process ran, by the initial file system among others.
    case bootInitramfs = "boot-initramfs"
    /// A kill requested by a person.
    case sysrqF = "sysrq-f"
    /// Nothing failed.
    case none
    /// The request was still trying: a stall, not a failure.
    case allocationStall = "allocation-stall"
    /// A CMA area has no run of pages that are free or can be moved.
    case cmaArea = "cma-area"
    /// In the printed state, the request would have been served.
    case stateWouldServe = "state-would-serve"
    case unknown
}

extension Cause {
    /// Something that could be freed.
    enum Holding {
        case processes, tmpfs, hugePages, slab
    }

    /// A limit set by an administrator that was reached without any zone being asked.
    enum Limit {
        case cgroup, contiguousArea
    }

    /// What a cause is determined from, besides the request and the free blocks.
    enum Basis {
        case nothing
        /// The marks of the zones that the request may use.
        case marks
        /// Memory that is free elsewhere, or reserved for others.
        case places
        /// What the memory is used for.
        case holders
    }

    /// Whether it is a limit of the request itself, beyond which memory is free.
    var isRestriction: Bool {
        [.zoneExhausted, .movableOnly, .nodeFullThisNode, .nodemask, .mempolicy, .cpuset].contains(self)
    }

    /// Whether memory is full, so that whatever more is given is filled as well.
    public var isShortage: Bool { basis == .holders }

    /// Whether processes or tmpfs hold the missing memory, which could be swapped out.
    var isEasedBySwap: Bool { self == .processMemory || self == .tmpfs || self == .forkBomb }

    /// What holds the memory, if freeing it is worth trying; nil if nothing can be freed.
    var holding: Holding? {
        switch self {
        case .processMemory, .mlocked, .cpuset, .mempolicy: .processes
        case .tmpfs: .tmpfs
        case .hugetlb: .hugePages
        case .slabLeak: .slab
        case .fragmentation, .reservesExhausted, .belowMinNoReserve, .memoryFull, .zoneExhausted, .lowmemReserve,
            .highAtomic, .watermarkBoost, .movableOnly, .cmaOnly, .nodeFullThisNode, .memorylessNode, .nodemask,
            .memcg, .ramdisk, .pageLeak, .vmallocLeak, .balloon, .pageTables, .forkBomb, .vmallocSize, .orderTooLarge,
            .bootInitramfs, .sysrqF, .none, .stateWouldServe, .allocationStall, .cmaArea, .unknown:
            nil
        }
    }

    /// The limit that was reached; nil if zones decided.
    var limit: Limit? {
        switch self {
        case .memcg: .cgroup
        case .cmaArea: .contiguousArea
        case .fragmentation, .reservesExhausted, .belowMinNoReserve, .memoryFull, .zoneExhausted, .lowmemReserve,
            .highAtomic, .watermarkBoost, .movableOnly, .cmaOnly, .nodeFullThisNode, .memorylessNode, .nodemask,
            .mempolicy, .cpuset, .processMemory, .mlocked, .tmpfs, .ramdisk, .hugetlb, .slabLeak, .pageLeak,
            .vmallocLeak, .balloon, .pageTables, .forkBomb, .vmallocSize, .orderTooLarge, .bootInitramfs, .sysrqF,
            .none, .allocationStall, .stateWouldServe, .unknown:
            nil
        }
    }

    var basis: Basis {
        switch self {
        case .fragmentation, .orderTooLarge, .allocationStall, .cmaArea, .memcg, .vmallocSize, .sysrqF, .none,
            .unknown:
            .nothing
        case .reservesExhausted, .belowMinNoReserve: .marks
        case .stateWouldServe, .zoneExhausted, .lowmemReserve, .highAtomic, .watermarkBoost, .movableOnly,
            .cmaOnly, .nodeFullThisNode, .memorylessNode, .nodemask, .mempolicy, .cpuset:
            .places
        case .memoryFull, .processMemory, .mlocked, .tmpfs, .ramdisk, .hugetlb, .slabLeak, .pageLeak, .vmallocLeak,
            .balloon, .pageTables, .forkBomb, .bootInitramfs:
            .holders
        }
    }
}
