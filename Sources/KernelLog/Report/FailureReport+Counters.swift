extension FailureReport.MemoryInfo {
    /// What the whole machine's counters are known to be, in pages.
    public struct KnownCounters: Hashable, Sendable {
        /// By the kernel's name: the figures printed, and for lost ones the sums of the nodes' or zones' own lines.
        public fileprivate(set) var values: [String: Int]
        /// The counters of memory in use that neither a line of the machine's nor other lines give.
        public fileprivate(set) var lost: [String] = []
        /// A counter of memory in use is such a sum.
        public fileprivate(set) var isSubstituted = false
        /// Pages of processes and of the page cache are the sums of the zones listed.
        public fileprivate(set) var isOfListedZones = false

        /// The sum of counters, in pages, each between 0 and 2^40; of one that is not known, 0.
        public func pages(_ names: String...) -> Int {
            names.reduce(0) { $0 &+ min(max(0, values[$1] ?? 0), 1 << 40) }
        }
    }

    /// The counters that every kernel since 2.6.31 prints and that show who has the memory.
    private static let counterNames = [
        "active_anon", "inactive_anon", "active_file", "inactive_file", "unevictable", "slab_reclaimable",
        "slab_unreclaimable", "shmem", "pagetables",
    ]

    /// The counters of the whole machine. Its own lines may be lost where those of nodes (from 4.8 on) or zones are
    /// not, which have most of the same figures (`show_free_areas`, mm/page_alloc.c).
    public var knownCounters: KnownCounters {
        var known = KnownCounters(values: counters)
        // Kernels up to 2.6.30 have fewer counters and others.
        let isOldest = counters["slab"] != nil || counters["active"] != nil
        guard !isOldest, !counters.isEmpty || !zones.isEmpty || !nodes.isEmpty else { return known }
        for name in Self.counterNames + ["isolated_anon", "isolated_file", "free", "free_pcp", "free_cma"] {
            let ofNodes = sum(of: nodes.map(\.kibibytes), name)
            guard let sum = ofNodes ?? sum(of: zones.map(\.kibibytes), name) else { continue }
            // A machine has what its zones have: a figure of less than half that is another's, from a line that was broken
            // within a name (`in`, `active_anon:1973`).
            if let own = known.values[name], own >= sum / 2 || sum < 256 { continue }
            known.values[name] = sum
            if name == "active_anon", ofNodes == nil { known.isOfListedZones = true }
            if Self.counterNames.contains(name) { known.isSubstituted = true }
        }
        // Zones alone, without what they hold, say nothing of the machine.
        guard !counters.isEmpty || known.values["active_anon"] != nil else { return KnownCounters(values: [:]) }
        known.lost = Self.counterNames.filter { known.values[$0] == nil }
        // `shmem` and `isolated_anon` are of 2.6.32.
        if known.lost == ["shmem"], known.values["isolated_anon"] == nil { known.lost = [] }
        return known
    }

    /// The sum of a figure over lines that all have it, in pages; nil where one has not.
    private func sum(of lines: [[String: Int]], _ name: String) -> Int? {
        let printed = name.hasPrefix("isolated_") ? "isolated(\(name.dropFirst(9)))" : name
        let found = lines.compactMap { $0[printed] }
        guard !found.isEmpty, found.count == lines.count else { return nil }
        return found.reduce(0) { $0 &+ pages(min(max(0, $1), 1 << 42)) }
    }
}
