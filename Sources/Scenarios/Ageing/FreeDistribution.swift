import BuddyEngine
import PageAllocator
import Topology

/// How fragmented the free memory of a machine's zones is: the share of each zone's pages that is free in blocks of
/// each order, by the type of their pageblock. As shares, so that they can be applied to a machine of another size.
public struct FreeDistribution: Hashable, Sendable {
    /// The shares by zone.
    public var zones: [ZoneReference: Shares]
    /// The shares of all zones together, for a zone that the original machine lacks.
    public var all: Shares

    /// The shares of a zone.
    public struct Shares: Hashable, Sendable {
        /// By type, then by order: the share of managed pages.
        public var free: [Migratetype: [Double]] = [:]
        /// By type: the share of pageblocks.
        public var pageblocks: [Migratetype: Double] = [:]

        public init() {}
    }

    /// The distribution of a machine.
    public init(of machine: borrowing Machine) {
        zones = [:]
        var sum = Counts()
        for position in 0..<machine.zoneCount {
            let counts = Counts(machine, position)
            zones[machine.withZone(position) { $0.reference }] = counts.shares
            sum.add(counts)
        }
        all = sum.shares
    }

    /// The same distribution for every zone.
    ///
    /// - Parameters:
    ///   - free: The share of pages that is free, from 0 to 1.
    ///   - orders: How free pages are distributed: by order, the share in blocks of it.
    ///   - unmovable: The share of pageblocks that is unmovable.
    public init(free: Double, orders: [Double], unmovable: Double) {
        zones = [:]
        all = Shares()
        all.free = [.movable: orders.map { $0 * free }]
        all.pageblocks = [.movable: 1 - unmovable, .unmovable: unmovable]
    }

    func shares(of zone: ZoneReference) -> Shares { zones[zone] ?? all }

    /// The counts that shares are computed from.
    private struct Counts {
        var managed = 0
        var free: [Migratetype: [Int]] = [:]
        var pageblocks: [Migratetype: Int] = [:]

        init() {}

        init(_ machine: borrowing Machine, _ position: Int) {
            let orders = machine.maximumOrder.rawValue
            managed = machine.withZone(position) { $0.managed }
            for type in Migratetype.allCases {
                free[type] = (0...orders).map { order in
                    machine.withZone(position) { $0.buddy.freeBlocks(Order(rawValue: order), type: type) } << Int(order)
                }
            }
            let step = machine.topology.pageblockOrder.pages
            for segment in machine.withZone(position, { $0.segments }) {
                var frame = segment.lowerBound
                while frame < segment.upperBound {
                    if let type = machine.pageblockType(of: frame) { pageblocks[type, default: 0] += 1 }
                    frame = frame + step
                }
            }
        }

        mutating func add(_ other: Counts) {
            managed += other.managed
            for (type, pages) in other.free {
                let before = free[type] ?? []
                free[type] = pages.indices.map { pages[$0] + ($0 < before.count ? before[$0] : 0) }
            }
            pageblocks.merge(other.pageblocks, uniquingKeysWith: +)
        }

        var shares: Shares {
            var shares = Shares()
            let blocks = pageblocks.values.reduce(0, +)
            for (type, pages) in free where pages.contains(where: { $0 > 0 }) {
                shares.free[type] = pages.map { Double($0) / Double(max(managed, 1)) }
            }
            for (type, count) in pageblocks { shares.pageblocks[type] = Double(count) / Double(max(blocks, 1)) }
            return shares
        }
    }
}
