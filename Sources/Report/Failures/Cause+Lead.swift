import FailureAnalysis

extension Cause {
    /// The answer in a sentence that needs no knowledge of the allocator: what stands first, before the request and the
    /// figures. Nil: those say it all.
    var lead: String? {
        switch self {
        case .fragmentation: "Memory was free, but in pieces smaller than the block that was asked for."
        case .reservesExhausted: "Too little memory was free for a request that cannot wait."
        case .belowMinNoReserve: "Too little memory was free for a request that can neither wait nor use reserves."
        case .zoneExhausted: "The part of memory that the request may use was full, while the rest had plenty."
        case .lowmemReserve: "Memory was free, but is kept for other requests."
        case .highAtomic: "Memory was free, but is kept for urgent requests of large blocks."
        case .watermarkBoost: "Memory was free, but more of it than usual had to stay free for a while."
        case .movableOnly: "Memory was free, but only for pages that can be moved."
        case .cmaOnly: "Memory was free, but nearly all of it in areas kept for devices."
        case .nodeFullThisNode: "The node that the request insists on was full, while others had plenty."
        case .memorylessNode: "The node that the request insists on has no memory."
        case .nodemask: "The nodes that the request may use were full, while others had plenty."
        case .mempolicy: "The nodes of the process's memory policy were full, while others had plenty."
        case .cpuset: "The nodes of the process's cpuset were full, while others had plenty."
        case .memoryFull: "Memory was full."
        case .processMemory: "Memory was full, the largest part of it with processes."
        case .mlocked: "Memory was full, the largest part of it locked by processes."
        case .tmpfs: "Memory was full, the largest part of it with tmpfs or shared memory."
        case .ramdisk: "Memory was full, the largest part of it with a RAM disk."
        case .hugetlb: "Memory was full, the largest part of it set aside as huge pages."
        case .slabLeak: "Memory was full, the largest part of it with the kernel's slab caches."
        case .pageLeak: "Memory was full, the largest part of it on no counter."
        case .balloon: "Memory was full, the largest part of it given back to the host."
        case .vmallocLeak: "Memory was full, the largest part of it allocated by vmalloc."
        case .pageTables: "Memory was full, the largest part of it with page tables."
        case .forkBomb: "Memory was full, with very many processes."
        case .bootInitramfs: "Memory was full before the first process ran."
        case .stateWouldServe:
            "Memory ran short for a moment: by the state that was printed, the request would be served."
        case .allocationStall: "A request has been waiting for memory for long."
        case .memcg, .vmallocSize, .orderTooLarge, .sysrqF, .none, .cmaArea, .unknown: nil
        }
    }
}
