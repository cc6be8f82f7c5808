import Topology

/// One place in a zonelist.
@frozen
@usableFromInline
struct ZonelistEntry: BitwiseCopyable {
    /// The zone's position among the machine's zones.
    @usableFromInline
    var zone: UInt32
    @usableFromInline
    var node: NodeID
    /// The zone's index (`zone_idx()`).
    @usableFromInline
    var index: UInt8
}

/// Where a node's zonelist stands in the machine's table of them.
@frozen
@usableFromInline
struct ZonelistRange: BitwiseCopyable {
    @usableFromInline
    var start: UInt32
    /// Entries of the fallback list (`ZONELIST_FALLBACK`).
    @usableFromInline
    var count: UInt32
    /// The first so many are the node's own: the list for `__GFP_THISNODE` (`ZONELIST_NOFALLBACK`).
    @usableFromInline
    var ownCount: UInt32
}
