/// Why a request failed, by name. The raw value is what scripts see.
public enum Cause: String, CaseIterable, Hashable, Sendable {
    /// Enough pages are free, but not in blocks of the order asked for.
    case fragmentation
    /// Urgent requests have used up what is kept below the min mark for them.
    case reservesExhausted = "reserves-exhausted"
    /// Below the min mark, for a request that may neither sleep nor use reserves.
    case belowMinNoReserve = "below-min-no-reserve"
    /// Memory is in use, inside the kernel or by caches that could not be given up.
    case memoryFull = "memory-full"
    /// The zones that the mask allows are used up; memory is free in others.
    case zoneExhausted = "zone-exhausted"
    /// What is free is kept from requests that could use a higher zone.
    case lowmemReserve = "lowmem-reserve"
    /// What is free is kept for atomic requests of high orders.
    case highAtomic = "highatomic"
    /// The marks were raised for a while after fragmentation.
    case watermarkBoost = "watermark-boost"
    /// What is free lies in ZONE_MOVABLE, which the request may not use.
    case movableOnly = "movable-only"
    /// What is free belongs to CMA, which only movable requests may use.
    case cmaOnly = "cma-only"
    /// The one node that the request may use is full.
    case nodeFullThisNode = "node-full-thisnode"
    /// The one node that the request may use has no memory.
    case memorylessNode = "memoryless-node"
    /// The nodes of the caller's node mask are full, others are not.
    case nodemask
    /// The nodes of the memory policy are full, others are not.
    case mempolicy
    /// The nodes of the cpuset are full, others are not.
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
    /// Pages that no counter of the report has.
    case pageLeak = "page-leak"
    case vmallocLeak = "vmalloc-leak"
    /// A balloon driver has given the memory back to the hypervisor.
    case balloon
    case pageTables = "page-tables"
    /// Very many processes: their stacks, page tables and task structures.
    case forkBomb = "fork-bomb"
    /// vmalloc was asked for more than the machine, or its address space, has.
    case vmallocSize = "vmalloc-size"
    case orderTooLarge = "order-too-large"
    /// Most memory was taken before the first process ran, by the initial file system among others.
    case bootInitramfs = "boot-initramfs"
    /// A kill asked for by a person.
    case sysrqF = "sysrq-f"
    /// Nothing failed.
    case none
    /// The request was still trying: a stall, not a failure.
    case allocationStall = "allocation-stall"
    /// A CMA area has no run of pages that are free or could be moved.
    case cmaArea = "cma-area"
    /// The state printed would have served the request.
    case stateWouldServe = "state-would-serve"
    case unknown
}

extension Cause {
    /// What someone could let go of.
    enum Holding {
        case processes, tmpfs, hugePages, slab
    }

    /// A limit that an administrator sets, where no zone was asked.
    enum Limit {
        case cgroup, contiguousArea
    }

    /// What a cause is determined from, beside the request and the free blocks.
    enum Basis {
        case nothing
        /// The marks of the zones that the request may use.
        case marks
        /// What is free elsewhere, or kept for others.
        case places
        /// Who has the memory.
        case holders
    }

    /// The request's own limits, where memory is free beyond them.
    var isRestriction: Bool {
        [.zoneExhausted, .movableOnly, .nodeFullThisNode, .nodemask, .mempolicy, .cpuset].contains(self)
    }

    /// Whether processes or tmpfs hold what is missing, which swap could take.
    var isEasedBySwap: Bool { self == .processMemory || self == .tmpfs || self == .forkBomb }

    /// What holds the memory, where letting go of it is worth trying; nil: nothing that can be let go of.
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

    /// The limit that was reached; nil: none, the zones decided.
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
