import BuddyEngine
import GFP
import KernelText
import OperatingSystem
import Topology

extension MachineFacts {
    /// The architecture, as named by the kernel's release or the running machine; else inferred from the zones, which
    /// is noted.
    ///
    /// - Parameters:
    ///   - pageSize: The page size, in bytes.
    mutating func settleArchitecture(pageSize: Int) -> Architecture {
        for name in [runningMachine, hints["Architecture"]] {
            if let name { return fitting(Self.architecture(named: name)) }
        }
        if let architecture { return fitting(architecture) }
        if let sign = bootLog?.architecture { return fitting(sign.architecture) }
        if let architecture = version?.architecture { return fitting(architecture) }
        guard let zones = zoneInfo?.zones else {
            note("the architecture is not stated; x86-64 is assumed.")
            return .amd64
        }
        let (architecture, reason) = Self.architecture(of: zones, pageSize: pageSize)
        note("the architecture is not stated; \(architecture.rawValue) is taken, since \(reason).")
        return architecture
    }

    private var runningMachine: String? { isLive ? ThisMachine.architecture : nil }

    /// Corrects an architecture that does not have the machine's zones: a 32-bit process or a mixed tree may name
    /// another.
    private mutating func fitting(_ architecture: Architecture) -> Architecture {
        let kinds = Set(zoneInfo?.zones.filter { $0.present > 0 }.compactMap(\.kind) ?? [])
        guard !kinds.isSubset(of: architecture.zoneKinds) else { return architecture }
        let names = kinds.subtracting(architecture.zoneKinds).sorted().map(\.kernelName).joined(separator: ", ")
        note("\(architecture.rawValue) has no zone \(names); the zones are taken as they are.", .contradiction)
        return .other
    }

    /// The architecture that `uname -m` names.
    static func architecture(named name: String) -> Architecture {
        switch name {
        case "x86_64", "amd64": .amd64
        case "i386", "i486", "i586", "i686": .i386
        case "aarch64", "arm64": .arm64
        case "riscv64": .riscv64
        default: .other
        }
    }

    private static func architecture(of zones: [ZoneInfoText.Zone], pageSize: Int) -> (Architecture, String) {
        let dma = zones.first { $0.kind == .dma && $0.present > 0 }
        let populated = zones.filter { $0.present > 0 }
        // 16 MiB in pages of 4 KiB, the page size of all x86 machines.
        let hasLegacyDMA = pageSize == 4096 && dma.map { ($0.startPageFrame ?? 0) + UInt64($0.spanned) <= 4096 } == true
        if populated.contains(where: { $0.kind == .highMem }) {
            return hasLegacyDMA
                ? (.i386, "there are HighMem and a DMA zone below 16 MiB")
                : (.other, "there is HighMem without i386's DMA")
        }
        if hasLegacyDMA { return (.amd64, "there is a DMA zone below 16 MiB") }
        if dma != nil { return (.arm64, "the DMA zone ends above 16 MiB") }
        // Kernels of arm64 had no DMA zone before 5.5; riscv64 has pages of 4 KiB only.
        if pageSize > 4096, zones.contains(where: { $0.kind == .dma32 }) {
            return (.arm64, "there is a DMA32 zone, in pages of \(pageSize) bytes")
        }
        if zones.contains(where: { $0.kind == .dma32 }) {
            return zones.contains { $0.kind == .dma }
                ? (.amd64, "there is a DMA32 zone") : (.riscv64, "there is a DMA32 zone and no DMA")
        }
        return (.other, "there is neither DMA nor DMA32")
    }

    /// The kernel's zones in order of index, in which it prints protection and ratios; nil if that is unknown.
    var kernelZoneKinds: [ZoneKind]? {
        guard let zones = zoneInfo?.zones, let first = zones.first else { return nil }
        let count = first.protection.count
        let listed = zones.filter { $0.node == first.node }.map(\.kind)
        if listed.count == count { return listed.contains(nil) ? nil : listed.compactMap { $0 } }
        // Kernels before 4.12 omit empty zones. Movable always exists, Device may from 4.3 on.
        var kinds = Set(zones.compactMap(\.kind)).union([.movable])
        if kinds.count < count, !kinds.contains(.normal) { kinds.insert(.normal) }
        if kinds.count < count { kinds.insert(.device) }
        return kinds.count == count ? kinds.sorted() : nil
    }

    /// Explicit limits if the architecture's own would not give these zones.
    func zoneLimits(of zones: [ZoneSnapshot], _ architecture: Architecture, pageSize: Int) -> ZoneLimits? {
        guard architecture == .other || architecture == .arm64 || architecture == .riscv64 else { return nil }
        func end(_ kind: ZoneKind) -> UInt64? {
            guard let last = zones.filter({ $0.span.kind == kind }).map(\.span.end).max() else { return nil }
            let above = zones.filter { $0.span.kind > kind && $0.span.kind < .movable && $0.span.start >= last }
            let limit = above.map(\.span.start).min() ?? last
            let (bytes, overflow) = limit.rawValue.multipliedReportingOverflow(by: UInt64(pageSize))
            return overflow ? nil : bytes
        }
        let hasHighMem = zones.contains { $0.span.kind == .highMem }
        return ZoneLimits(dma: end(.dma), dma32: end(.dma32), normal: hasHighMem ? end(.normal) : nil)
    }
}
