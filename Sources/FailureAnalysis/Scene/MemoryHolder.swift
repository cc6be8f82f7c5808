import KernelLog

/// What a part of the machine's memory is used for, by the report's counters.
public struct MemoryHolder: Hashable, Sendable {
    public enum Kind: CaseIterable, Hashable, Sendable {
        case processes
        case mlocked
        case tmpfs
        case pageCache
        case unevictable
        case slabUnreclaimable
        case slabReclaimable
        /// Up to 2.6.18 slab is one figure.
        case slab
        /// Up to 2.6.27 pages of processes and of the page cache are one figure.
        case lru
        case pageTables
        case kernelStacks
        case hugePages
        /// Given back to a hypervisor (`Balloon:`, 6.16 and later).
        case balloon
        /// A graphics driver's pages (`gpu_active:`, 7.x).
        case graphics
        /// zswap's and zram's pages (`zspages:`, 6.19 and later).
        case compressedSwap
        case perCPU
        case free
        /// In use and on no counter: pages of drivers, vmalloc areas, RAM disks, leaks; before the kernels named, a
        /// balloon's, and zswap's and zram's.
        case unaccounted

        /// In order of declaration: which of two equal holders comes first.
        var position: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    public var kind: Kind
    public var pages: Int
}

/// The whole machine's memory divided among its holders.
public struct MemoryAccount: Hashable, Sendable {
    /// Pages that the allocator manages; nil where the report does not say, so that there are no shares.
    public let managed: Int?
    /// Largest first; only those that hold anything.
    public let holders: [MemoryHolder]
    /// Swap space, in KiB; nil where the report does not say.
    public let swap: Swap?

    public struct Swap: Hashable, Sendable {
        /// KiB.
        public var total: Int
        /// KiB.
        public var free: Int

        public var isFull: Bool { total > 0 && free * 100 <= total }
        /// At least half of it is free: reclaim could have written more there.
        public var hasRoom: Bool { total > 0 && free * 2 >= total }
    }

    init(managed: Int?, holders: [MemoryHolder], swap: Swap?) {
        self.managed = managed
        self.holders = holders.filter { $0.pages > 0 }.sorted {
            ($1.pages, $0.kind.position) < ($0.pages, $1.kind.position)
        }
        self.swap = swap
    }

    /// Nil if the report lacks the totals.
    ///
    /// Shared memory counts among anonymous pages of the LRU lists, so it is taken off there; what the LRU does not have
    /// of it is locked.
    ///
    /// - `isWhole`: Whether the zones listed are all there are, should the totals be missing.
    init?(_ memory: FailureReport.MemoryInfo, isWhole: Bool = true) {
        let counters = memory.counters
        func pages(_ names: String...) -> Int { names.reduce(0) { $0 &+ min(max(0, counters[$1] ?? 0), 1 << 40) } }
        let total = memory.pageTotals["RAM"].flatMap { all in
            (memory.pageTotals["reserved"] ?? memory.pageTotals["reserved pages"]).map { max(0, all &- $0) }
        }
        let listed = memory.zones.reduce(0) { $0 &+ memory.pages(min(max(0, $1.managed ?? $1.present ?? 0), 1 << 42)) }
        let known = total ?? (isWhole && memory.zones.allSatisfy { $0.managed ?? $0.present != nil } ? listed : 0)
        guard !counters.isEmpty else { return nil }
        let limit = known > 0 ? known : 1 << 40
        let swap = memory.totalSwap.flatMap { total in
            memory.freeSwap.map { Swap(total: min(max(0, total), 1 << 42), free: min(max(0, $0), 1 << 42)) }
        }

        let anonymous = pages("active_anon", "inactive_anon", "isolated_anon")
        let shared = pages("shmem")
        let locked = min(Self.sum(memory.zones, "mlocked", memory), pages("unevictable"))
        let stacks = Self.sum(memory.nodes, "kernel_stack", memory) + Self.sum(memory.zones, "kernel_stack", memory)
        let hugePages = memory.hugePages.reduce(0) { sum, pool in
            let (kibibytes, overflows) = max(0, pool.total).multipliedReportingOverflow(by: max(0, pool.size))
            return overflows ? sum : sum &+ min(memory.pages(kibibytes), limit)
        }
        let found: [MemoryHolder.Kind: Int] = [
            .processes: max(0, anonymous - shared),
            .mlocked: locked,
            .tmpfs: shared,
            .pageCache: pages("active_file", "inactive_file", "isolated_file"),
            .unevictable: max(0, pages("unevictable") - locked - max(0, shared - anonymous)),
            .slabUnreclaimable: pages("slab_unreclaimable"),
            .slabReclaimable: pages("slab_reclaimable"),
            .slab: pages("slab"),
            .lru: pages("active", "inactive"),
            .pageTables: pages("pagetables", "sec_pagetables"),
            .kernelStacks: stacks,
            .hugePages: min(hugePages, limit),
            .balloon: Self.sum(memory.nodes, "Balloon", memory),
            .graphics: Self.sum(memory.nodes, "gpu_active", memory) + Self.sum(memory.nodes, "gpu_reclaim", memory),
            .compressedSwap: Self.sum(memory.zones, "zspages", memory),
            .perCPU: pages("free_pcp"),
            .free: pages("free"),
        ]
        let counted = found.values.reduce(0, &+)
        var all = found.map { MemoryHolder(kind: $0.key, pages: $0.value) }
        let size = Self.size(known, total: total, counted: counted, memory)
        if size > 0 { all.append(MemoryHolder(kind: .unaccounted, pages: max(0, size - counted))) }
        self.init(managed: size > 0 ? size : nil, holders: all, swap: swap)
    }

    /// Pages of all memory, which cannot be less than what is counted: zones may not be listed, and up to 3.10 CMA's pages
    /// were among none's managed ones. 0: not known.
    private static func size(_ known: Int, total: Int?, counted: Int, _ memory: FailureReport.MemoryInfo) -> Int {
        guard known > 0, counted > known + known / 64 else { return known }
        if total != nil { return counted }
        let present = memory.zones.reduce(0) { $0 &+ memory.pages(min(max(0, $1.present ?? 0), 1 << 42)) }
        return present >= counted ? present : 0
    }

    public func pages(_ kind: MemoryHolder.Kind) -> Int { holders.first { $0.kind == kind }?.pages ?? 0 }

    /// Pages of slab caches, of all kinds.
    public var slab: Int { pages(.slabUnreclaimable) + pages(.slabReclaimable) + pages(.slab) }

    /// More than half of the memory is known to be the largest holder's, whatever else is not stated.
    var hasCertainLargest: Bool {
        guard let managed, let largest = largestInUse, largest.kind != .unaccounted else { return false }
        return largest.pages > managed / 2
    }

    /// Who holds most of what is in use.
    public var largestInUse: MemoryHolder? { holders.first { $0.kind != .free && $0.kind != .perCPU } }

    private static func sum(_ zones: [FailureReport.ZoneUsage], _ name: String, _ memory: FailureReport.MemoryInfo)
        -> Int
    {
        zones.reduce(0) { $0 &+ memory.pages(min(max(0, $1.kibibytes[name] ?? 0), 1 << 42)) }
    }

    private static func sum(_ nodes: [FailureReport.NodeUsage], _ name: String, _ memory: FailureReport.MemoryInfo)
        -> Int
    {
        nodes.reduce(0) { $0 &+ memory.pages(min(max(0, $1.kibibytes[name] ?? 0), 1 << 42)) }
    }
}
