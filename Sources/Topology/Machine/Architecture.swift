import BuddyEngine
import GFP

/// A processor architecture, as far as it decides which zones there are.
public enum Architecture: String, CaseIterable, Hashable, Sendable {
    case amd64 = "x86_64"
    /// 32-bit x86 whose page tables have two levels: memory up to 4 GiB, huge pages of 4 MiB.
    case i386
    /// 32-bit x86 with three levels (CONFIG_X86_PAE): memory beyond 4 GiB, huge pages of 2 MiB.
    case i386pae = "i386-pae"
    case arm64
    case riscv64
    /// Has only the zones of `Topology.zoneLimits`; nothing is implied.
    case other

    /// The zones that such a kernel is configured with, in order of index (`enum zone_type`).
    public var zoneKinds: [ZoneKind] {
        switch self {
        case .amd64: [.dma, .dma32, .normal, .movable, .device]
        case .i386, .i386pae: [.dma, .normal, .highMem, .movable]
        case .arm64: [.dma, .dma32, .normal, .movable, .device]
        case .riscv64: [.dma32, .normal, .movable, .device]
        case .other: [.dma, .dma32, .normal, .highMem, .movable, .device]
        }
    }
}

/// The address, in bytes, at which each zone ends; memory from the last limit up is in the next zone.
public struct ZoneLimits: Hashable, Sendable {
    /// End of ZONE_DMA; nil: no such zone.
    public var dma: UInt64?
    /// End of ZONE_DMA32; nil: no such zone.
    public var dma32: UInt64?
    /// End of ZONE_NORMAL, where ZONE_HIGHMEM begins; nil: Normal has no end.
    public var normal: UInt64?

    public init(dma: UInt64? = nil, dma32: UInt64? = nil, normal: UInt64? = nil) {
        self.dma = dma
        self.dma32 = dma32
        self.normal = normal
    }
}
