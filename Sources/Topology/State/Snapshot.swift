import BuddyEngine
import GFP

/// A topology and what of its memory is free: a machine at one moment.
///
/// A snapshot read from `/proc` or from a kernel log has counts (``FreePages/counts(_:)``); one of a recording, or
/// written by a `Machine`, has every list in order (``FreePages/lists(_:)``) and ``ZoneSnapshot/exact`` beside it.
public struct Snapshot: Hashable, Sendable {
    /// The machine.
    public var topology: Topology
    /// The zones, node by node in order of node ID, lowest zone first. Zones without pages may be omitted.
    public var zones: [ZoneSnapshot]
    /// The fallback order of each node where it was printed or recorded; for nodes without an entry it is computed. A
    /// `Machine` omits orders that follow from its topology.
    public var zonelists: [NodeID: [ZoneReference]]
    /// The state of each node's kswapd, where recorded.
    public var kswapd: [NodeID: KswapdSnapshot]
    /// Migratetypes are not kept apart (`page_group_by_mobility_disabled`); nil: decided by the machine's size.
    public var isMobilityGroupingDisabled: Bool?
    /// What could not be read, and what was assumed instead: one sentence each.
    public var notes: [String]

    public init(
        topology: Topology, zones: [ZoneSnapshot], zonelists: [NodeID: [ZoneReference]] = [:],
        kswapd: [NodeID: KswapdSnapshot] = [:], isMobilityGroupingDisabled: Bool? = nil, notes: [String] = []
    ) {
        self.topology = topology
        self.zones = zones
        self.zonelists = zonelists
        self.kswapd = kswapd
        self.isMobilityGroupingDisabled = isMobilityGroupingDisabled
        self.notes = notes
    }
}

/// A zone of a machine, by node and kind.
@frozen
public struct ZoneReference: Hashable, Sendable {
    /// The node.
    public var node: NodeID
    /// The kind of zone.
    public var kind: ZoneKind

    @inlinable
    public init(node: NodeID, kind: ZoneKind) {
        self.node = node
        self.kind = kind
    }
}

/// The state of a node's reclaim thread (`kswapd_order`, `kswapd_highest_zoneidx`, ... of `pg_data_t`).
public struct KswapdSnapshot: Hashable, Sendable {
    /// The order that it was last asked for.
    public var order: Order
    /// An index into `Architecture.zoneKinds`; one more than the last if nobody has asked.
    public var highestZoneIndex: Int
    /// How many runs in a row have reclaimed nothing (`kswapd_failures`).
    public var failures: Int
    /// It sleeps.
    public var isAsleep: Bool

    public init(order: Order, highestZoneIndex: Int, failures: Int, isAsleep: Bool) {
        self.order = order
        self.highestZoneIndex = highestZoneIndex
        self.failures = failures
        self.isAsleep = isAsleep
    }
}
