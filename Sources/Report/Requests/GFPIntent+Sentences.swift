import BuddyEngine
import GFP

extension GFPIntent {
    /// One statement about the request, for people.
    struct Sentence {
        /// The topic, such as "zone" or "reserves".
        let topic: String
        let text: String
    }

    /// The intent in plain words, always in the same order.
    var sentences: [Sentence] {
        [
            Sentence(topic: "zone", text: "takes pages from \(highestZone) and the zones below it"),
            Sentence(topic: "mobility", text: mobilityText),
            Sentence(topic: "sleep", text: sleepText),
            Sentence(
                topic: "kswapd",
                text: wakesKswapd ? "wakes kswapd when zones fall below their low mark" : "does not wake kswapd"),
            Sentence(topic: "reserves", text: reserveText),
            Sentence(topic: "failure", text: persistenceText + (warns ? "" : "; a failure is not reported")),
            Sentence(topic: "nodes", text: nodesText),
        ] + pageSentence
    }

    private var mobilityText: String {
        switch mobility {
        case .movable where highestZone == .movable:
            "movable: can be migrated, so it may lie in the Movable zone and in CMA pageblocks"
        case .movable: "movable: can be migrated, but the Movable zone also needs __GFP_HIGHMEM"
        case .reclaimable: "reclaimable: slab memory that shrinkers can free"
        case .unmovable, .highAtomic, .cma, .isolate: "unmovable: stays where it is until it is freed"
        }
    }

    private var sleepText: String {
        guard maySleep else { return "cannot sleep: no direct reclaim, usable in interrupts" }
        return switch (mayStartIO, mayCallFileSystems) {
        case (true, true): "may sleep: direct reclaim with I/O and file systems"
        case (true, false): "may sleep: direct reclaim with I/O but without file systems"
        case (false, true): "may sleep: direct reclaim with file systems but without I/O"
        case (false, false): "may sleep: direct reclaim of clean pages only, without I/O and file systems"
        }
    }

    private var reserveText: String {
        let pages =
            switch reserve {
            case .none: "none: stops at the min mark"
            case .quarter: "may go down to three quarters of the min mark"
            case .half: "may go down to half of the min mark"
            case .fiveEighths: "may go down to three eighths of the min mark"
            case .all: "may use every page: no mark stops it"
            }
        return mayUseHighAtomic ? pages + ", and HighAtomic pageblocks for orders above 0" : pages
    }

    private var persistenceText: String {
        switch persistence {
        case .noWaiting: "fails at once when no zone has enough"
        case .light: "fails after one light round of reclaim"
        case .progress: "retries while reclaim makes progress, without the OOM killer"
        case .usual: "up to order 3 retries and may invoke the OOM killer; higher orders give up early"
        case .forever: "retries for ever"
        }
    }

    private var nodesText: String {
        let nodes = thisNodeOnly ? "only the requested node" : "all nodes of the zonelist, nearest first"
        if mayIgnoreCpuset { return nodes + "; ignores the cpuset when memory is short" }
        return hardWall ? nodes + ", within the task's cpuset" : nodes
    }

    private var pageSentence: [Sentence] {
        var traits: [String] = []
        if zeroed { traits.append("zeroed") }
        if compound { traits.append("compound") }
        if accounted { traits.append("charged to the memory cgroup") }
        return traits.isEmpty ? [] : [Sentence(topic: "pages", text: traits.joined(separator: ", "))]
    }
}
