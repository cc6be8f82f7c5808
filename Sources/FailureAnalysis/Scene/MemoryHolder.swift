import KernelLog

/// What a part of the machine's memory is used for, by the report's counters.
public struct MemoryHolder: Hashable, Sendable {
    /// The uses that a report distinguishes.
    public enum Kind: CaseIterable, Hashable, Sendable {
        case processes
        case mlocked
        case tmpfs
        case pageCache
        case unevictable
        case slabUnreclaimable
        case slabReclaimable
        /// All slab caches: one figure up to 2.6.18.
        case slab
        /// Pages of processes and of the page cache: one figure up to 2.6.27.
        case lru
        /// Page tables.
        case pageTables
        /// Kernel stacks.
        case kernelStacks
        /// Pages in the pools of hugetlb.
        case hugePages
        /// Given back to a hypervisor (`Balloon:`, 6.16 and later).
        case balloon
        /// A graphics driver's pages (`gpu_active:`, 7.x).
        case graphics
        /// zswap's and zram's pages (`zspages:`, 6.19 and later).
        case compressedSwap
        /// Pages on per-CPU lists.
        case perCPU
        /// Free pages.
        case free
        /// In use, but on no counter: pages of drivers, vmalloc areas, RAM disks, leaks; on kernels older than those
        /// named above, also those of balloons, zswap and zram.
        case unaccounted

        /// The position in the order of declaration, which decides between two equal holders.
        var position: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// The use.
    public var kind: Kind
    /// The amount, in pages.
    public var pages: Int
}

/// The memory of the whole machine, divided among its holders.
public struct MemoryAccount: Hashable, Sendable {
    /// Pages that the allocator manages; nil where the report does not say, so that no shares can be given.
    public let managed: Int?
    /// The holders of at least one page, largest first.
    public let holders: [MemoryHolder]
    /// Swap space, in KiB; nil where the report does not say.
    public let swap: Swap?
    /// Whether all counters are known that a report of this form has; otherwise nobody knows how much is on none.
    public let isComplete: Bool
    /// Pages in the zones listed, where holders are known from those zones' own lines only; nil: from the machine's.
    public let listed: Int?

    /// The size of swap space and how much of it is free.
    public struct Swap: Hashable, Sendable {
        /// The size, in KiB.
        public var total: Int
        /// The free part, in KiB.
        public var free: Int
        /// It is being switched off: the total no longer has it, and what still lies there is counted below zero
        /// (`swapoff`, mm/swapfile.c, 4.16).
        public var isLeaving = false

        /// Whether no more than 1 % of it is free.
        public var isFull: Bool { total > 0 && free * 100 <= total }
        /// Whether at least half of it is free: reclaim could have written more to it.
        public var hasRoom: Bool { total > 0 && free * 2 >= total }
    }

    init(
        managed: Int?, holders: [MemoryHolder], swap: Swap?, isComplete: Bool = true, listed: Int? = nil
    ) {
        self.managed = managed
        self.isComplete = isComplete
        self.listed = listed
        self.holders = holders.filter { $0.pages > 0 }.sorted {
            ($1.pages, $0.kind.position) < ($0.pages, $1.kind.position)
        }
        self.swap = swap
    }

    /// Divides the memory; nil if the report lacks the totals.
    ///
    /// Shared memory counts among the anonymous pages of the LRU lists, so it is subtracted there; the part that the
    /// LRU lists cannot contain is locked.
    ///
    /// - Parameters:
    ///   - memory: The report's memory information.
    ///   - isWhole: Whether the listed zones are all zones of the machine, which matters if the totals are missing.
    init?(_ memory: FailureReport.MemoryInfo, isWhole: Bool = true) {
        let known = memory.knownCounters
        let total = memory.pageTotals["RAM"].flatMap { all in
            (memory.pageTotals["reserved"] ?? memory.pageTotals["reserved pages"]).map { max(0, all &- $0) }
        }
        let listed = memory.zones.reduce(0) { $0 &+ memory.pages(min(max(0, $1.managed ?? $1.present ?? 0), 1 << 42)) }
        let hasSizes = memory.zones.allSatisfy { $0.managed ?? $0.present != nil }
        let size = total ?? (isWhole && hasSizes ? listed : 0)
        guard !known.values.isEmpty else { return nil }
        let limit = size > 0 ? size : 1 << 40
        let swap = memory.totalSwap.flatMap { total in
            memory.freeSwap.map {
                Swap(total: min(max(0, total), 1 << 42), free: min(max(0, $0), 1 << 42), isLeaving: $0 < 0)
            }
        }

        let anonymous = known.pages("active_anon", "inactive_anon", "isolated_anon")
        let shared = known.pages("shmem")
        let locked = min(Self.sum(memory.zones, "mlocked", memory), known.pages("unevictable"))
        let stacks = Self.sum(memory.nodes, "kernel_stack", memory) + Self.sum(memory.zones, "kernel_stack", memory)
        let hugePages = memory.hugePages.reduce(0) { sum, pool in
            let (kibibytes, overflows) = max(0, pool.total).multipliedReportingOverflow(by: max(0, pool.size))
            return overflows ? sum : sum &+ min(memory.pages(kibibytes), limit)
        }
        let found: [MemoryHolder.Kind: Int] = [
            .processes: max(0, anonymous - shared),
            .mlocked: locked,
            .tmpfs: shared,
            .pageCache: known.pages("active_file", "inactive_file", "isolated_file"),
            .unevictable: max(0, known.pages("unevictable") - locked - max(0, shared - anonymous)),
            .slabUnreclaimable: known.pages("slab_unreclaimable"),
            .slabReclaimable: known.pages("slab_reclaimable"),
            .slab: known.pages("slab"),
            .lru: known.pages("active", "inactive"),
            .pageTables: known.pages("pagetables", "sec_pagetables"),
            .kernelStacks: stacks,
            .hugePages: min(hugePages, limit),
            .balloon: Self.sum(memory.nodes, "Balloon", memory),
            .graphics: Self.sum(memory.nodes, "gpu_active", memory) + Self.sum(memory.nodes, "gpu_reclaim", memory),
            .compressedSwap: Self.sum(memory.zones, "zspages", memory),
            .perCPU: known.pages("free_pcp"),
            .free: known.pages("free"),
        ]
        let counted = found.values.reduce(0, &+)
        var all = found.map { MemoryHolder(kind: $0.key, pages: $0.value) }
        let managed = Self.size(size, total: total, counted: counted, memory)
        // The nodes and zones listed are all, where their lines stand in for lost ones.
        let isComplete = known.lost.isEmpty && (!known.isSubstituted || ReportGaps.hasAllMemory(memory))
        if managed > 0, isComplete {
            all.append(MemoryHolder(kind: .unaccounted, pages: max(0, managed - counted)))
        }
        self.init(
            managed: managed > 0 ? managed : nil, holders: all, swap: swap, isComplete: isComplete,
            listed: known.isOfListedZones && hasSizes ? listed : nil)
    }

    /// The total memory in pages, which cannot be less than what is counted: zones may be missing from the list, and up
    /// to 3.10 no zone counted CMA's pages as managed. 0: unknown.
    private static func size(_ known: Int, total: Int?, counted: Int, _ memory: FailureReport.MemoryInfo) -> Int {
        guard known > 0, counted > known + known / 64 else { return known }
        if total != nil { return counted }
        let present = memory.zones.reduce(0) { $0 &+ memory.pages(min(max(0, $1.present ?? 0), 1 << 42)) }
        return present >= counted ? present : 0
    }

    /// The pages of a kind; 0 if it holds none.
    public func pages(_ kind: MemoryHolder.Kind) -> Int { holders.first { $0.kind == kind }?.pages ?? 0 }

    /// Pages of slab caches of all kinds.
    public var slab: Int { pages(.slabUnreclaimable) + pages(.slabReclaimable) + pages(.slab) }

    /// Whether the largest holder certainly holds more than half of the memory, whatever else the report omits.
    public var hasCertainLargest: Bool {
        guard let managed, let largest = largestInUse, largest.kind != .unaccounted else { return false }
        return largest.pages > managed / 2 && !mixesTmpfs(largest)
    }

    /// Whether a holder may be tmpfs as well as processes: both are on the same lists, and zones' lines from 4.8 on do
    /// not tell them apart.
    public func mixesTmpfs(_ holder: MemoryHolder) -> Bool {
        holder.kind == .processes && listed != nil && pages(.tmpfs) == 0
    }

    /// The largest holder of memory that is in use; nil if there is none.
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
