import BuddyEngine
import GFP

extension FailureReport {
    /// The block that `show_mem` prints from `Mem-Info:` to the last `pages ...` line.
    public struct MemoryInfo: Hashable, Sendable {
        /// Counters of the whole machine in pages, by the kernel's name (`active_anon`, `slab_unreclaimable`, `free`,
        /// ...).
        public var counters: [String: Int] = [:]
        /// The lines of nodes.
        public var nodes: [NodeUsage] = []
        /// The zones printed: only those that the request may use; `free` in ``counters`` includes all.
        public var zones: [ZoneUsage] = []
        /// The lines of huge pages.
        public var hugePages: [HugePagePool] = []
        /// `N total pagecache pages`.
        public var pageCachePages: Int?
        /// `N pages in swap cache`.
        public var swapCachePages: Int?
        /// In KiB.
        public var freeSwap: Int?
        /// In KiB.
        public var totalSwap: Int?
        /// The lines `N pages RAM`, `N pages reserved`, `N pages HighMem/MovableOnly`, `N pages cma reserved`, `N pages
        /// hwpoisoned`, `N pages shared`, ..., by what they count.
        public var pageTotals: [String: Int] = [:]
        /// In bytes, from the smallest block of the free lists; nil without those lines.
        public var pageSize: Int?

        /// The page size to assume: 4096 if the report does not tell.
        public var assumedPageSize: Int { pageSize ?? 4096 }

        /// A figure in KiB as pages, rounded down.
        public func pages(_ kibibytes: Int) -> Int { kibibytes / max(1, assumedPageSize / 1024) }
    }

    /// `Node 0 active_anon:...` (from 4.8).
    public struct NodeUsage: Hashable, Sendable {
        /// The node.
        public var node: Int
        /// Amounts in KiB, by the kernel's name.
        public var kibibytes: [String: Int] = [:]
        /// Figures without a unit, such as `pages_scanned`.
        public var counts: [String: Int] = [:]
        /// `all_unreclaimable?`: reclaim had been given up.
        public var isAllUnreclaimable: Bool?
    }

    /// `Node 0 DMA free:...` and the lines that belong to it.
    public struct ZoneUsage: Hashable, Sendable {
        /// The node; 0 if the kernel prints none (without CONFIG_NUMA).
        public var node: Int
        /// `DMA`, `Normal`, ...
        public var name: String
        /// Amounts in KiB, by the kernel's name: `free`, `boost`, `min`, `present`, `managed`, `free_pcp`, ...
        public var kibibytes: [String: Int] = [:]
        /// Figures without a unit, such as `pages_scanned`.
        public var counts: [String: Int] = [:]
        /// `all_unreclaimable?`: reclaim had been given up.
        public var isAllUnreclaimable: Bool?
        /// Pages held back from requests that could use a higher zone, by the index of that zone.
        public var lowmemReserve: [Int]?
        /// The free blocks by order; nil if the line is missing.
        public var freeBlocks: [FreeBlocks]?
        /// Whether ``freeBlocks`` is the whole line.
        public var freeBlocksState = FreeBlocksState.complete
        /// The sum at the end of the line of free blocks, in KiB.
        public var freeBlocksTotal: Int?
        /// By CPU, in kernels up to 3.13.
        public var perCPU: [PerCPULists] = []

        /// The kind of zone; nil for an unknown name.
        public var kind: ZoneKind? { ZoneKind(kernelName: name) }

        /// The min watermark in KiB; like the others it includes ``boost``.
        public var min: Int? { kibibytes["min"] }
        /// The low watermark in KiB.
        public var low: Int? { kibibytes["low"] }
        /// The high watermark in KiB.
        public var high: Int? { kibibytes["high"] }
        /// The boost of the watermarks in KiB.
        public var boost: Int? { kibibytes["boost"] }
        /// Free memory in KiB.
        public var free: Int? { kibibytes["free"] }
        /// Present memory in KiB.
        public var present: Int? { kibibytes["present"] }
        /// Memory that the allocator manages, in KiB.
        public var managed: Int? { kibibytes["managed"] }
        /// Memory reserved for high-order atomic requests, in KiB.
        public var reservedHighAtomic: Int? { kibibytes["reserved_highatomic"] }
        /// Free memory in reserved pageblocks, in KiB.
        public var freeHighAtomic: Int? { kibibytes["free_highatomic"] }
        /// Free memory in contiguous memory areas, in KiB.
        public var freeCMA: Int? { kibibytes["free_cma"] }

        /// The sum of the free blocks, in KiB; nil without them, or if it is absurdly large.
        public var freeBlocksSum: Int? {
            guard let freeBlocks else { return nil }
            var sum = 0
            for blocks in freeBlocks {
                let (size, isTooLarge) = blocks.count.multipliedReportingOverflow(by: blocks.kibibytes)
                let (next, overflows) = sum.addingReportingOverflow(size)
                guard !isTooLarge, !overflows else { return nil }
                sum = next
            }
            return sum
        }
    }

    /// Whether a line of free blocks arrived whole.
    public enum FreeBlocksState: Hashable, Sendable {
        case complete
        /// Its end is missing, so higher orders are unknown.
        case cut
        /// Its sum does not match.
        case damaged
    }

    /// `12*64kB (UM)`: the free blocks of one order.
    public struct FreeBlocks: Hashable, Sendable {
        /// How many blocks.
        public var count: Int
        /// The size of one block in KiB.
        public var kibibytes: Int
        /// The letters in parentheses: the migratetypes with at least one block (`U`, `M`, `E`, `H`, `C`, `I`, and `R`
        /// for the reserve of 3.9 to 4.3). Empty if there are none; nil if the line has no letters at all.
        public var letters: String?

        package init(count: Int, kibibytes: Int, letters: String? = nil) {
            self.count = count
            self.kibibytes = kibibytes
            self.letters = letters
        }

        /// The types that the letters stand for. `R` is the reserve that the highatomic one replaced.
        public var types: Set<Migratetype>? {
            letters.map { letters in
                Set(
                    letters.compactMap { letter in
                        letter == "R" ? .highAtomic : Migratetype.allCases.first { $0.letter == letter }
                    })
            }
        }
    }

    /// `CPU    0: hi:  186, btch:  31 usd:  37`, in pages.
    public struct PerCPULists: Hashable, Sendable {
        /// The CPU.
        public var cpu: Int
        /// The number of pages above which the lists are drained.
        public var high: Int
        /// How many pages move between lists and zone at a time.
        public var batch: Int
        /// Pages on the lists.
        public var used: Int
    }

    /// `Node 0 hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=2048kB`.
    public struct HugePagePool: Hashable, Sendable {
        /// The node.
        public var node: Int
        /// How many huge pages there are.
        public var total: Int
        /// How many are free.
        public var free: Int
        /// How many are surplus pages.
        public var surplus: Int
        /// In KiB.
        public var size: Int
    }
}
