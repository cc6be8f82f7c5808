import FailureAnalysis
import SourceText
import Topology

/// A remedy in words: what was changed, and with what result.
struct RemedyWords {
    let remedy: Remedy
    let request: FailedRequest?
    /// The page size, in bytes.
    let pageSize: Int
    /// Whether memory is full, so that what is gained is soon filled.
    var isShortage = false

    private func amount(_ pages: Int) -> String {
        MemoryAmount.text(kibibytes: max(0, pages) &* max(1, pageSize / 1024))
    }

    // MARK: What was changed

    /// "order 3 instead of 4", "min_free_kbytes 4096 instead of 2048".
    var change: String {
        switch remedy.change {
        case .lowerOrder(let lower, let order): "order \(lower) instead of \(order)"
        case .noLowerOrder: "a lower order"
        case .unbind(.thisNode, _): "without __GFP_THISNODE"
        case .unbind(.nodemask, _): "without the node mask"
        case .unbind(.mempolicy, _): "without the memory policy's binding"
        case .unbind(.cpuset, _): "with all nodes in the cpuset"
        case .withoutZone(let zone, _): "without \(zone == .dma ? "GFP_DMA" : "GFP_DMA32")"
        case .movable: "with __GFP_HIGHMEM|__GFP_MOVABLE, if its pages can be migrated"
        case .atomic: "with GFP_ATOMIC"
        case .sleeping: "with GFP_KERNEL, where the caller may sleep"
        case .minFree(let change):
            change.needed.map { "min_free_kbytes \($0) instead of \(change.now)" } ?? "a larger min_free_kbytes"
        case .dropCaches: "drop caches (drop_caches 1)"
        case .moreSwap(0, _, _): "add swap"
        case .moreSwap: "more swap"
        case .watermarkScale: "a larger vm.watermark_scale_factor"
        case .zoneReclaim: "vm.zone_reclaim_mode 1"
        case .proactiveCompaction: "a higher vm.compaction_proactiveness"
        case .defragMode: "vm.defrag_mode 1"
        case .taskLimit: "a limit to the number of tasks (pids.max, TasksMax=, ulimit -u)"
        case .largerLowmemReserve: "a smaller vm.lowmem_reserve_ratio of the zone"
        case .track(.pageOwner): "page_owner=on at the next boot"
        case .track(.slabUsers): "slub_debug=U at the next boot, for the largest cache"
        case .cgroupLimit(let name, _, let isFirst):
            "a higher \(isFirst ? "memory.limit_in_bytes" : "memory.max")"
                + (name.map { " of \(VisibleText.of($0))" } ?? "")
        case .contiguousArea(let isLarger): "a \(isLarger ? "larger" : "smaller") cma="
        case .lessMovable: "a smaller movablecore=, or a larger kernelcore="
        case .practice(let practice): practice.change
        case .compaction: "compaction (/proc/sys/vm/compact_memory)"
        case .withoutBoost: "vm.watermark_boost_factor 0"
        case .withoutLowmemReserve: "vm.lowmem_reserve_ratio 0"
        case .release(.process(let name, let pid), _): "end or limit process \(name) (\(pid))"
        case .release(.tmpfs, _): "delete files of tmpfs, or shared memory"
        case .release(.hugePages, _): "set vm.nr_hugepages lower"
        case .release(.reclaimableSlab, _): "drop reclaimable slab (drop_caches 2)"
        case .release(.cachesAndSlab, _): "drop caches and reclaimable slab (drop_caches 3)"
        }
    }

    // MARK: What came of it

    /// The result, and its cost.
    var detail: String {
        if case .minFree(let change) = remedy.change { return detail(change) }
        if remedy.odds == .likely { return prospect }
        guard let zone = remedy.servingZone, remedy.helps else { return refusal }
        return "served from node \(zone.node) \(zone.kind)" + success
    }

    /// What follows "served from node 0 Normal".
    private var success: String {
        switch remedy.change {
        case .lowerOrder(let order, _): return ": \(MemoryAmount.text(kibibytes: (pageSize << order) / 1024)) at a time"
        case .unbind(_, let free), .withoutZone(_, let free), .movable(let free):
            return free.map {
                ", which the report does not list: \(amount($0)) are free there, assumed in blocks of the largest order"
            } ?? ""
        case .atomic: return ", from the reserve below the min mark"
        case .sleeping(let pages):
            return ", after reclaim of what the report shows as reclaimable (\(amount(pages)))"
        case .moreSwap(_, _, let pages):
            return ", with \(amount(pages)) of processes' memory in swap; the machine gets slow instead"
        case .dropCaches(let pages, _):
            return ", with \(amount(pages)) of clean page cache given back"
                + (request?.maySleep ?? false ? ", which reclaim had tried to get as well" : "")
        case .compaction(let blocks, _):
            return ", with free movable pages gathered into \(blocks) blocks of order \(request?.order ?? 0)"
        case .withoutBoost:
            return ": the marks had been raised for a while after fragmentation; the cost is more of it" + soonFull
        case .withoutLowmemReserve: return ": the cost is that nothing is kept for requests that can use no other zone"
        case .release(.process, let pages):
            return ", with \(amount(pages)) given back; a limit to its memory cgroup keeps it from growing again"
        case .release(_, let pages): return ", with \(amount(pages)) given back"
        case .noLowerOrder, .minFree, .watermarkScale, .zoneReclaim, .proactiveCompaction, .defragMode, .taskLimit,
            .largerLowmemReserve, .track, .practice, .cgroupLimit, .contiguousArea, .lessMovable:
            return ""
        }
    }

    private var soonFull: String {
        isShortage ? ", and what fills memory soon fills what that leaves" : ""
    }

    /// The prospect of a remedy that cannot be tried on a machine rebuilt from counts.
    private var prospect: String {
        switch remedy.change {
        case .dropCaches(let pages, let blocks):
            "\(amount(pages)) are clean page cache; if it lies at random, about \(blocks) blocks of order "
                + "\(request?.order ?? 0) would be free without it. Only once: the caches fill again"
        case .watermarkScale(let pages):
            "kswapd begins earlier to free what the report shows as reclaimable (\(amount(pages))), so that more is "
                + "free when urgent requests come; min_free_kbytes keeps the reserve itself larger"
        case .zoneReclaim(let pages):
            "each node frees its own page cache (\(amount(pages)) here) before requests go to the next node; the cost "
                + "is a smaller cache and slower requests"
        case .proactiveCompaction:
            "kcompactd puts movable pages together before blocks are asked for, the more the higher it is (0 to 100, "
                + "20 if nobody set it; 5.9 and later)"
        case .defragMode:
            "reclaim and compaction make whole pageblocks, and types are hardly mixed; the cost is more of their work "
                + "(6.15 and later)"
        case .taskLimit: "a limit for a group or user stops what makes so many"
        case .largerLowmemReserve:
            "keeps more of it from requests that could use a higher zone; the cost is less memory for those"
        case .track(.pageOwner):
            "/sys/kernel/debug/page_owner then says who allocated each page, if "
                + "CONFIG_PAGE_OWNER is set"
        case .track(.slabUsers):
            "alloc_traces (before 5.14 alloc_calls) of the cache, in /sys/kernel/debug/slab, then "
                + "say who allocated its objects"
        case .cgroupLimit(_, let limit, _):
            (limit.map { "it is \(MemoryAmount.text(kibibytes: max(0, $0))) now; " } ?? "")
                + "or what runs in the group must have less: the machine's free memory does not count"
        case .contiguousArea(true): "the area is set aside at boot; movable pages use it meanwhile"
        case .contiguousArea(false):
            "what the area does not keep serves every request; drivers that need a run of pages have less then"
        case .lessMovable: "what is not in ZONE_MOVABLE serves the kernel too; it may then hold hotplug up"
        case .practice(let practice): practice.detail
        case .moreSwap(let total, _, _):
            "all of it (\(MemoryAmount.text(kibibytes: total))) is used, so that processes have more than memory "
                + "holds; how much of memory is theirs, this report does not say"
        case .lowerOrder, .noLowerOrder, .unbind, .withoutZone, .movable, .atomic, .sleeping, .minFree, .compaction,
            .withoutBoost, .withoutLowmemReserve, .release:
            ""
        }
    }

    private var refusal: String {
        switch remedy.change {
        case .noLowerOrder: return "not even a single page could be allocated"
        case .unbind: return "the other nodes have no more to give"
        case .atomic: return "the reserve would not have been enough"
        case .sleeping(0): return "the report shows nothing that reclaim could free"
        case .sleeping(let pages): return "the report shows only \(amount(pages)) that reclaim could free"
        case .dropCaches(0, _): return "there is no clean page cache to drop"
        case .dropCaches(let pages, _) where remedy.servingZone != nil:
            return "\(amount(pages)) of clean page cache is all that is left, and reclaim had tried to get it as well"
        case .release(.reclaimableSlab, let pages) where remedy.servingZone != nil:
            return "\(amount(pages)) of it is all that is left, and reclaim had tried to get it as well"
        case .release(.hugePages, 0): return "all of them are in use"
        case .dropCaches(let pages, _):
            let scattered = request?.order ?? 0 > 0 ? ", counted as single pages: they need not lie together" : ""
            return "refused as before with \(amount(pages)) of clean page cache given back\(scattered)"
        case .compaction(0, true): return "most pages in use cannot be moved (they are on no LRU list)"
        case .compaction(let blocks, _):
            return "refused as before with free movable pages gathered into \(blocks) blocks of order "
                + "\(request?.order ?? 0)"
        case .release(_, let pages): return "refused as before with \(amount(pages)) given back"
        case .moreSwap(_, _, let pages):
            return "refused as before with \(amount(pages)) of processes' memory in swap"
        case .lowerOrder, .withoutZone, .movable, .minFree, .withoutBoost, .withoutLowmemReserve, .watermarkScale,
            .zoneReclaim, .proactiveCompaction, .defragMode, .taskLimit, .largerLowmemReserve, .track, .practice,
            .cgroupLimit, .contiguousArea, .lessMovable:
            return "refused as before"
        }
    }

    /// The limits of the value where the report leaves it open.
    private func uncertainty(_ change: Remedy.MinFree) -> String {
        guard let needed = change.needed, let lowest = change.lowest else { return "" }
        guard let highest = change.highest else {
            return " (\(lowest) or more, as CPUs take pages and count them several at a time)"
        }
        return lowest == needed && highest == needed
            ? "" : " (\(lowest) to \(highest), as CPUs take pages and count them several at a time)"
    }

    private func detail(_ change: Remedy.MinFree) -> String {
        guard change.needed != nil else {
            return "refused even at \(change.most), a fifth of the memory listed: "
                + (change.isBlockMissing
                    ? "what is missing is a block, not pages"
                    : "the request may not use what a higher mark keeps free")
        }
        let cost =
            "the smallest that would have kept it alive\(uncertainty(change)); \(amount(change.more)) more are kept "
            + "from everyone else"
        guard !remedy.helps else { return cost }
        return cost + ", but the report shows only \(amount(change.available)) that could have been kept free"
    }
}
