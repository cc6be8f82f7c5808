import BuddyEngine
import GFP
import KernelText
import Topology

/// The machine that booted, as far as its log describes it.
public struct BootedMachine: Hashable, Sendable {
    /// The machine's description.
    public var topology: Topology
    /// The nodes of each node's zonelist, if the log prints them, nearest first; nodes without memory are omitted.
    public var fallbackOrder: [NodeID: [NodeID]]
    /// What was used, what was assumed, and what was not understood.
    public var notes: [SourceNote]
    /// Facts that the log itself states.
    public var stated: Set<Fact>

    /// A fact that may be stated or assumed.
    public enum Fact: Hashable, Sendable {
        case architecture, kernel, pageSize
    }
}

extension BootLog {
    /// The machine that booted.
    ///
    /// - Parameters:
    ///   - assumedPageSize: In bytes, for a log that does not state it; nil: 4096.
    ///   - assumedArchitecture: For a log that does not state it; nil: inferred from its zones.
    ///   - assumedKernel: For a log that does not state it; nil: 6.12.
    public func machine(
        pageSize assumedPageSize: Int? = nil, architecture assumedArchitecture: Architecture? = nil,
        kernel assumedKernel: KernelVersion? = nil
    ) -> BootedMachine {
        var notes = notes
        var stated: Set<BootedMachine.Fact> = []
        let sign = self.architecture
        let page: Int
        if let size = pageSize {
            page = size.bytes
            stated.insert(.pageSize)
            if page != 4096 { notes.append(SourceNote(.used, "Pages of \(page) bytes, by \"\(size.sign)\".")) }
        } else {
            page = max(assumedPageSize ?? 4096, 4096)
            let isOnlyOne = (sign?.architecture ?? assumedArchitecture)?.pageSizes == [page]
            if assumedPageSize == nil, !isOnlyOne {
                notes.append(SourceNote(.assumed, "The log does not state the page size: 4096 bytes are assumed."))
            }
        }
        if sign != nil { stated.insert(.architecture) }
        let architecture = sign?.architecture ?? assumedArchitecture ?? .other
        if sign == nil, assumedArchitecture == nil {
            notes.append(
                SourceNote(.assumed, "The log does not state the architecture: zones are made as it prints them."))
        }
        let release = kernelRelease.flatMap { KernelVersion($0) }
        if release != nil { stated.insert(.kernel) }
        if release == nil, assumedKernel == nil {
            notes.append(SourceNote(.assumed, "The log does not name its kernel: the rules of 6.12 are assumed."))
        }
        let ranges = memoryRanges(page: page, &notes)
        let owners = cpuOwners(&notes)
        var ids = self.nodes
        if ids.isEmpty { ids = ranges.keys.sorted() }
        let nodes = ids.map { node in
            Topology.Node(
                id: node, cpus: owners[node] ?? (self.nodes.isEmpty ? onlyCPUs : []),
                memory: Self.pages(of: ranges[node] ?? [], page: UInt64(page)),
                isHotPluggable: affinities.contains { $0.node == node && $0.isHotPluggable })
        }
        var topology = Topology(
            name: "boot log", about: "Read from the boot log of Linux \(kernelRelease ?? "of an unknown release").",
            architecture: architecture, kernel: release ?? assumedKernel ?? .usual, nodes: nodes,
            boot: BootParameters(commandLine: commandLine ?? ""), pageSize: page)
        if architecture != .amd64 { topology.zoneLimits = zoneLimits(page: page) }
        topology.takeOrders(of: architecture)
        if let orders = blockOrders(page: page) { topology.take(orders) }
        topology.sysctls.numaZonelistOrder = zonelistOrder
        useMovableStarts(&topology, &notes)
        reserve(&topology, &notes)
        for pool in hugePools {
            notes.append(
                SourceNote(
                    .notUnderstood, line: pool.line,
                    "\(pool.pages) huge pages of \(pool.size) were allocated at boot: they are not taken off what is free."
                ))
        }
        return BootedMachine(
            topology: topology, fallbackOrder: usedOrder(topology), notes: notes, stated: stated)
    }

    /// The CPUs of a machine of which no line names a node.
    private var onlyCPUs: [CPUID] { (0..<min(max(cpuCount ?? 1, 1), 1 << 16)).map { CPUID($0) } }

    private func usedOrder(_ topology: Topology) -> [NodeID: [NodeID]] {
        let withMemory = Set(topology.nodes.filter { !$0.memory.isEmpty }.map(\.id))
        return fallbackOrder.compactMapValues { order in
            let used = order.filter { withMemory.contains($0) }
            // An order printed before the last memory was added does not include that memory.
            return Set(used) == withMemory ? used : nil
        }
    }

    private func zoneLimits(page: Int) -> ZoneLimits? {
        guard !zoneRanges.isEmpty else { return stackedLimits(page: page) }
        /// The end of a zone, which is only a limit if another zone could lie above.
        func end(_ name: String) -> UInt64? {
            zoneRanges.first { $0.name == name }?.range.flatMap {
                let (end, overflows) = $0.upperBound.addingReportingOverflow(1)
                return overflows ? nil : end
            }
        }
        return ZoneLimits(
            dma: end("DMA"), dma32: end("DMA32"), normal: end("HighMem") == nil ? nil : end("Normal") ?? end("DMA"))
    }

    /// The limits by the numbers of pages of one node's zones, which follow one another.
    private func stackedLimits(page: Int) -> ZoneLimits? {
        guard let node = zonePages.first?.node, zonePages.allSatisfy({ $0.node == node }) else { return nil }
        var limits = ZoneLimits()
        var end: UInt64 = 0
        for zone in zonePages {
            let start = end
            // Kernels up to 3.8 do not count the pages that describe the zone's own pages.
            let isWhole = zonePages.reduce(0) { $0 &+ $1.pages } == pagesOfNode[node]
            end &+= UInt64(clamping: max(0, zone.pages &+ (isWhole ? 0 : zone.describing))) &* UInt64(page)
            switch zone.zone {
            case "DMA": limits.dma = end
            case "DMA32": limits.dma32 = end
            case "HighMem": limits.normal = start
            default: break
            }
        }
        return limits
    }

    /// Uses the starts of movable zones as printed, however the kernel chose them (`kernelcore=mirror` depends on
    /// firmware tables).
    private func useMovableStarts(_ topology: inout Topology, _ notes: inout [SourceNote]) {
        guard !movableStarts.isEmpty else { return }
        for index in topology.nodes.indices {
            topology.nodes[index].movableStart = movableStarts[topology.nodes[index].id].map {
                PageFrame($0 / UInt64(topology.pageSize))
            }
        }
        notes.append(
            SourceNote(
                .used,
                "The Movable zone begins where the log prints it, on \(movableStarts.count) "
                    + "\(movableStarts.count == 1 ? "node" : "nodes")."))
    }

    /// Subtracts what the kernel kept at boot. Its place is not printed.
    private func reserve(_ topology: inout Topology, _ notes: inout [SourceNote]) {
        takeContiguousAreas(&topology, &notes)
        guard let memory, let kept = reservedKibibytes else { return }
        let page = topology.pageSize
        let whole = max(0, memory.total - (memory.absent ?? 0))
        let managed = max(0, whole - kept) / (page / 1024)
        let present = topology.nodes.map { topology.presentMemory(of: $0) }
        // Memory added later is not in the figure.
        let sizes = zip(topology.nodes, present).map { node, ranges in
            nodeRanges.isEmpty || bytes(of: node.id) > 0 ? ranges.reduce(0) { $0 + $1.pages } : 0
        }
        let known = sizes.reduce(0, +)
        let taken = known - managed
        guard taken > 0, managed > 0, let first = sizes.firstIndex(where: { $0 > 0 }) else { return }
        var left = taken
        for (index, size) in sizes.enumerated().reversed() where size > 0 {
            let pages = min(index == first ? left : Self.share(taken, size, known), size, left)
            topology.reserved += Self.last(pages, of: present[index].subtracting(topology.contiguousAreas.normalized()))
            left -= pages
        }
        topology.reserved.sort { $0.lowerBound < $1.lowerBound }
        notes.append(
            SourceNote(
                .used,
                "\(taken) pages that the kernel keeps for itself, by \"Memory: \(memory.available)K/"
                    + "\(memory.total)K available\"."))
        notes.append(
            SourceNote(
                .assumed,
                "Where the kernel's own \(taken) pages lie is not printed: they are taken off each node's end, "
                    + "by its size."))
    }

    /// Adds contiguous areas at the places printed, if those are in memory and whole pageblocks. Of others only the
    /// size is used.
    private func takeContiguousAreas(_ topology: inout Topology, _ notes: inout [SourceNote]) {
        guard contiguousAreaBytes > 0 else { return }
        topology.boot.cma = max(topology.boot.cma ?? 0, contiguousAreaBytes)
        let page = UInt64(topology.pageSize)
        let block = page * UInt64(topology.pageblockOrder.pages)
        for area in contiguousAreas where area.lowerBound % block == 0 && area.upperBound % block == 0 {
            let frames = PageFrame(area.lowerBound / page)..<PageFrame(area.upperBound / page)
            let isMemory = topology.nodes.contains { node in
                node.memory.contains { $0.contains(frames.lowerBound) && frames.upperBound <= $0.upperBound }
            }
            if isMemory { topology.contiguousAreas.append(frames) }
        }
        topology.contiguousAreas.sort { $0.lowerBound < $1.lowerBound }
        guard !topology.contiguousAreas.isEmpty else { return }
        let count = topology.contiguousAreas.count
        notes.append(
            SourceNote(
                .used,
                "\(count == 1 ? "A contiguous area lies" : "\(count) contiguous areas lie") where the log says "
                    + "(\"cma: Reserved\")."))
    }

    private static func share(_ pages: Int, _ size: Int, _ total: Int) -> Int {
        let product = pages.multipliedFullWidth(by: size)
        return max(total, 1).dividingFullWidth(product).quotient
    }

    /// The last pages of ascending ranges.
    private static func last(_ pages: Int, of ranges: [Range<PageFrame>]) -> [Range<PageFrame>] {
        var left = pages
        var result: [Range<PageFrame>] = []
        for range in ranges.reversed() where left > 0 {
            let count = min(left, range.pages)
            result.append(range.upperBound + -count..<range.upperBound)
            left -= count
        }
        return result
    }
}

extension BootParameters {
    /// Reads the parameters that shape zones from a kernel's command line; the last of repeated parameters counts.
    public init(commandLine: String) {
        self = KernelCommandLine(parameters: commandLine.split(separator: " ").map(String.init)).bootParameters
    }
}
