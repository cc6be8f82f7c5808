import BuddyEngine
import GFP
import Topology

/// A machine's page allocator at run time: nodes, zones, zonelists, and everything that decides where the next request
/// lands.
///
/// A machine is one deterministic, single-threaded value: the same requests in the same order get the same page frames.
/// To fork one, take its ``snapshot()`` and restore that.
public struct Machine: ~Copyable {
    /// What the machine was built from. Sysctls change through ``set(_:)``.
    public private(set) var topology: Topology
    public let profile: KernelProfile
    /// The zone kinds its kernel is configured with, in order of zone index.
    public let zoneKinds: [ZoneKind]
    /// Where reclaim gets memory from; nil: nothing is ever reclaimed, compacted or killed.
    public var reclaimHook: (any ReclaimHook)?
    /// When kswapd gets to run, if there is a hook.
    public var reclaimTiming = ReclaimTiming.prompt
    /// What happened under pressure. Reclaim hooks count here what they scan.
    public var counters = PressureCounters()
    @usableFromInline
    var pressure: PressureState
    /// Each node's reclaim thread, in order of ``nodeIDs``.
    public internal(set) var kswapd: [KswapdState]
    /// The nodes' IDs, ascending; other tables go by position in this one.
    public let nodeIDs: [NodeID]
    /// The CPUs' IDs, ascending; other tables go by position in this one.
    public let cpuIDs: [CPUID]
    public let zoneCount: Int

    @usableFromInline
    let zones: UnsafeMutablePointer<Zone>
    @usableFromInline
    let entries: UnsafeMutablePointer<ZonelistEntry>
    @usableFromInline
    let lists: UnsafeMutablePointer<ZonelistRange>
    /// By CPU position: its node's position.
    @usableFromInline
    let cpuNodes: [UInt16]
    /// By ID: the position, or -1.
    @usableFromInline
    let cpuPositions: [Int32]
    @usableFromInline
    let nodePositions: [Int16]
    /// By the four zone bits of a mask: the highest zone index it allows, or -1 where the bits contradict.
    @usableFromInline
    let highestZones: InlineArray<16, Int8>
    @usableFromInline
    let normalIndex: Int
    /// The kernel is configured with a DMA32 zone; only then is fragmentation avoided (CONFIG_ZONE_DMA32).
    @usableFromInline
    let hasDMA32Kind: Bool
    /// The largest order of a request.
    public let maximumOrder: Order
    /// By zone position: the node's DMA32 zone has pages, so that a Normal request may avoid fragmentation there.
    @usableFromInline
    let hasDMA32: [Bool]
    @usableFromInline
    let segments: SegmentTable
    /// Nodes whose kswapd was awakened during the request, by position.
    @usableFromInline
    var awakened: [Int] = []
    @usableFromInline
    var isMobilityGroupingDisabled = false
    @usableFromInline
    var hasCMA: Bool

    /// A node's reclaim thread.
    public struct KswapdState: Hashable, Sendable {
        public var order: Order = 0
        /// An index into the zone kinds; their number: nobody asked.
        public var highestZoneIndex: Int
        public var failures = 0
        public var isAsleep = true
    }

    deinit {
        zones.deinitialize(count: zoneCount)
        zones.deallocate()
        entries.deallocate()
        lists.deallocate()
    }

    /// The zone at a position: node by node, the lowest zone of each first.
    public func withZone<Result>(_ position: Int, _ body: (borrowing Zone) -> Result) -> Result {
        precondition(position >= 0 && position < zoneCount)
        return body(zones[position])
    }

    /// The position of a zone; nil if the machine has none such.
    public func position(of zone: ZoneReference) -> Int? {
        (0..<zoneCount).first { zones[$0].node == zone.node && zones[$0].kind == zone.kind }
    }

    /// The zones that a request from a node walks, in order (`ZONELIST_FALLBACK`).
    ///
    /// - Parameter onlyOwn: The list for `__GFP_THISNODE` instead.
    public func zonelist(of node: NodeID, onlyOwn: Bool = false) -> [ZoneReference] {
        guard let position = position(of: node) else { return [] }
        let list = lists[position]
        return (0..<Int(onlyOwn ? list.ownCount : list.count)).map {
            zones[Int(entries[Int(list.start) + $0].zone)].reference
        }
    }

    /// The zone that a page frame belongs to; nil for a hole.
    public func zone(of frame: PageFrame) -> ZoneReference? {
        segments.zone(of: frame).map { zones[$0].reference }
    }

    public func position(of node: NodeID) -> Int? {
        Int(node.rawValue) < nodePositions.count && nodePositions[Int(node.rawValue)] >= 0
            ? Int(nodePositions[Int(node.rawValue)]) : nil
    }

    public func position(of cpu: CPUID) -> Int? {
        Int(cpu.rawValue) < cpuPositions.count && cpuPositions[Int(cpu.rawValue)] >= 0
            ? Int(cpuPositions[Int(cpu.rawValue)]) : nil
    }

    /// Free pages on all lists, per-CPU lists not counted.
    public var freePages: Int { (0..<zoneCount).reduce(0) { $0 + zones[$1].buddy.freePages } }

    /// Pages on per-CPU lists.
    public var perCPUPages: Int { (0..<zoneCount).reduce(0) { $0 + zones[$1].perCPUPages } }

    /// Applies new sysctls: watermarks, reserves and per-CPU list sizes are worked out afresh, as writing to
    /// `/proc/sys/vm` does.
    public mutating func set(_ sysctls: Sysctls) {
        topology.sysctls = sysctls
        resize()
    }

    /// Builds the parts that hang together; zones come without free pages.
    init(
        topology: Topology, profile: KernelProfile, spans: [ZoneSpan], segments: [[Range<PageFrame>]],
        zonelists: [NodeID: [ZoneReference]]
    ) throws(MachineError) {
        let kinds = topology.architecture.zoneKinds
        let nodes = topology.nodes.sorted { $0.id < $1.id }
        let cpus = nodes.enumerated().flatMap { position, node in node.cpus.map { ($0, position) } }
            .sorted { $0.0 < $1.0 }
        guard !cpus.isEmpty else { throw .noCPU }
        guard spans.contains(where: { $0.present > 0 }) else { throw .noMemory }
        guard (1...13).contains(topology.maximumOrder), topology.pageblockOrder >= 1 else {
            throw .unsupportedOrders(maximum: topology.maximumOrder, pageblock: topology.pageblockOrder)
        }
        for span in spans {
            guard kinds.contains(span.kind) else {
                throw .unknownZone(ZoneReference(node: span.node, kind: span.kind), topology.architecture)
            }
            guard span.spanned <= Int(BuddySpan.largestSpan) - topology.maximumOrder.pages * 2 else {
                throw .spanTooLarge(ZoneReference(node: span.node, kind: span.kind), pages: span.spanned)
            }
        }
        self.topology = topology
        self.topology.nodes = nodes
        self.profile = profile
        zoneKinds = kinds
        nodeIDs = nodes.map(\.id)
        cpuIDs = cpus.map(\.0)
        cpuNodes = cpus.map { UInt16($0.1) }
        cpuPositions = Self.positions(of: cpus.map { Int($0.0.rawValue) }).map(Int32.init)
        nodePositions = Self.positions(of: nodes.map { Int($0.id.rawValue) }).map(Int16.init)
        kswapd = nodes.map { _ in KswapdState(highestZoneIndex: kinds.count) }
        pressure = PressureState(
            compaction: spans.map { _ in CompactionState() }, sleptAt: nodes.map { _ in nil })
        hasDMA32Kind = kinds.contains(.dma32)
        maximumOrder = topology.maximumOrder
        normalIndex = kinds.firstIndex(of: .normal) ?? 0
        highestZones = InlineArray { selector in
            GFPFlags.highestZone(selector: selector, configured: kinds).flatMap { kinds.firstIndex(of: $0) }
                .map { Int8($0) } ?? -1
        }
        hasCMA = topology.isCMAConfigured || spans.contains { $0.cma > 0 }

        zoneCount = spans.count
        zones = .allocate(capacity: max(spans.count, 1))
        for (position, span) in spans.enumerated() {
            let zone = Zone(
                span, index: kinds.firstIndex(of: span.kind) ?? 0,
                nodePosition: Int(nodePositions[Int(span.node.rawValue)]), segments: segments[position],
                topology: topology, profile: profile, cpuCount: cpus.count)
            (zones + position).initialize(to: zone)
        }
        hasDMA32 = spans.map { span in
            spans.contains { $0.node == span.node && $0.kind == .dma32 && $0.present > 0 }
        }
        self.segments = SegmentTable(segments)
        (entries, lists) = Self.buildZonelists(topology: self.topology, spans: spans, given: zonelists)
    }

    private static func positions(of ids: [Int]) -> [Int] {
        var positions = [Int](repeating: -1, count: (ids.max() ?? -1) + 1)
        for (position, id) in ids.enumerated() { positions[id] = position }
        return positions
    }
}

extension Zone {
    /// Pages on all CPUs' lists.
    public var perCPUPages: Int { readyCPUs.reduce(0) { $0 + perCPU.base[$1].count } }
}
