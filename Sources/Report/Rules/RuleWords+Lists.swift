extension RuleWords {
    /// Rules of free lists and per-CPU lists.
    static let lists: [String: RuleWords] = [
        "fallback": .init(
            "A request whose own type has no block",
            ways: [
                "moveThenSearch":
                    "moves the found pageblock's free blocks, or the found block alone, to its own lists and searches again",
                "claimOrSplit":
                    "claims a pageblock whole, or splits the smallest sufficient block of another type where it lies",
            ]),
        "claimFromOrder": .init("Claiming a pageblock for Movable pages") {
            $0 == 0 ? "from blocks of half the pageblock order on" : "from blocks of order \($0) on"
        },
        "claimDivisor": .init("What of a pageblock must be free or alike to claim it") { part($0) },
        "highAtomicLimit": .init(
            "Limit of highatomic reservation",
            ways: [
                "hundredthPlusPageblock": "a share of the managed pages and one pageblock",
                "hundredthRoundedUp":
                    "a share of the managed pages, up to whole pageblocks; nothing if that is below one",
            ]),
        "highAtomicDivisor": .init("That share") { "\(part($0)) of the managed pages" },
        "countsEachChange": .init(
            "Counting free pages", holds: "at each block taken, added or moved",
            else: "when a request has its block, or a list its whole refill"),
        "merging": .init(
            "Merging free pageblocks of different types",
            ways: [
                "allButIsolated": "any types, highatomic and CMA too, but not isolated ones",
                "ordinaryTypes": "only unmovable, movable and reclaimable ones",
            ]),
        "retypesMergedBuddy": .init(
            "Merging with a buddy of another type", holds: "gives the buddy's pageblock its own type",
            else: "leaves the types as they are"),
        "freesByPageblock": .init(
            "Freeing a block larger than a pageblock", holds: "pageblock by pageblock, each as its own type",
            else: "whole, as its first type"),
        "movesCutPageblock": .init(
            "A pageblock that begins before its zone", holds: "is moved to another type from the found block on",
            else: "is not moved"),
        "sizing": .init(
            "Refills and overflows of per-CPU lists",
            ways: [
                "oneBatch": "one batch each, a fixed high",
                "fixedHigh": "one batch a refill, a fixed high; what an overflow gives back doubles each time",
                "movingHigh":
                    "a refill doubles each time, high moves between two limits, an overflow gives back what was freed in a row",
            ]),
        "batchScaleMax": .init("Largest refill and overflow") { "the batch times 2 to the power of \($0)" },
        "batchKibibytes": .init("Largest batch of per-CPU lists") { "a quarter of \($0) KiB" },
        "high": .init(
            "What per-CPU lists may hold",
            ways: [
                "sixBatches": "six batches",
                "lowWatermark": "the zone's low watermark, shared by the node's CPUs",
                "lowWatermarkToEighth":
                    "the zone's low watermark, and up to an eighth of the zone, shared by the node's CPUs",
            ]),
        "largestOrder": .init("Orders that have per-CPU lists") { $0 == 0 ? "single pages" : "0 to \($0)" },
        "holdsHugePages": .init("Huge pages", holds: "have per-CPU lists", else: "have no per-CPU lists"),
        "countsContiguousAreas": .init(
            "Sizes of per-CPU lists in a zone with a contiguous memory area", holds: "count its pages",
            else: "do not count its pages, which come later"),
        "givingBack": .init(
            "Giving pages of per-CPU lists back",
            ways: [
                "inTurns": "a page of each list in turn", "listAfterList": "list after list, each until it is empty",
            ]),
        "goesOnToFreeLists": .init(
            "A per-CPU list that cannot be refilled",
            holds: "leaves the request to the free lists, highatomic pages included",
            else: "refuses the request in this zone"),
        "pagesCarryType": .init(
            "The type of a page on a per-CPU list", holds: "the one it came with (get_pcppage_migratetype)",
            else: "that of its pageblock when it goes back"),
        "refillsForHighAtomic": .init(
            "An empty per-CPU list and a high-order request that cannot sleep",
            holds: "the list is refilled, as for others",
            else: "the request turns to the free lists and their reserve"),
        "keepsHalfOfHighMin": .init(
            "Blocks of orders 1 to 3 freed in a row",
            holds: "empty the lists only after a batch and half of the low limit", else: "empty the lists earlier"),
        "givesBackInPortions": .init(
            "Giving an overflow back", holds: "in portions of a batch, each beginning with the list freed to",
            else: "all at once"),
    ]

    /// Rules of reclaim.
    static let reclaim: [String: RuleWords] = [
        "repeatsFruitlessReclaim": .init(
            "A direct reclaim that freed nothing", holds: "is done, and counted, a second time over all control groups",
            else: "is over"),
        "keepsGenerations": .init(
            "Pages that can be reclaimed", holds: "are kept by generation (MGLRU), at least 64 looked at each time",
            else: "are kept on active and inactive lists, at least 32 looked at each time"),
        "looksAfterSkippedCompaction": .init(
            "Direct compaction that was skipped",
            holds: "counts as a stall, and is followed by a look at the free lists", else: "is not counted"),
        "soonGivesUpHighAtomic": .init(
            "Highatomic pageblocks are given up", holds: "whenever reclaim seems to be of no use",
            else: "after 16 rounds of reclaim that freed nothing"),
        "shortensPerCPULists": .init(
            "Per-CPU lists of a zone that kswapd is at work in", holds: "are kept short (ZONE_RECLAIM_ACTIVE)",
            else: "stay as they are"),
        "keepsToCpuset": .init(
            "Compacting for a task in a cpuset",
            holds: "only zones of the cpuset, and only those count when reclaim is judged hopeless",
            else: "every zone on the way, in the cpuset or not"),
        "freesRenewHope": .init(
            "Frees that bring a zone above its high watermark again",
            holds: "let a kswapd that had given up try again, where there is a node to fall back on",
            else: "do not concern a kswapd that had given up"),
        "looksAgainAfterFruitlessNodeReclaim": .init(
            "After the reclaim of vm.zone_reclaim_mode", holds: "the zone is looked at again, whatever was freed",
            else: "the zone is looked at again if anything was freed"),
        "hopelessAfter": .init("kswapd gives a node up") { "after \($0) rounds in a row that free nothing" },
        "freeSearch": .init(
            "Compaction that finds no free page in the upper half on the Movable lists continues",
            ways: [
                "anyHighest": "at the highest free page that it saw",
                "upperHalf": "in the middle, with the pageblock there first",
                "checksTargets": "in the middle, with the pageblock there first if pages may be moved into it",
            ]),
        "drainsByWorker": .init(
            "Emptying all per-CPU lists after a direct reclaim",
            holds: "is left to a worker: the task waits, and others have the CPU meanwhile",
            else: "is done by the task itself"),
        "proactiveDeferral": .init(
            "After compacting ahead of need in vain, kcompactd",
            ways: [
                "passesOverChecks": "passes over its next 64 checks",
                "waitsLonger": "waits 64 times as long, unless it is called before",
            ]),
        "countsProactiveScans": .init(
            "Pages that kcompactd scans by itself", holds: "count as its own (compact_daemon_migrate_scanned)",
            else: "count only as scanned"),
        "countsWholeFreeBlocks": .init(
            "A free block that compaction comes by", holds: "counts as scanned with all its pages",
            else: "counts as one page scanned"),
        "cacheFolioOrder": .init("A block device's page cache is read ahead, and reclaimed") {
            $0 == 0 ? "page by page" : "in folios of order \($0)"
        },
        "scheduler": .init(
            "A CPU that kswapd shares with the task that woke it",
            ways: [
                "completelyFair":
                    "is kswapd's at once if it has run less, else after a slice of 3 ms, once it has (CFS)",
                "earliestDeadline": "is kswapd's at once if it has run no more, else at a tick, once it has (EEVDF)",
            ]),
        "preemption": .init(
            "A task in the kernel that is to give up the CPU does so",
            ways: [
                "none": "where reclaim and compaction offer it (CONFIG_PREEMPT_NONE)",
                "voluntary": "there, and where a request begins that may sleep (CONFIG_PREEMPT_VOLUNTARY)",
                "lazy": "anywhere, at the tick after the one that told it (CONFIG_PREEMPT_LAZY)",
            ]),
    ]
}
