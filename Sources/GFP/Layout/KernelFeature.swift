/// A change between kernel releases that matters outside the allocator's rules.
///
/// The rules themselves are values of a `KernelProfile`. What a log can say, what a remedy or a setting requires and
/// how a machine is divided into zones depends on more releases than there are profiles; each such date is stated here,
/// once. Releases are mainline; stable and vendor kernels may have back-ported a change.
public enum KernelFeature: Hashable, Sendable, CaseIterable {
    /// `vm.drop_caches`.
    case dropCaches
    /// `vm.compact_memory`; Red Hat's 2.6.32 has it too.
    case compactMemory
    /// Zonelists are ordered by node by default if a node has no Normal zone (`default_zonelist_order`).
    case nodeOrderForLowNodes
    /// Transparent huge pages, which raise `min_free_kbytes` (`set_recommended_min_free_kbytes`, mm/huge_memory.c).
    case transparentHugePages
    /// 64-bit machines order zonelists by node unless told otherwise (`default_zonelist_order`, mm/page_alloc.c).
    case nodeOrderByDefault
    /// Reports print each node's huge pages (`hugetlb_show_meminfo`).
    case hugePagesInReports
    /// `page_owner=on`: who allocated each page.
    case pageOwner
    /// A high order no longer needs free blocks of lower orders (`__zone_watermark_ok`).
    case blocksOfItsOrderSuffice
    /// Pageblocks are reserved for atomic requests of high order (`reserve_highatomic_pageblock`). Before, `R` in a
    /// report was a reserve that any request might use as a last resort.
    case highAtomicReserve
    /// `vm.watermark_scale_factor`.
    case watermarkScaleFactor
    /// `nodemask=` in the first line of a failure; 4.11 prints it, but not in every case.
    case nodemaskInFailures
    /// Zonelists are by node, whatever the settings say (`numa_zonelist_order` is only read).
    case nodeOrderOnly
    /// A 32-bit x86 kernel's address space has areas for each CPU's entry code (`CPU_ENTRY_AREA_BASE`), so lowmem ends
    /// lower.
    case cpuEntryAreas
    /// `vm.numa_stat`.
    case numaStatSwitch
    /// Khugepaged raises `min_free_kbytes` for zones up to Normal only (`set_recommended_min_free_kbytes`).
    case noReserveForMovable
    /// `__alloc_pages_slowpath` warns of `__GFP_NOFAIL` requests that it cannot guarantee.
    case warningsOfNofail
    /// Watermark boosts, and a first walk that avoids mixing mobility types (`boost_watermark`,
    /// `alloc_flags_nofragment`).
    case fragmentationAvoidance
    /// `constraint=` and `nodemask=` in the summary of a kill (`dump_oom_summary`).
    case constraintInKills
    /// `min_free_kbytes` is sized up to 256 MiB instead of 64 (`init_per_zone_wmark_min`).
    case largerMinFree
    /// `vm.compaction_proactiveness`.
    case proactiveCompaction
    /// `boost:` in the line of a zone (`show_free_areas`).
    case boostInReports
    /// The allocator's entry is `__alloc_pages`, no longer `__alloc_pages_nodemask`.
    case plainAllocatorName
    /// `vm.watermark_scale_factor` up to 3000 instead of 1000.
    case largerWatermarkScale
    /// Reports list only zones up to the highest that the request may use (`show_free_areas`, mm/page_alloc.c).
    case reportsOfAllowedZones
    /// `MPOL_WEIGHTED_INTERLEAVE`.
    case weightedInterleave
    /// `vm.defrag_mode`.
    case defragMode
    /// Reports print what balloons hold.
    case balloonInReports
    /// Reports print what zswap and zram hold.
    case compressedSwapInReports

    /// The first mainline release with the change.
    public var release: KernelVersion {
        switch self {
        case .dropCaches: KernelVersion(2, 6, 16)
        case .nodeOrderForLowNodes, .compactMemory: KernelVersion(2, 6, 35)
        case .transparentHugePages: KernelVersion(2, 6, 38)
        case .hugePagesInReports: KernelVersion(3, 10)
        case .nodeOrderByDefault: KernelVersion(3, 16)
        case .pageOwner: KernelVersion(3, 19)
        case .blocksOfItsOrderSuffice, .highAtomicReserve: KernelVersion(4, 4)
        case .watermarkScaleFactor: KernelVersion(4, 6)
        case .nodemaskInFailures: KernelVersion(4, 12)
        case .nodeOrderOnly: KernelVersion(4, 14)
        case .cpuEntryAreas, .numaStatSwitch: KernelVersion(4, 15)
        case .noReserveForMovable: KernelVersion(4, 17)
        case .warningsOfNofail: KernelVersion(4, 20)
        case .fragmentationAvoidance, .constraintInKills: KernelVersion(5, 0)
        case .largerMinFree: KernelVersion(5, 8)
        case .proactiveCompaction: KernelVersion(5, 9)
        case .boostInReports: KernelVersion(5, 12)
        case .plainAllocatorName: KernelVersion(5, 13)
        case .largerWatermarkScale: KernelVersion(5, 18)
        case .reportsOfAllowedZones: KernelVersion(6, 1)
        case .weightedInterleave: KernelVersion(6, 9)
        case .defragMode: KernelVersion(6, 15)
        case .balloonInReports: KernelVersion(6, 16)
        case .compressedSwapInReports: KernelVersion(6, 19)
        }
    }
}

extension KernelVersion {
    /// The kernel assumed where no input names one.
    public static let usual = KernelVersion(6, 12)

    /// Whether a kernel of this release has `feature`.
    public func has(_ feature: KernelFeature) -> Bool { self >= feature.release }
}
