import GFP

/// The `vm.*` settings that the allocator reads, with the kernel's defaults (Documentation/admin-guide/sysctl/vm.rst).
public struct Sysctls: Hashable, Sendable {
    /// KiB; nil: as the kernel works it out at boot.
    public var minFreeKbytes: Int?
    /// In ten-thousandths of a zone's managed pages: the distance between the watermarks.
    public var watermarkScaleFactor: Int
    /// In ten-thousandths of the high watermark: how far fragmentation may raise the watermarks; 0: not at all.
    public var watermarkBoostFactor: Int
    /// By zone; a zone not named has no reserve against requests for the zones above it.
    public var lowmemReserveRatio: [ZoneKind: Int]
    /// 0, or at least 8: per-CPU lists hold up to this fraction of a zone.
    public var percpuPagelistHighFraction: Int
    /// Bits: 1 reclaim, 2 write, 4 unmap.
    public var zoneReclaimMode: Int
    /// `numa_zonelist_order` as kernels before 4.14 had it: see ``zonelistOrder``. Without effect since.
    public var numaZonelistOrder: String?
    /// `vm.numa_stat`: NUMA counters are kept.
    public var numaStat: Bool
    /// 0 to 1000: a costly request compacts a zone only if its fragmentation index is above this.
    public var extfragThreshold = 500
    /// 0 to 200: how readily anonymous pages are swapped out rather than page cache dropped.
    public var swappiness = 60
    /// 0: the OOM killer kills; 1: it panics unless a policy binds the request; 2: it always panics.
    public var panicOnOOM = 0
    /// `vm.defrag_mode`, from 6.15 on: no request breaks pageblocks of another type up before it is about to be refused.
    public var defragMode = false
    /// Whoever asks in vain is killed, rather than who has the most.
    public var oomKillAllocatingTask = false

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
