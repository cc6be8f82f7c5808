import BuddyEngine
import GFP
import PageAllocator
import Topology

/// A machine's state at one moment, gathered for display. It is a plain value. All amounts are in pages.
public struct MachineReport: Hashable, Sendable {
    /// The machine's name.
    public var name: String
    /// What the machine is, in a sentence or two; empty if not stated.
    public var about: String
    /// The architecture.
    public var architecture: Architecture
    /// The kernel whose rules apply.
    public var kernel: KernelVersion
    /// The rules that apply, and how close they are to that kernel's.
    public var rules: RulesInForce
    /// The page size, in bytes.
    public var pageSize: Int
    /// The largest order of the free lists.
    public var maximumOrder: Order
    /// The kinds of zones, by zone index.
    public var zoneKinds: [ZoneKind]
    /// `vm.min_free_kbytes`, in KiB.
    public var minFreeKbytes: Int
    /// The settings.
    public var sysctls: Sysctls
    /// The nodes, in ascending order.
    public var nodes: [Node]
    /// The distances between nodes.
    public var distances: DistanceMatrix
    /// The zones, by node and kind.
    public var zones: [Zone]
    /// The rules that the layout followed, as far as they differ between kernels.
    public var layoutRules: [LayoutRule]
    /// Whether no profile was verified against the kernel, so that the rules used deserve a table.
    public var isBetweenProfiles: Bool
    /// What could not be read or was assumed, one sentence each.
    public var notes: [String]
    /// Whether to show the tables of fragmentation.
    public var showsFragmentation = false

    /// A node.
    public struct Node: Hashable, Sendable {
        /// Its number.
        public var id: NodeID
        /// Its CPUs.
        public var cpus: [CPUID]
        /// Pages that the allocator manages.
        public var managed: Int
        /// Pages that exist.
        public var present: Int
        /// Free pages.
        public var free: Int
        /// The order in which requests from the node try zones (`ZONELIST_FALLBACK`).
        public var zonelist: [ZoneReference]
    }

    /// A zone.
    public struct Zone: Hashable, Sendable {
        /// Its node.
        public var node: NodeID
        /// Its kind.
        public var kind: ZoneKind
        /// Its first page frame.
        public var start: PageFrame
        /// Pages from its first to its last frame, holes included.
        public var spanned: Int
        /// Pages that exist.
        public var present: Int
        /// Pages that the allocator manages.
        public var managed: Int
        /// Pages of contiguous memory areas.
        public var cma: Int
        /// The counter of free pages that watermarks are compared with.
        public var free: Int
        /// The watermarks without the boost.
        public var watermarks: WatermarkValues
        /// The pages kept from requests that could use a higher zone, by zone index.
        public var lowmemReserve: [Int]
        /// Pages reserved for high-order atomic requests.
        public var reservedHighAtomic: Int
        /// The per-CPU lists.
        public var perCPU: PerCPU
        /// The free blocks, by migratetype.
        public var freeBlocks: [FreeBlocks]
        /// The NUMA counters.
        public var numa: NUMACounters

        /// Free blocks of all types, by order.
        public var totals: [Int] {
            freeBlocks.reduce(into: [Int]()) { sums, blocks in
                for (order, count) in blocks.counts.enumerated() {
                    if order < sums.count { sums[order] += count } else { sums.append(count) }
                }
            }
        }
    }

    /// The per-CPU lists of a zone.
    public struct PerCPU: Hashable, Sendable {
        /// The pages moved at once between a CPU's lists and the zone.
        public var batch: Int
        /// The lower limit of `high`, the largest number of pages on a CPU's lists.
        public var highMin: Int
        /// The upper limit of `high`.
        public var highMax: Int
        /// The pages on all CPUs' lists together.
        public var pages: Int
    }

    /// The free blocks of one migratetype.
    public struct FreeBlocks: Hashable, Sendable {
        /// The migratetype.
        public var type: Migratetype
        /// The numbers of blocks, by order.
        public var counts: [Int]

        /// The pages of all blocks.
        public var pages: Int { counts.enumerated().reduce(0) { $0 + $1.element << $1.offset } }
    }

    /// Gathers a machine's state.
    ///
    /// - Parameters:
    ///   - machine: The machine.
    ///   - notes: What the reader of the machine could not read or assumed.
    public init(_ machine: borrowing Machine, notes: [String] = []) {
        let topology = machine.topology
        name = topology.name
        about = topology.about
        architecture = topology.architecture
        kernel = topology.kernel
        rules = machine.rules
        pageSize = topology.pageSize
        maximumOrder = machine.maximumOrder
        zoneKinds = machine.zoneKinds
        minFreeKbytes = machine.minFreeKbytes
        sysctls = topology.sysctls
        distances = topology.distances
        layoutRules = LayoutRule.all(of: machine)
        let held = machine.profile.version
        isBetweenProfiles = (kernel.major, kernel.minor) != (held.major, held.minor)
        self.notes = notes
        var zones: [Zone] = []
        for position in 0..<machine.zoneCount {
            zones.append(machine.withZone(position) { Zone($0, kinds: machine.zoneKinds.count) })
        }
        self.zones = zones
        var nodes: [Node] = []
        for node in topology.nodes {
            let own = zones.filter { $0.node == node.id }
            nodes.append(
                Node(
                    id: node.id, cpus: node.cpus, managed: own.reduce(0) { $0 + $1.managed },
                    present: own.reduce(0) { $0 + $1.present }, free: own.reduce(0) { $0 + $1.free },
                    zonelist: machine.zonelist(of: node.id)))
        }
        self.nodes = nodes
    }
}

extension MachineReport.Zone {
    fileprivate init(_ zone: borrowing PageAllocator.Zone, kinds: Int) {
        node = zone.node
        kind = zone.kind
        start = zone.buddy.range.lowerBound
        spanned = zone.spanned
        present = zone.present
        managed = zone.managed
        cma = zone.cma
        free = zone.freePagesCounter
        watermarks = WatermarkValues(
            min: zone.watermark(.min), low: zone.watermark(.low), high: zone.watermark(.high),
            promo: zone.watermark(.promo), boost: zone.boost)
        var reserve: [Int] = []
        for index in 0..<kinds { reserve.append(zone.lowmemReserve(against: index)) }
        lowmemReserve = reserve
        reservedHighAtomic = zone.buddy.reservedHighAtomic
        perCPU = MachineReport.PerCPU(
            batch: zone.pagesetBatch, highMin: zone.pagesetHighMin, highMax: zone.pagesetHighMax,
            pages: zone.perCPUPages)
        numa = zone.numa
        freeBlocks = []
        for type in Migratetype.allCases {
            var counts: [Int] = []
            for order in 0...zone.buddy.maximumOrder.rawValue {
                counts.append(zone.buddy.freeBlocks(Order(rawValue: order), type: type))
            }
            freeBlocks.append(MachineReport.FreeBlocks(type: type, counts: counts))
        }
    }
}
