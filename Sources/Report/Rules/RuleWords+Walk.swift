extension RuleWords {
    /// Rules of walks over the zonelist, watermarks and reserves.
    static let walk: [String: RuleWords] = [
        "highAtomicDeduction": .init(
            "Highatomic pages that others may not count",
            ways: [
                "reserved": "all that are reserved, in use or not (nr_reserved_highatomic)",
                "free": "those that are free in reserved pageblocks (nr_free_highatomic)",
            ]),
        "boostExemption": .init(
            "Who may ignore a boost of the min watermark, at order 0",
            ways: [
                "atomicFlag": "requests with __GFP_ATOMIC",
                "minReserve": "requests that may use the min reserve (__GFP_HIGH)",
            ]),
        "marksZonesBelowHigh": .init(
            "A zone found below its high watermark",
            holds: "is marked (ZONE_BELOW_HIGH), which keeps its per-CPU lists short", else: "leaves no mark"),
        "boostWakeNeedsKswapdFlag": .init(
            "Waking kswapd after a boost", holds: "only by requests with __GFP_KSWAPD_RECLAIM",
            else: "by any request served from a boosted zone"),
        "passesOverAwakeNodes": .init(
            "A node whose kswapd is awake",
            holds: "is passed over, on a machine with several, until no other node has served",
            else: "is like any other"),
        "slowPath": .init(
            "After the second walk",
            ways: [
                "walksOnceMore": "every request calls kswapd and walks a third time before it reclaims or is refused",
                "walksOnceMoreWithNewRights":
                    "only a request that may now ignore its node mask or the watermarks calls kswapd and walks once more",
            ]),
        "reservesPerCPUBlocks": .init(
            "Reserving a pageblock for high orders that cannot sleep",
            holds: "the pageblock of whatever block such a request gets",
            else: "only that of a block off the free lists, not of one off a per-CPU list"),
        "reservesOnlyAtMinMark": .init(
            "When such a pageblock is reserved", holds: "only in a walk that keeps the min watermark",
            else: "in every walk that may"),
        "highAtomicInFirstWalk": .init(
            "The first walk of a high-order request that cannot sleep",
            holds: "may use the highatomic pageblocks already (ALLOC_HIGHATOMIC)",
            else: "leaves the highatomic pageblocks alone"),
        "hasDefragMode": .init(
            "vm.defrag_mode",
            holds: "can be set: no request breaks up another type's pageblock before it is about to be refused",
            else: "does not exist"),
        "rescuesInDefragMode": .init(
            "A request that cannot reclaim, in defragmentation mode",
            holds: "may break up another type's pageblock before it is refused", else: "is refused"),
        "boostStep": .init("What fragmentation raises the watermarks by each time") {
            $0 == 1 ? "one pageblock" : "\($0) pageblocks"
        },
        "boostCap": .init("The limit of a boost") {
            "\($0) % of what vm.watermark_boost_factor says about the high watermark"
        },
        "minReserveDivisor": .init("What __GFP_HIGH takes off the min watermark") { part($0) },
        "nonBlockDivisor": .init("What being unable to sleep takes off the rest") { part($0) },
        "oomDivisor": .init("What a victim of the OOM killer takes off the rest") { part($0) },
        "reportsTypeAskedFor": .init(
            "Events of blocks taken off a free list", holds: "name the type asked for", else: "name the list's type"),
        "urgency": .init(
            "A request that may go below the min watermark",
            ways: [
                "atomicFlag":
                    "has __GFP_HIGH, or __GFP_ATOMIC, or comes from a real-time task (ALLOC_HIGH, ALLOC_HARDER)",
                "cannotSleep":
                    "has __GFP_HIGH or comes from a real-time task; further if it cannot sleep (ALLOC_MIN_RESERVE, ALLOC_NON_BLOCK)",
            ]),
        "depth": .init(
            "How far below it",
            ways: [
                "eachByItself": "a part for __GFP_HIGH, a part of the rest for an urgent request, each by itself",
                "quarterAfterHalf": "a part for __GFP_HIGH, and only then a part of the rest if it cannot sleep",
            ]),
        "countsHighAtomic": .init("Who may count highatomic pages as free", ways: [:]),
        "seesHighAtomicBlocks": .init("For whom a highatomic block is one of its order", ways: [:]),
        "takesHighAtomicFirst": .init(
            "Who takes highatomic blocks first and has pageblocks reserved, above order 0", ways: [:]),
        "takesHighAtomicLast": .init("Who takes highatomic blocks last", ways: ["none": "nobody"]),
        "emergencyKeepsKswapd": .init(
            "A request that may use all reserves", holds: "still wakes kswapd after a boost",
            else: "no longer wakes kswapd after a boost"),
        "flagsWithoutFailing": .init(
            "What a request that must not fail is given in the end",
            ways: [
                "none": "nothing more", "minReserve": "what __GFP_HIGH may have of the reserves (ALLOC_MIN_RESERVE)",
                "nonBlock": "what an urgent request may have of the reserves (ALLOC_HARDER)",
            ]),
        "watermarkSteps": .init(
            "How far apart watermarks lie",
            ways: [
                "partsOfShare": "a quarter of the zone's share of min_free_kbytes",
                "scaleFactor": "that quarter, or vm.watermark_scale_factor's part of the zone if that is more",
            ]),
        "hasPromoMark": .init("Watermarks", holds: "min, low, high, promo", else: "min, low, high"),
        "nodeLoading": .init(
            "Nodes equally far in a zonelist",
            ways: [
                "placesLeft":
                    "load is set to the number of places left on the list, and distance weighs as many times more",
                "placesLeftAdded": "as many are added to the load as there are places left on the list",
                "timesChosen": "load is how often a node was the first of its distance",
            ]),
        "movableIsLikeHighMem": .init(
            "Watermarks of a Movable zone", holds: "a small minimum, like HighMem; no share of min_free_kbytes",
            else: "a share of min_free_kbytes by size"),
    ]
}
