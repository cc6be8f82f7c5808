import BuddyEngine
import GFP

/// A topology plus how much of what is free: a machine at one moment.
///
/// A snapshot read from `/proc` or from a kernel log has counts (``FreePages/counts(_:)``); one of a recording, or
/// written by a `Machine`, has every list in order (``FreePages/lists(_:)``) and ``ZoneSnapshot/exact`` beside it.
public struct Snapshot: Hashable, Sendable {
    public var topology: Topology
    /// The zones, node by node in order of node ID, lowest zone first. Zones without pages may be left out.
    public var zones: [ZoneSnapshot]
    /// The fallback order of each node where it was printed or recorded; nodes without an entry have theirs computed. A
    /// `Machine` leaves out what follows from its topology.
    public var zonelists: [NodeID: [ZoneReference]]
    /// State of each node's kswapd, where recorded.
    public var kswapd: [NodeID: KswapdSnapshot]
    /// Migratetypes are not kept apart (`page_group_by_mobility_disabled`); nil: as the machine's size says.
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

/// Names a zone of a machine.
@frozen
public struct ZoneReference: Hashable, Sendable {
    public var node: NodeID
    public var kind: ZoneKind

    @inlinable
    public init(node: NodeID, kind: ZoneKind) {
        self.node = node
        self.kind = kind
    }
}

/// State of a node's reclaim thread (`kswapd_order`, `kswapd_highest_zoneidx`, ... of `pg_data_t`).
public struct KswapdSnapshot: Hashable, Sendable {
    public var order: Order
    /// An index into `Architecture.zoneKinds`; one more than the last: nobody asked.
    public var highestZoneIndex: Int
    public var failures: Int
    public var isAsleep: Bool

    public init(order: Order, highestZoneIndex: Int, failures: Int, isAsleep: Bool) {
        self.order = order
        self.highestZoneIndex = highestZoneIndex
        self.failures = failures
        self.isAsleep = isAsleep
    }
}
