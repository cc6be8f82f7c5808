import GFP

/// The `vm.*` settings that the allocator reads, with the kernel's defaults (Documentation/admin-guide/sysctl/vm.rst).
public struct Sysctls: Hashable, Sendable {
    /// In KiB; nil: computed by the kernel at boot.
    public var minFreeKbytes: Int?
    /// The distance between the watermarks, in ten-thousandths of a zone's managed pages.
    public var watermarkScaleFactor: Int
    /// How far fragmentation may raise the watermarks, in ten-thousandths of the high watermark; 0: not at all.
    public var watermarkBoostFactor: Int
    /// By zone; a zone without an entry has no reserve against requests for higher zones.
    public var lowmemReserveRatio: [ZoneKind: Int]
    /// Per-CPU lists hold up to one part in this number of a zone; 0: the kernel's default size. 1 to 7 are refused.
    public var percpuPagelistHighFraction: Int
    /// Bits: 1 reclaim, 2 write, 4 unmap.
    public var zoneReclaimMode: Int
    /// `numa_zonelist_order` of kernels before 4.14, see ``zonelistOrder``; without effect since.
    public var numaZonelistOrder: String?
    /// `vm.numa_stat`: NUMA counters are kept.
    public var numaStat: Bool
    /// 0 to 1000: a costly request compacts a zone only if its fragmentation index is above this.
    public var extfragThreshold = 500
    /// 0 to 100: the lower, the more fragmented free memory must be before kcompactd compacts it ahead of need; at 0 it
    /// never does. From 5.9.
    public var compactionProactiveness = 20
    /// 0 to 200: how readily anonymous pages are swapped out rather than page cache dropped.
    public var swappiness = 60
    /// 0: the OOM killer kills; 1: it panics unless a policy binds the request; 2: it always panics.
    public var panicOnOOM = 0
    /// `vm.defrag_mode`, from 6.15: a request may not take from pageblocks of another type until it is about to fail.
    public var defragMode = false
    /// The task whose request failed is killed, rather than the one that uses the most memory.
    public var oomKillAllocatingTask = false

    /// The kernel's ratios (`sysctl_lowmem_reserve_ratio`, mm/page_alloc.c).
    public static let defaultLowmemReserveRatio: [ZoneKind: Int] = [
        .dma: 256, .dma32: 256, .normal: 32, .highMem: 0, .movable: 0,
    ]

    public init(
        minFreeKbytes: Int? = nil, watermarkScaleFactor: Int = 10, watermarkBoostFactor: Int = 15_000,
        lowmemReserveRatio: [ZoneKind: Int] = Self.defaultLowmemReserveRatio, percpuPagelistHighFraction: Int = 0,
        zoneReclaimMode: Int = 0, numaZonelistOrder: String? = nil, numaStat: Bool = true
    ) {
        self.minFreeKbytes = minFreeKbytes
        self.watermarkScaleFactor = watermarkScaleFactor
        self.watermarkBoostFactor = watermarkBoostFactor
        self.lowmemReserveRatio = lowmemReserveRatio
        self.percpuPagelistHighFraction = percpuPagelistHighFraction
        self.zoneReclaimMode = zoneReclaimMode
        self.numaZonelistOrder = numaZonelistOrder
        self.numaStat = numaStat
    }
}
