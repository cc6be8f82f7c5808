import BuddyEngine
import GFP

extension FailureReport {
    /// The block that `show_mem` prints from `Mem-Info:` to the last `pages ...` line.
    public struct MemoryInfo: Hashable, Sendable {
        /// Whole machine, by the kernel's name (`active_anon`, `slab_unreclaimable`, `free`, ...), in pages.
        public var counters: [String: Int] = [:]
        public var nodes: [NodeUsage] = []
        /// Only zones that the request may use are printed; `free` of ``counters`` counts all.
        public var zones: [ZoneUsage] = []
        public var hugePages: [HugePagePool] = []
        /// `N total pagecache pages`.
        public var pageCachePages: Int?
        public var swapCachePages: Int?
        /// KiB.
        public var freeSwap: Int?
        /// KiB.
        public var totalSwap: Int?
        /// The lines `N pages RAM`, `N pages reserved`, `N pages HighMem/MovableOnly`, `N pages cma reserved`,
        /// `N pages hwpoisoned`, `N pages shared`, ..., by what is counted.
        public var pageTotals: [String: Int] = [:]
        /// Bytes, from the smallest block of the free lists; nil without those lines.
        public var pageSize: Int?

        /// The page size to reckon with: 4096 where the report does not say.
        public var assumedPageSize: Int { pageSize ?? 4096 }

        /// A figure in KiB as pages, rounded down.
        public func pages(_ kibibytes: Int) -> Int { kibibytes / max(1, assumedPageSize / 1024) }
    }

    /// `Node 0 active_anon:...` (4.8 and later).
    public struct NodeUsage: Hashable, Sendable {
        public var node: Int
        /// KiB, by the kernel's name.
        public var kibibytes: [String: Int] = [:]
        /// Figures without a unit, such as `pages_scanned`.
        public var counts: [String: Int] = [:]
        public var isAllUnreclaimable: Bool?
    }

    /// `Node 0 DMA free:...` and the lines that go with it.
    public struct ZoneUsage: Hashable, Sendable {
        /// 0 where the kernel prints no node (without CONFIG_NUMA).
        public var node: Int
        /// `DMA`, `Normal`, ...
        public var name: String
        /// KiB, by the kernel's name: `free`, `boost`, `min`, `present`, `managed`, `free_pcp`, ...
        public var kibibytes: [String: Int] = [:]
        /// Figures without a unit, such as `pages_scanned`.
        public var counts: [String: Int] = [:]
        public var isAllUnreclaimable: Bool?
        /// Pages kept from requests that could use a higher zone, by the index of that zone.
        public var lowmemReserve: [Int]?
        /// By order; nil if the line was not there.
        public var freeBlocks: [FreeBlocks]?
        /// Whether ``freeBlocks`` is all of the line.
        public var freeBlocksState = FreeBlocksState.complete
        /// KiB; the sum at the end of the line of free blocks.
        public var freeBlocksTotal: Int?
        /// Up to 3.13, by CPU.
        public var perCPU: [PerCPULists] = []

        public var kind: ZoneKind? { ZoneKind(kernelName: name) }

        /// Includes ``boost``, as `low` and `high` do. KiB.
        public var min: Int? { kibibytes["min"] }
        public var low: Int? { kibibytes["low"] }
        public var high: Int? { kibibytes["high"] }
        public var boost: Int? { kibibytes["boost"] }
        public var free: Int? { kibibytes["free"] }
        public var present: Int? { kibibytes["present"] }
        public var managed: Int? { kibibytes["managed"] }
        public var reservedHighAtomic: Int? { kibibytes["reserved_highatomic"] }
        public var freeHighAtomic: Int? { kibibytes["free_highatomic"] }
        public var freeCMA: Int? { kibibytes["free_cma"] }

        /// The sum of the free blocks, in KiB; nil without them or if it is beyond all reason.
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

    /// What became of a line of free blocks on its way.
    public enum FreeBlocksState: Hashable, Sendable {
        case complete
        /// Its end is missing: nothing is known of the orders above.
        case cut
        /// It does not add up.
        case damaged
    }

    /// `12*64kB (UM)`: the free blocks of one order.
    public struct FreeBlocks: Hashable, Sendable {
        public var count: Int
        /// The size of one block.
        public var kibibytes: Int
        /// The letters in parentheses: the migratetypes that have at least one block (`U`, `M`, `E`, `H`, `C`, `I`,
        /// and `R` for the reserve of 3.9 to 4.3). Empty if none; nil where the line has no letters at all.
        public var letters: String?

        package init(count: Int, kibibytes: Int, letters: String? = nil) {
            self.count = count
            self.kibibytes = kibibytes
            self.letters = letters
        }

        /// The types that the letters name. `R` is the reserve that became the high-atomic one.
        public var types: Set<Migratetype>? {
            letters.map { letters in
                Set(
                    letters.compactMap { letter in
                        letter == "R" ? .highAtomic : Migratetype.allCases.first { $0.letter == letter }
                    })
            }
        }
    }

    /// `CPU    0: hi:  186, btch:  31 usd:  37`: pages.
    public struct PerCPULists: Hashable, Sendable {
        public var cpu: Int
        public var high: Int
        public var batch: Int
        public var used: Int
    }

    /// `Node 0 hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=2048kB`.
    public struct HugePagePool: Hashable, Sendable {
        public var node: Int
        public var total: Int
        public var free: Int
        public var surplus: Int
        /// KiB.
        public var size: Int
    }
}
