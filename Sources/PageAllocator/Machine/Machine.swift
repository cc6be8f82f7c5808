import BuddyEngine
import GFP
import Topology

/// A machine's page allocator at run time: nodes, zones, zonelists, and everything that decides which page frame the
/// next request gets.
///
/// A machine is one deterministic, single-threaded value: the same requests in the same order get the same page frames.
/// To copy one, restore its ``snapshot()``.
public struct Machine: ~Copyable {
    /// What the machine was built from. Sysctls change through ``set(_:)``.
    public private(set) var topology: Topology
    /// The kernel's rules.
    public let profile: KernelProfile
    /// Replaces some of the profile's rules; nil: none.
    public let policy: (any AllocatorPolicy)?
    /// Whether ``policy`` is set. Reading the reference itself would change its reference count.
    @usableFromInline
    let hasPolicy: Bool
    /// The zone kinds its kernel is configured with, in order of zone index.
    public let zoneKinds: [ZoneKind]
    /// Where reclaim gets memory from; nil: nothing is ever reclaimed, compacted or killed.
    public var reclaimHook: (any ReclaimHook)?
    /// When kswapd runs, if there is a hook.
    public var reclaimTiming = ReclaimTiming.prompt {
        didSet {
            guard reclaimTiming != oldValue else { return }
            if case .sharedCPU(let costs) = reclaimTiming {
                pressure.cpu = SharedCPU(costs: costs, rules: profile.reclaim, cpus: cpuIDs.count)
                startClocks()
            } else {
                pressure.cpu = nil
            }
        }
    }
    /// Whether each free is checked against what was allocated, and refused if it cannot be right: freed twice, with
    /// another order, from the middle of a block (``badPages``). It costs a call, and a byte for each page in use. Turn
    /// it off for full speed if all frees are known to be right. After it is turned on again, blocks then in use may be
    /// freed with any order.
    public var checksFrees = true {
        didSet {
            guard checksFrees != oldValue else { return }
            lastFreed = LastFreed()
            if checksFrees { for zone in 0..<zoneCount { zones[zone].beginLedger() } }
            resetShortWay()
        }
    }
    @usableFromInline
    var pageWatch = PageWatch()
    /// Is told of everything that happens here; nil costs nothing.
    public var listener: (any MachineListener)? {
        didSet {
            resetShortWay()
            guard listener != nil else { return }
            for zone in 0..<zoneCount { zones[zone].buddy.expectMovableMarks() }
        }
    }
    /// What happened under pressure. Reclaim hooks add what they scan.
    public var counters = PressureCounters()
    /// The cpuset of the task whose request is being served; nil: none.
    @usableFromInline
    var cpuset: Cpuset?
    @usableFromInline
    var pressure: PressureState
    let reclaimers: KswapdTable
    /// Whether some node's reclaim thread is awake.
    @usableFromInline
    var hasAwakeKswapd = false {
        didSet { resetShortWay() }
    }
    /// Walks skip nodes whose reclaim thread is awake.
    @usableFromInline
    let passesOverAwakeNodes: Bool
    /// `vm.defrag_mode`, where the kernel has it: no walk may fragment until a request is about to be refused.
    @usableFromInline
    private(set) var forbidsFragmentation: Bool
    /// The nodes' IDs, ascending; other tables are indexed by position in this one.
    public let nodeIDs: [NodeID]
    /// The CPUs' IDs, ascending; other tables are indexed by position in this one.
    public let cpuIDs: [CPUID]
    /// The number of zones.
    public let zoneCount: Int

    @usableFromInline
    let zones: UnsafeMutablePointer<Zone>
    /// The order in which zonelists have the zones of all nodes.
    public let zonelistOrder: ZonelistOrder
    /// The zonelists of all nodes, one after another.
    @usableFromInline
    let entries: FixedTable<ZonelistEntry>
    /// By node position.
    @usableFromInline
    let lists: FixedTable<ZonelistRange>
    /// Nodes whose zonelist was given and differs from the one that follows from the topology.
    let statedZonelists: Set<NodeID>
    /// By node position and a mask's `GFPFlags.selector`: `GFPFlags.selectorCount` entries for each node.
    @usableFromInline
    let firstZones: FixedTable<FirstZone>
    /// By CPU number.
    @usableFromInline
    let cpuPlaces: FixedTable<CPUPlace>
    /// By node number: the position, or -1.
    @usableFromInline
    let nodePositions: FixedTable<Int16>
    /// By the four zone bits of a mask: the highest zone index that it allows, or -1 where the bits contradict each
    /// other.
    @usableFromInline
    let highestZones: InlineArray<16, Int8>
    /// The largest order of a request.
    public let maximumOrder: Order
    @usableFromInline
    let segments: SegmentTable
    /// Empty while frees are checked, so that none takes the fast path.
    @usableFromInline
    var lastFreed = LastFreed()
    @usableFromInline
    let hasManyNodes: Bool
    /// CONFIG_NUMA and `vm.numa_stat`: NUMA counters are kept.
    @usableFromInline
    private(set) var keepsLocality: Bool
    /// Nodes whose kswapd was woken during the request, by position.
    @usableFromInline
    var awakened: [Int] = [] {
        didSet { resetShortWay() }
    }
    @usableFromInline
    var isMobilityGroupingDisabled = false {
        didSet { resetShortWay() }
    }
    /// No kswapd that could matter runs between requests, types are kept apart, and there is neither listener nor
    /// policy.
    @usableFromInline
    private(set) var isCalm: Bool
    /// It is calm, and frees are not checked.
    @usableFromInline
    private(set) var takesShortWay = false
    @usableFromInline
    var hasCMA: Bool

    deinit {
        zones.deinitialize(count: zoneCount)
        zones.deallocate()
    }

    /// The zone at a position: node by node, the lowest zone of each first.
    public func withZone<Result>(_ position: Int, _ body: (borrowing Zone) -> Result) -> Result {
        precondition(position >= 0 && position < zoneCount)
        return body(zones[position])
    }

    /// The position of a zone; nil if the machine has no such zone.
    public func position(of zone: ZoneReference) -> Int? {
        (0..<zoneCount).first { zones[$0].node == zone.node && zones[$0].kind == zone.kind }
    }

    /// The zones that a request from a node walks, in order (`ZONELIST_FALLBACK`).
    ///
    /// - Parameters:
    ///   - node: The node.
    ///   - onlyOwn: Return the list for `__GFP_THISNODE` instead (`ZONELIST_NOFALLBACK`).
    public func zonelist(of node: NodeID, onlyOwn: Bool = false) -> [ZoneReference] {
        guard let position = position(of: node) else { return [] }
        let list = lists[unchecked: position]
        let start = Int(onlyOwn ? list.ownStart : list.start)
        return (0..<Int(onlyOwn ? list.ownCount : list.count)).map {
            zones[Int(entries[unchecked: start + $0].zone)].reference
        }
    }

    /// The zone that a page frame belongs to; nil for a hole.
    @inlinable
    public func zone(of frame: PageFrame) -> ZoneReference? {
        segments.zone(of: frame).map { zones[$0].reference }
    }

    /// The position of a node in ``nodeIDs``; nil if the machine has no such node.
    public func position(of node: NodeID) -> Int? {
        guard nodePositions.has(Int(node.rawValue)) else { return nil }
        let position = nodePositions[Int(node.rawValue)]
        return position >= 0 ? Int(position) : nil
    }

    /// The position of a CPU in ``cpuIDs``; nil if the machine has no such CPU.
    public func position(of cpu: CPUID) -> Int? {
        guard cpuPlaces.has(Int(cpu.rawValue)) else { return nil }
        let position = cpuPlaces[Int(cpu.rawValue)].position
        return position >= 0 ? Int(position) : nil
    }

    /// The position of a CPU's node; that of the first node for a CPU that the machine lacks.
    func nodePosition(of cpu: CPUID) -> Int {
        cpuPlaces.has(Int(cpu.rawValue)) ? Int(cpuPlaces[Int(cpu.rawValue)].node) : 0
    }

    /// Free pages on all free lists; per-CPU lists do not count.
    public var freePages: Int { (0..<zoneCount).reduce(0) { $0 + zones[$1].buddy.freePages } }

    /// Pages on per-CPU lists.
    public var perCPUPages: Int { (0..<zoneCount).reduce(0) { $0 + zones[$1].perCPUPages } }

    private mutating func resetShortWay() {
        isCalm =
            awakened.isEmpty && !isMobilityGroupingDisabled && !(passesOverAwakeNodes && hasAwakeKswapd)
            && listener == nil && !hasPolicy
        takesShortWay = isCalm && !checksFrees
    }

    /// Applies new sysctls and recomputes the watermarks, reserves or per-CPU list sizes that depend on those changed,
    /// as writing to `/proc/sys/vm` does.
    ///
    /// - Throws: ``MachineError/impossible(_:)``, with nothing changed, for a value that the kernel does not accept.
    public mutating func set(_ sysctls: Sysctls) throws(MachineError) {
        if let problem = topology.firstError(of: sysctls) { throw .impossible(problem) }
        listener?.began(.set)
        let before = topology.sysctls
        topology.sysctls = sysctls
        keepsLocality = sysctls.numaStat && topology.isNUMAConfigured
        forbidsFragmentation = profile.walk.hasDefragMode && sysctls.defragMode
        resize(before)
        listener?.ended(.set, frame: nil, on: self)
    }

    /// Builds all parts; the zones have no free pages yet.
    init(
        topology: Topology, profile: KernelProfile, policy: (any AllocatorPolicy)? = nil, spans: [ZoneSpan],
        segments: [[Range<PageFrame>]], zonelists: [NodeID: [ZoneReference]]
    ) throws(MachineError) {
        try Self.check(topology, spans, segments)
        let kinds = topology.architecture.zoneKinds
        let nodes = topology.nodes.sorted { $0.id < $1.id }
        let cpus = Self.cpus(of: nodes)
        let positions = Self.positions(of: nodes)
        self.topology = topology
        self.topology.nodes = nodes
        self.profile = profile
        self.policy = policy
        hasPolicy = policy != nil
        isCalm = policy == nil
        zoneKinds = kinds
        nodeIDs = nodes.map(\.id)
        cpuIDs = cpus.map(\.0)
        hasManyNodes = nodes.count > 1
        keepsLocality = topology.sysctls.numaStat && topology.isNUMAConfigured
        passesOverAwakeNodes = nodes.count > 1 && profile.walk.passesOverAwakeNodes
        forbidsFragmentation = profile.walk.hasDefragMode && topology.sysctls.defragMode
        cpuPlaces = FixedTable(Self.places(of: cpus))
        nodePositions = FixedTable(positions)
        let reclaimers = KswapdTable(nodes.map { _ in KswapdState(highestZoneIndex: kinds.count) })
        let kswapds = reclaimers.base
        self.reclaimers = reclaimers
        let lastWithMemory = spans.filter { $0.present > 0 }.map(\.node).max()
        pressure = PressureState(nodes: nodes.count, zones: spans.count)
        maximumOrder = topology.maximumOrder
        highestZones = InlineArray { selector in
            GFPFlags.highestZone(selector: selector, configured: kinds).flatMap { kinds.firstIndex(of: $0) }
                .map { Int8($0) } ?? -1
        }
        hasCMA = topology.isCMAConfigured || spans.contains { $0.cma > 0 }

        zoneCount = spans.count
        zones = .allocate(capacity: max(spans.count, 1))
        let lowest = spans.map(\.start).min()
        let space = TableSpace(
            bytes: spans.reduce(0) { $0 + Zone.tableBytes($1, topology, cpuCount: cpus.count) })
        for (position, span) in spans.enumerated() {
            let zone = Zone(
                span, isLowest: span.start == lowest, index: kinds.firstIndex(of: span.kind) ?? 0,
                nodePosition: Int(positions[Int(span.node.rawValue)]), segments: segments[position],
                topology: topology, profile: profile, policy: policy, cpuCount: cpus.count,
                kswapdToEncourage: profile.reclaim.freesRenewHope && span.node < lastWithMemory ?? span.node
                    ? kswapds + Int(positions[Int(span.node.rawValue)]) : nil, in: space)
            (zones + position).initialize(to: zone)
        }
        self.segments = SegmentTable(segments)
        zonelistOrder = self.topology.zonelistOrder(of: spans)
        let built = Self.zonelists(
            of: self.topology, positions, profile, policy, zonelistOrder, spans: spans, given: zonelists)
        lists = FixedTable(built.lists)
        firstZones = FixedTable(built.firstZones(of: zones, highestZones: highestZones))
        statedZonelists = built.stated
        entries = built.fixedEntries()
    }
}

extension Zone {
    /// Pages on all CPUs' lists.
    public var perCPUPages: Int { readyCPUs.reduce(0) { $0 + perCPU.base[$1].count } }
}
