import BuddyEngine
import GFP
import SourceText
import Topology

extension FailureReport {
    /// The machine at the moment of the report, as far as the report describes it.
    ///
    /// A report has amounts but no addresses, distances or CPUs. Zones are placed by assumption, as the notes say.
    /// Amounts, marks, reserves and free blocks are the report's own. Zones that the report does not list are omitted.
    public func snapshot() -> (snapshot: Snapshot, notes: [String]) {
        var layout = ReportLayout(self)
        let zones = layout.zones()
        var topology = Topology(
            name: "kernel log, line \(line)", about: "Laid out from the report: \(header.prefix(120))",
            architecture: layout.architecture, kernel: assumedKernel,
            nodes: layout.nodes(zones), pageSize: memory?.assumedPageSize ?? 4096, maximumOrder: layout.maximumOrder)
        topology.pageblockOrder = min(topology.pageblockOrder, topology.maximumOrder)
        if kernel == nil {
            layout.notes.append(
                "The report does not name its kernel: by its form it is of \(era), and the rules of \(assumedKernel) are "
                    + "assumed.")
        }
        let notes = layout.notes
        return (Snapshot(topology: topology, zones: zones, notes: notes), notes)
    }
}

/// Places for a report's zones, so that their amounts make a machine.
private struct ReportLayout {
    let report: FailureReport
    let memory: FailureReport.MemoryInfo
    var notes: [String] = []
    let architecture: Architecture

    /// A larger size of a zone is a damaged figure, not memory (256 TiB of 4 KiB pages).
    private static let largestZone = 1 << 36

    init(_ report: FailureReport) {
        self.report = report
        memory = report.memory ?? FailureReport.MemoryInfo()
        architecture = Self.architecture(report, memory)
        let whose = architecture == .other ? "" : "\(architecture.rawValue) "
        notes.append("A report has no addresses: \(whose)zones are laid out without holes, node after node.")
        if memory.pageSize == nil { notes.append("The report has no line of free blocks: pages of 4 KiB are assumed.") }
        noteWhatIsNotListed()
    }

    private static func architecture(_ report: FailureReport, _ memory: FailureReport.MemoryInfo) -> Architecture {
        let names = Set(memory.zones.map(\.name))
        let release = report.kernelRelease ?? ""
        let isX86 = report.callTrace.contains {
            $0.function.mentions("entry_SYSCALL") || $0.function.mentions("asm_exc_")
        }
        if let pageSize = memory.pageSize, pageSize != 4096 {
            // Block sizes distinguish arm64 from others with such pages: powerpc's end at order 8.
            let orders = memory.zones.compactMap { $0.freeBlocks?.count }.max()
            let isARM = release.mentions("aarch64") || release.mentions("arm64")
            let largest = Architecture.arm64.maximumOrder(pageSize: pageSize)
            return isARM || orders == Int(largest.rawValue) + 1 && largest > 10 ? .arm64 : .other
        }
        if release.mentions("amd64") || release.mentions("x86_64") || isX86 { return .amd64 }
        if release.mentions("aarch64") || release.mentions("arm64") { return .arm64 }
        if report.hasForeignFrames { return .other }
        if release.mentions("s390") || report.callTrace.contains(where: { $0.function == "sysc_return" }) {
            return .other
        }
        if names.contains("HighMem") {
            guard names.contains("DMA") else { return .other }
            // Without PAE there are neither several nodes nor memory above 4 GiB.
            let isLarge = memory.pageTotals["RAM"] ?? 0 > 1 << 20 || memory.zones.contains { $0.node > 0 }
            return isLarge || release.lowercased().mentions("pae") ? .i386pae : .i386
        }
        if report.hasShortAddresses {
            let dma = memory.zones.first { $0.name == "DMA" }?.present ?? .max
            return dma <= 16 * 1024 && names.contains("Normal") ? .i386 : .other
        }
        // The DMA zone of x86 ends at 16 MiB; arm64's has a gigabyte or more.
        if let dma = memory.zones.first(where: { $0.name == "DMA" })?.present {
            return dma <= 16 * 1024 ? .amd64 : .arm64
        }
        return names.contains("DMA32") ? .amd64 : .other
    }

    /// Notes memory that is not listed: requests limited to a zone print only the zones up to it.
    private mutating func noteWhatIsNotListed() {
        guard let total = memory.pageTotals["RAM"] else { return }
        let listed = memory.zones.reduce(0) { $0 + min(pages($1.present), Self.largestZone) }
        if total > listed + 64 {
            notes.append("\(total - listed) of \(total) pages are in zones or nodes that the report does not list.")
        }
    }

    var maximumOrder: Order {
        // A line that is cut off does not show the largest order.
        let whole = memory.zones.filter { $0.freeBlocksState == .complete }
        let orders = whole.compactMap { $0.freeBlocks?.count }.max() ?? 11
        return Order(max(1, min(orders, 20)) - 1)
    }

    private func pages(_ kibibytes: Int?) -> Int { max(0, memory.pages(kibibytes ?? 0)) }

    /// The zones, those of one kind before those of the next, as addresses are ordered.
    mutating func zones() -> [ZoneSnapshot] {
        var zones: [ZoneSnapshot] = []
        let pageSize = memory.assumedPageSize
        var next = 1
        for kind in ZoneKind.allCases {
            switch (kind, architecture) {
            case (.dma32, .amd64), (.normal, .i386), (.normal, .i386pae): next = max(next, (16 << 20) / pageSize)
            case (.normal, .amd64), (.normal, .arm64): next = max(next, (4 << 30) / pageSize)
            case (.highMem, .i386), (.highMem, .i386pae): next = max(next, (896 << 20) / pageSize)
            default: break
            }
            let alike = memory.zones.filter { $0.kind == kind }.sorted { $0.node < $1.node }
            for zone in alike {
                guard (0..<NodeID.limit).contains(zone.node), let snapshot = snapshot(zone, kind, start: next) else {
                    continue
                }
                next = snapshot.span.end.rawValue <= UInt64(Int.max / 2) ? Int(snapshot.span.end.rawValue) : next
                zones.append(snapshot)
            }
        }
        let unknown = Set(memory.zones.filter { $0.kind == nil }.map(\.name)).sorted()
        if !unknown.isEmpty { notes.append("Zones of unknown kind were ignored: \(unknown.joined(separator: ", ")).") }
        return zones.sorted { ($0.span.node, $0.span.kind) < ($1.span.node, $1.span.kind) }
    }

    private mutating func snapshot(_ zone: FailureReport.ZoneUsage, _ kind: ZoneKind, start: Int) -> ZoneSnapshot? {
        let place = "Node \(zone.node) \(zone.name)"
        let inBlocks = pages(zone.freeBlocksSum)
        var present = pages(zone.present)
        if zone.present == nil {
            notes.append("\(place) has no size: it is assumed to be as large as its free blocks.")
        }
        if zone.managed == nil { notes.append("\(place) has no managed pages: all present ones are assumed to be.") }
        var managed = zone.managed.map { pages($0) } ?? present
        guard present <= Self.largestZone, inBlocks <= Self.largestZone, managed <= Self.largestZone else {
            notes.append("\(place) has an impossible size and was ignored.")
            return nil
        }
        managed = max(managed, inBlocks)
        present = max(present, managed)
        let cma = min(pages(zone.freeCMA), managed)
        let span = ZoneSpan(
            node: NodeID(zone.node), kind: kind, start: PageFrame(start), spanned: present, present: present,
            managed: managed, cma: cma)
        if cma > 0 { notes.append("\(place): only the free pages of its CMA areas are known (\(cma)).") }
        var snapshot = ZoneSnapshot(
            span: span, watermarks: marks(zone), lowmemReserve: reserve(zone), freePages: zone.free.map { pages($0) },
            free: .counts((zone.freeBlocks ?? []).map { FreeCount(total: max(0, $0.count), presentTypes: $0.types) }),
            reservedHighAtomic: pages(zone.reservedHighAtomic),
            perCPUPages: zone.kibibytes["free_pcp"].map { pages($0) } ?? usedPerCPU(zone))
        if let free = zone.freeCMA { snapshot.counters["nr_free_cma"] = pages(free) }
        return snapshot
    }

    private func usedPerCPU(_ zone: FailureReport.ZoneUsage) -> Int? {
        zone.perCPU.isEmpty ? nil : zone.perCPU.reduce(0) { $0 + min(max(0, $1.used), 1 << 24) }
    }

    /// The watermarks; those printed include the boost (`show_free_areas`, mm/show_mem.c, 6.12: `min_wmark_pages`).
    private func marks(_ zone: FailureReport.ZoneUsage) -> WatermarkValues? {
        guard let min = zone.min, let low = zone.low, let high = zone.high else { return nil }
        let boost = pages(zone.boost)
        func mark(_ value: Int) -> Int { max(0, pages(value) - boost) }
        return WatermarkValues(min: mark(min), low: mark(low), high: mark(high), boost: boost)
    }

    /// One entry for each zone of the architecture; a kernel configured with fewer kinds prints fewer.
    private func reserve(_ zone: FailureReport.ZoneUsage) -> [Int]? {
        guard let printed = zone.lowmemReserve, let last = printed.last else { return nil }
        let count = architecture.zoneKinds.count
        guard architecture != .other else { return printed }
        return Array((printed + Array(repeating: last, count: max(0, count - printed.count))).prefix(count))
    }

    mutating func nodes(_ zones: [ZoneSnapshot]) -> [Topology.Node] {
        let ids = Set(zones.map(\.span.node)).union(
            memory.nodes.compactMap { (0..<NodeID.limit).contains($0.node) ? NodeID($0.node) : nil })
        if ids.count > 1 {
            notes.append("A report has no distances: 10 within a node and 20 between nodes are assumed.")
        }
        notes.append("A report does not say which CPUs a node has: CPU n is put on node n.")
        return ids.sorted().enumerated().map { index, id in
            let ranges = zones.filter { $0.span.node == id && $0.span.present > 0 }
                .map { $0.span.start..<$0.span.end }.sorted { $0.lowerBound < $1.lowerBound }
            var joined: [Range<PageFrame>] = []
            for range in ranges {
                if let last = joined.last, last.upperBound == range.lowerBound {
                    joined[joined.count - 1] = last.lowerBound..<range.upperBound
                } else {
                    joined.append(range)
                }
            }
            return Topology.Node(id: id, cpus: [CPUID(index)], memory: joined)
        }
    }
}
