import BuddyEngine
import GFP
import PageAllocator
import Topology

/// What there is to know of a machine at one moment, gathered for reading: a plain value. All amounts are pages.
public struct MachineReport: Hashable, Sendable {
    public var name: String
    public var about: String
    public var architecture: Architecture
    /// The kernel whose rules hold, and the profile that stands for it.
    public var kernel: KernelVersion
    public var rules: RulesInForce
    public var pageSize: Int
    public var maximumOrder: Order
    public var zoneKinds: [ZoneKind]
    /// KiB.
    public var minFreeKbytes: Int
    public var sysctls: Sysctls
    public var nodes: [Node]
    public var distances: DistanceMatrix
    public var zones: [Zone]
    /// The rules that the layout followed, as far as they are not the same in all kernels.
    public var layoutRules: [LayoutRule]
    /// The kernel is none that a profile was verified against: which rules were used is worth a table.
    public var isBetweenProfiles: Bool
    /// What could not be read or was assumed.
    public var notes: [String]
    /// The tables of fragmentation are wanted.
    public var showsFragmentation = false

    public struct Node: Hashable, Sendable {
        public var id: NodeID
        public var cpus: [CPUID]
        public var managed: Int
        public var present: Int
        public var free: Int
        /// The fallback order (`ZONELIST_FALLBACK`).
        public var zonelist: [ZoneReference]
    }

    public struct Zone: Hashable, Sendable {
        public var node: NodeID
        public var kind: ZoneKind
        public var start: PageFrame
        public var spanned: Int
        public var present: Int
        public var managed: Int
        public var cma: Int
        /// The counter that watermarks are compared with.
        public var free: Int
        /// Without the boost.
        public var watermarks: WatermarkValues
        /// By zone index.
        public var lowmemReserve: [Int]
        public var reservedHighAtomic: Int
        public var perCPU: PerCPU
        public var freeBlocks: [FreeBlocks]
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

    public struct PerCPU: Hashable, Sendable {
        public var batch: Int
        public var highMin: Int
        public var highMax: Int
        /// On all CPUs' lists together.
        public var pages: Int
    }

    public struct FreeBlocks: Hashable, Sendable {
        public var type: Migratetype
        /// By order.
        public var counts: [Int]

        public var pages: Int { counts.enumerated().reduce(0) { $0 + $1.element << $1.offset } }
    }

    /// - `notes`: What the reader of the machine had to say.
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
