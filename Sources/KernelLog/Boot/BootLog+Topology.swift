import BuddyEngine
import GFP
import Topology

extension BootLog {
    /// The machine that booted, as far as its log tells, and one sentence for each thing that had to be assumed.
    ///
    /// - Parameter pageSize: Bytes; a boot log does not say it.
    public func topology(pageSize: Int = 4096) -> (topology: Topology, notes: [String]) {
        var notes = notes
        let page = UInt64(max(pageSize, 4096))
        let owners = cpuOwners(&notes)
        let nodes = self.nodes.map { node in
            Topology.Node(
                id: node, cpus: owners[node] ?? [], memory: memory(of: node, page: page),
                isHotPluggable: affinities.contains { $0.node == node && $0.isHotPluggable })
        }
        if nodes.isEmpty {
            notes.append("The log has no line about a node: it is no boot log, or its beginning is missing.")
        }
        if nodes.count > 1 {
            notes.append("A boot log has no distances: 10 within a node and 20 between nodes are assumed.")
        }
        if pageSize == 4096 { notes.append("A boot log has no page size: 4096 bytes are assumed.") }
        let architecture = self.architecture
        let kernel = kernelRelease.flatMap { KernelVersion($0) }
        if kernel == nil { notes.append("The log does not name its kernel: the rules of 6.12 are assumed.") }
        var topology = Topology(
            name: "boot log", about: "Read from the boot log of Linux \(kernelRelease ?? "of an unknown release").",
            architecture: architecture, kernel: kernel ?? KernelVersion(6, 12), nodes: nodes,
            boot: BootParameters(commandLine: commandLine ?? ""), pageSize: Int(page))
        // Those of 64-bit x86 are the same everywhere.
        if architecture != .amd64, !zoneRanges.isEmpty { topology.zoneLimits = zoneLimits }
        return (topology, notes)
    }

    /// What the zones and the firmware's lines tell: only x86 has a BIOS-e820 map, only 32-bit kernels HighMem.
    private var architecture: Architecture {
        let zones = Set(zoneRanges.map(\.name))
        if !firmwareMap.isEmpty {
            guard zones.contains("HighMem") else { return .amd64 }
            // Without PAE neither nodes nor memory beyond 4 GiB.
            let isLarge = nodes.count > 1 || nodeRanges.contains { $0.range.upperBound >= 4 << 30 }
            return isLarge || kernelRelease?.contains("pae") == true ? .i386pae : .i386
        }
        if let release = kernelRelease {
            if release.contains("amd64") || release.contains("x86_64") { return .amd64 }
            if release.contains("arm64") || release.contains("aarch64") { return .arm64 }
            if release.contains("riscv64") { return .riscv64 }
        }
        if zones.contains("HighMem") { return .other }
        if zones.contains("DMA"), zones.contains("DMA32") { return .arm64 }
        return zones.contains("DMA32") ? .riscv64 : .other
    }

    private var zoneLimits: ZoneLimits {
        /// A zone's end counts only where another zone could lie above.
        func end(_ name: String) -> UInt64? {
            zoneRanges.first { $0.name == name }?.range.flatMap {
                let (end, overflows) = $0.upperBound.addingReportingOverflow(1)
                return overflows ? nil : end
            }
        }
        return ZoneLimits(dma: end("DMA"), dma32: end("DMA32"), normal: end("HighMem") == nil ? nil : end("Normal"))
    }

    /// Whole pages only, neighbours joined, without overlap.
    private func memory(of node: NodeID, page: UInt64) -> [Range<PageFrame>] {
        var ranges: [Range<PageFrame>] = []
        let own = nodeRanges.filter { $0.node == node }.map(\.range).sorted { $0.lowerBound < $1.lowerBound }
        for range in own {
            let first = range.lowerBound / page + (range.lowerBound % page == 0 ? 0 : 1)
            let end = range.upperBound / page + (range.upperBound % page == page - 1 ? 1 : 0)
            let start = max(first, ranges.last?.upperBound.rawValue ?? 0)
            guard start < end else { continue }
            if let last = ranges.last, last.upperBound.rawValue == start {
                ranges[ranges.count - 1] = last.lowerBound..<PageFrame(end)
            } else {
                ranges.append(PageFrame(start)..<PageFrame(end))
            }
        }
        return ranges
    }

    /// The CPUs of each node. The boot CPU is found by its APIC, or is the one left.
    private func cpuOwners(_ notes: inout [String]) -> [NodeID: [CPUID]] {
        var owners = cpus
        let isBootKnown = cpus.values.contains { $0.contains(0) }
        if !isBootKnown, let first = nodes.first {
            let node = processors.first { $0.apic == 0 }?.node ?? processors.first?.node ?? first
            if processors.isEmpty, nodes.count > 1 {
                notes.append("The log does not say where CPU 0 is: node \(node) is assumed.")
            }
            owners[node, default: []].insert(0, at: 0)
        }
        let known = owners.values.reduce(0) { $0 + $1.count }
        if let cpuCount, cpuCount != known {
            notes.append("The log counts \(cpuCount) CPUs but names the nodes of \(known).")
        }
        return owners
    }
}

extension BootParameters {
    /// Reads the parameters that shape zones from a kernel's command line; of a parameter given twice the last counts.
    public init(commandLine: String) {
        self.init()
        for word in commandLine.split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1)
            let value = parts.count > 1 ? parts[1] : ""
            switch parts.first {
            case "movablecore": movableCore = Self.amount(value)
            case "kernelcore" where value != "mirror": kernelCore = Self.amount(value)
            case "movable_node": movableNode = true
            // `cma=size[@start[-end]]`
            case "cma":
                if case .bytes(let bytes)? = Self.amount(value.prefix { $0 != "@" }) { cma = bytes }
            case "vmalloc":
                if case .bytes(let bytes)? = Self.amount(value) { vmalloc = bytes }
            case "highmem":
                if case .bytes(let bytes)? = Self.amount(value) { highMem = bytes }
            case "transparent_hugepage": transparentHugePages = value != "never"
            default: continue
            }
        }
    }

    /// `512M`, `4G`, `30%` (`memparse`, lib/cmdline.c).
    private static func amount(_ text: some StringProtocol) -> Amount? {
        guard let last = text.last else { return nil }
        if last == "%" {
            return Int(text.dropLast()).flatMap { (0...100).contains($0) ? .percent($0) : nil }
        }
        let suffixes: [Character: Int] = ["k": 10, "m": 20, "g": 30, "t": 40, "p": 50, "e": 60]
        let shift = last.lowercased().first.flatMap { suffixes[$0] } ?? 0
        let digits = shift == 0 ? text[...] : text.dropLast()
        let number = digits.hasPrefix("0x") ? UInt64(digits.dropFirst(2), radix: 16) : UInt64(digits)
        guard let number else { return nil }
        let (bytes, overflows) = number.multipliedReportingOverflow(by: 1 << UInt64(shift))
        return overflows ? nil : .bytes(bytes)
    }
}
