extension GFPIntent {
    /// One thing about the request, for people.
    public struct Sentence: Hashable, Encodable, Sendable {
        /// Such as "zone" or "reserves".
        public let topic: String
        public let text: String
    }

    /// The intent in plain words, always in the same order.
    public var sentences: [Sentence] {
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
        default: "unmovable: stays where it is until it is freed"
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

extension GFPIntent: Encodable {
    private enum CodingKeys: String, CodingKey {
        case flags, highestZone, mobility, maySleep, wakesKswapd, mayStartIO, mayCallFileSystems, reserve
        case mayUseHighAtomic, persistence, thisNodeOnly, hardWall, mayIgnoreCpuset, zeroed, compound, accounted, warns
        case sentences
    }

    /// Flags, zone and mobility by the kernel's names, the rest as the properties are called.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(flags.members.compactMap(\.name), forKey: .flags)
        try container.encode(highestZone.kernelName, forKey: .highestZone)
        try container.encode(mobility.kernelName, forKey: .mobility)
        try container.encode(maySleep, forKey: .maySleep)
        try container.encode(wakesKswapd, forKey: .wakesKswapd)
        try container.encode(mayStartIO, forKey: .mayStartIO)
        try container.encode(mayCallFileSystems, forKey: .mayCallFileSystems)
        try container.encode(reserve, forKey: .reserve)
        try container.encode(mayUseHighAtomic, forKey: .mayUseHighAtomic)
        try container.encode(persistence, forKey: .persistence)
        try container.encode(thisNodeOnly, forKey: .thisNodeOnly)
        try container.encode(hardWall, forKey: .hardWall)
        try container.encode(mayIgnoreCpuset, forKey: .mayIgnoreCpuset)
        try container.encode(zeroed, forKey: .zeroed)
        try container.encode(compound, forKey: .compound)
        try container.encode(accounted, forKey: .accounted)
        try container.encode(warns, forKey: .warns)
        try container.encode(sentences, forKey: .sentences)
    }
}
