import BuddyEngine
import GFP

extension Architecture {
    /// Where an architecture's kernels end their zones by default, in bytes.
    ///
    /// - amd64: 16 MiB and 4 GiB (`zone_sizes_init`, arch/x86/mm/init.c).
    /// - i386: 16 MiB, and HighMem from the nominal 896 MiB; where it really begins depends on the kernel, see
    ///   `Topology.lowMemoryEnd(memoryEnd:)`.
    /// - arm64: ZONE_DMA ends at 4 GiB, so that ZONE_DMA32 is empty, unless device tree or ACPI name a device with a
    ///   lower limit: then set `zoneLimits`, for example to 1 GiB for a Raspberry Pi 4. If all memory lies above 4 GiB,
    ///   ZONE_DMA has all of it (`max_zone_phys`, arch/arm64/mm/init.c, 6.1 and 6.12).
    /// - riscv64: ZONE_DMA32 ends at 4 GiB (`zone_sizes_init`, arch/riscv/mm/init.c).
    ///
    /// - Parameters:
    ///   - memoryStart: The address of the first byte of memory.
    public func defaultZoneLimits(memoryStart: UInt64 = 0) -> ZoneLimits {
        switch self {
        case .amd64: ZoneLimits(dma: 16 << 20, dma32: 4 << 30)
        case .i386, .i386pae: ZoneLimits(dma: 16 << 20, normal: 896 << 20)
        case .arm64 where memoryStart >= 4 << 30: ZoneLimits(dma: .max, dma32: .max)
        case .arm64: ZoneLimits(dma: 4 << 30, dma32: 4 << 30)
        case .riscv64: ZoneLimits(dma32: 4 << 30)
        case .other: ZoneLimits()
        }
    }
}

/// The page frames that may be in a zone on any node (`arch_zone_lowest_possible_pfn`,
/// `arch_zone_highest_possible_pfn`).
struct ZoneBoundary: Hashable {
    var kind: ZoneKind
    var frames: Range<PageFrame>
}

extension Topology {
    /// The limits in effect: those given, else the architecture's.
    public var effectiveZoneLimits: ZoneLimits {
        if let zoneLimits { return zoneLimits }
        let bounds = memoryBounds
        let start = (bounds?.lowerBound.rawValue ?? 0).multipliedReportingOverflow(by: UInt64(pageSize))
        var limits = architecture.defaultZoneLimits(memoryStart: start.overflow ? .max : start.partialValue)
        if let end = lowMemoryEnd(memoryEnd: (bounds?.upperBound.rawValue ?? 0) * UInt64(pageSize)) {
            limits.normal = end
        }
        return limits
    }

    /// The zones divided by address, ascending, without Movable and Device; a kind that gets no memory is an empty
    /// range (`free_area_init`, mm/mm_init.c, 6.12; mm/page_alloc.c, 6.1).
    func zoneBoundaries() -> [ZoneBoundary] {
        guard let bounds = memoryBounds else { return [] }
        let limits = effectiveZoneLimits
        let ends: [(ZoneKind, UInt64?)] = [
            (.dma, limits.dma), (.dma32, limits.dma32), (.normal, limits.normal ?? .max),
            (.highMem, limits.normal == nil ? nil : .max),
        ]
        var start = bounds.lowerBound
        return ends.compactMap { kind, limit in
            guard let limit else { return nil }
            let end = max(min(PageFrame(limit / UInt64(pageSize)), bounds.upperBound), start)
            defer { start = end }
            return ZoneBoundary(kind: kind, frames: start..<end)
        }
    }
}
