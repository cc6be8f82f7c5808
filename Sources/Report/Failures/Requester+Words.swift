import FailureAnalysis
import SourceText

extension Requester {
    /// "nfsd_reply_cache_init (nfsd), a large kmalloc".
    var phrase: String {
        let place = module.map { " (\($0))" } ?? ""
        return "\(VisibleText.of(function))\(VisibleText.of(place))" + (purpose.phrase.map { ", \($0)" } ?? "")
    }
}

extension Requester.Purpose {
    /// What the memory was for; nil: unknown.
    var phrase: String? {
        switch self {
        case .slab: "for a slab cache"
        case .largeKmalloc: "with a large kmalloc"
        case .vmalloc: "as one of the many requests of a vmalloc"
        case .pageFault: "for a page that a process touched"
        case .copyOnWrite: "for a copy of a shared page"
        case .transparentHugePage: "for a transparent huge page"
        case .hugePage: "for a huge page"
        case .pageCache: "for the page cache"
        case .tmpfs: "for tmpfs or shared memory"
        case .pageTable: "for a page table"
        case .fork: "for a new task"
        case .networkReceive: "to receive from the network"
        case .networkSend: "to send to the network"
        case .dma: "for DMA"
        case .swapIn: "to read from swap"
        case .pipe: "for a pipe"
        case .module: "for a module"
        case .filesystemBuffer: "for a file system's buffers"
        case .other: nil
        }
    }
}

extension Requester.Practice {
    var change: String {
        switch self {
        case .kvmalloc: "kvmalloc in the caller"
        case .smallerRing: "smaller rings"
        case .allocateAtProbe: "allocate when the driver is loaded, or from CMA"
        case .reserveAtBoot: "reserve at boot"
        case .crashKernel: "a larger crashkernel="
        case .quietFallback: "__GFP_NORETRY|__GFP_NOWARN and a fallback"
        case .vmapStack: "CONFIG_VMAP_STACK"
        }
    }

    /// What developers did about such requests.
    var detail: String {
        switch self {
        case .kvmalloc:
            "what developers did about large kmallocs that need not be one block: single pages where there is none"
        case .smallerRing:
            "what developers and administrators did: fewer or smaller buffers (ethtool -G, a smaller MTU), single pages for "
                + "each"
        case .allocateAtProbe:
            "what developers did about large DMA buffers: while memory is whole, or from an area kept for it (cma=)"
        case .reserveAtBoot: "huge pages are there at boot (hugepages=), and seldom later"
        case .crashKernel: "the kernel that writes the dump has only what was set aside for it"
        case .quietFallback: "what developers did about buffers that may be smaller"
        case .vmapStack: "stacks of single pages instead of a block, from 4.9 on"
        }
    }
}
