import FailureAnalysis
import PageAllocator
import Topology

extension NoRefusal {
    /// Why the page allocator was not involved, as the end of a sentence.
    var reason: String {
        switch self {
        case .reportAskedFor: "the report was asked for, nothing failed"
        case .memoryCgroup: "a memory cgroup refused the charge, not the page allocator"
        case .killAskedFor: "the kill was asked for by a person (SysRq f)"
        case .pageFault:
            "a page fault said that it got no memory (pagefault_out_of_memory), which is not a request itself"
        case .nofailBeyondPromise:
            "the allocator warned of a request with __GFP_NOFAIL for more than it promises (a block above order 1, or "
                + "without the right to sleep)"
        case .wrongFree(let function):
            "the allocator warned of a page given back wrongly (\(function)), which is a mistake of the caller"
        case .vmallocAboveMemory: "vmalloc refused a size above the machine's memory"
        case .vmallocWithoutRoom: "vmalloc found no room in its address space"
        case .vmallocOfSize: "vmalloc refused the size: its address space had no room, or the machine has less memory"
        case .vmallocOfNothing: "vmalloc was asked for 0 bytes, which is a mistake of the caller"
        case .cmaArea: "a CMA area was asked, not the zones"
        case .hugePagesSetAside: "huge pages were to be set aside, and nothing else failed"
        }
    }
}

extension NotRebuilt {
    /// Why no machine could be rebuilt, as the end of a sentence.
    var reason: String {
        switch self {
        case .requestNotNamed: "the report does not say what was asked"
        case .headMissing: "the beginning of the report, which says what failed, is missing"
        case .noZones: "the report lists no zones"
        case .impossible(let why): why
        }
    }
}

extension MemoryHolder.Kind {
    /// The holder's name for people and scripts.
    var title: String {
        switch self {
        case .processes: "processes"
        case .mlocked: "mlocked"
        case .tmpfs: "tmpfs and shared memory"
        case .pageCache: "page cache"
        case .unevictable: "other unevictable pages"
        case .slabUnreclaimable: "unreclaimable slab"
        case .slabReclaimable: "reclaimable slab"
        case .slab: "slab"
        case .lru: "processes and page cache"
        case .pageTables: "page tables"
        case .kernelStacks: "kernel stacks"
        case .hugePages: "huge pages"
        case .balloon: "balloon, given back to the host"
        case .graphics: "graphics driver"
        case .compressedSwap: "swap compressed in memory (zswap, zram)"
        case .perCPU: "per-CPU lists"
        case .free: "free"
        case .unaccounted: "on no counter"
        }
    }
}

extension Gap {
    /// What is not stated, as an element of a list.
    var phrase: String {
        func place(_ zone: ZoneReference) -> String { "node \(zone.node) \(zone.kind)" }
        return switch self {
        case .request: "what failed"
        case .order: "the order"
        case .zones(let zones): "the lines of \(FailureSentence.list(zones.map(place)))"
        case .otherZones: "the end of the report, with further zones"
        case .free(let zone): "how much of \(place(zone)) is free"
        case .marks(let zone): "the marks of \(place(zone))"
        case .blocks(let zone): "the free blocks of \(place(zone))"
        case .highAtomicReserve(let zone): "what \(place(zone)) keeps for atomic requests"
        case .reserve(let zone): "what \(place(zone)) keeps for others (lowmem_reserve)"
        case .size(let zone): "the size of \(place(zone))"
        case .total: "how much memory there is in all"
        case .constraint: "which nodes the request was bound to"
        case .counters(let names): "the counters \(FailureSentence.list(names))"
        case .tasks: "how many tasks there were"
        case .hugePages: "how much is set aside as huge pages"
        case .mixed: "which lines are whose, since those of two reports are mixed"
        }
    }
}
