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
        useParameters(&topology, &notes)
        useMovableStarts(&topology, &notes)
        takeContiguousAreas(&topology, &notes)
        reserve(&topology, &notes)
        notes += hugePoolNotes
        noteUnusedAffinities(&notes)
        noteContradictions(topology, &notes)
        return BootedMachine(
            topology: topology, fallbackOrder: usedOrder(topology), notes: notes, stated: stated)
    }

    private var hugePoolNotes: [SourceNote] {
        hugePools.map { pool in
            SourceNote(
                .notUnderstood, line: pool.line,
                "\(pool.pages) huge pages of \(pool.size) were allocated at boot: they are not taken off what is free.")
        }
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
        guard !movableStarts.isEmpty else {
            dropMovableParameters(&topology, &notes)
            return
        }
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
}

extension BootParameters {
    /// Reads the parameters that shape zones from a kernel's command line; the last of repeated parameters counts.
    public init(commandLine: String) {
        self = KernelCommandLine(parameters: commandLine.split(separator: " ").map(String.init)).bootParameters
    }
}
