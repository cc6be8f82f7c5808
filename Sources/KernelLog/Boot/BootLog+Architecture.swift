import Topology

extension BootLog {
    /// The architecture, and the sign from which it follows; nil if no line states it.
    ///
    /// A release's name counts more than a line that kernels of several architectures print. Whether an x86 or ARM
    /// kernel has 32 or 64 bits follows from its zones if no line says so.
    public var architecture: (architecture: Architecture, sign: String)? {
        let named = architectures.first { $0.family != .x86 && $0.family != .arm }
        if let named, let architecture = named.family.architecture {
            if architecture == .i386, isExtended { return (.i386pae, named.sign) }
            // Only in a mixed-up log can "i686" occur together with a 64-bit kernel's zones: the zones decide.
            return (architecture, named.sign)
        }
        let zones = Set(zoneRanges.map(\.name)).union(zonePages.map(\.zone))
        let isHigh = zones.contains("HighMem") || (memory != nil && zonePages.contains { $0.zone == "HighMem" })
        if let sign = architectures.first(where: { $0.family == .x86 }) {
            let isSmall = isHigh || !zoneRanges.isEmpty && !zones.contains("DMA32") && zones.contains("Normal")
            return (isSmall ? isExtended ? .i386pae : .i386 : .amd64, sign.sign)
        }
        if let sign = architectures.first(where: { $0.family == .arm }) { return (.other, sign.sign) }
        let dmaEnd = zoneRanges.first { $0.name == "DMA" }?.range?.upperBound
        if zones.contains("DMA32"), dmaEnd == 0xFF_FFFF { return (.amd64, "a DMA zone that ends at 16 MiB") }
        if isHigh, dmaEnd == 0xFF_FFFF { return (.i386, "HighMem, and a DMA zone that ends at 16 MiB") }
        if isHigh { return (.other, "HighMem without i386's DMA zone") }
        if zones.contains("DMA"), zones.contains("DMA32") {
            return (.arm64, "a DMA zone that does not end at 16 MiB, and DMA32")
        }
        if zones.contains("DMA32") { return (.riscv64, "a DMA32 zone and no DMA") }
        return zones.isEmpty ? nil : (.other, "zones that no architecture known here has")
    }

    /// Whether a 32-bit x86 kernel has PAE: without it there are neither several nodes nor memory above 4 GiB.
    private var isExtended: Bool {
        nodes.count > 1 || nodeRanges.contains { $0.range.upperBound >= 4 << 30 }
            || kernelRelease?.contains("pae") == true
    }
}

extension BootLog.ArchitectureSign.Family {
    /// Nil if the sign leaves 32 or 64 bits open.
    fileprivate var architecture: Architecture? {
        switch self {
        case .x86, .arm: nil
        case .amd64: .amd64
        case .i386: .i386
        case .arm64: .arm64
        case .riscv64: .riscv64
        case .powerPC, .s390, .loongArch, .ia64, .mips, .sparc, .alpha, .other: .other
        }
    }
}
