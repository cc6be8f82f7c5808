import Topology

/// One entry of a zonelist.
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
    /// A request that prefers this zone first avoids fragmenting: it is a Normal zone whose node has a DMA32 zone to
    /// turn to, or the only node's (`alloc_flags_nofragment`; never without CONFIG_ZONE_DMA32).
    @usableFromInline
    var avoidsFragmentation: Bool
}

/// Where a node's zonelist is in the machine's table.
@frozen
@usableFromInline
struct ZonelistRange: BitwiseCopyable {
    @usableFromInline
    var start: UInt32
    /// The number of entries of the fallback list (`ZONELIST_FALLBACK`).
    @usableFromInline
    var count: UInt32
    /// Where the node's own zones follow one another: the list for `__GFP_THISNODE` (`ZONELIST_NOFALLBACK`). It is the
    /// beginning of the fallback list, unless that goes zone by zone.
    @usableFromInline
    var ownStart: UInt32
    @usableFromInline
    var ownCount: UInt32
}

/// The zone that a request without a node mask prefers.
@frozen
@usableFromInline
struct FirstZone: BitwiseCopyable {
    /// Nil if there is none.
    @usableFromInline
    var zone: UnsafeMutablePointer<Zone>?
    /// The position of its node.
    @usableFromInline
    var node: UInt16 = 0
    /// As in the zone's ``ZonelistEntry``.
    @usableFromInline
    var avoidsFragmentation = false
    /// The highest zone index that the request's mask allows.
    @usableFromInline
    var highest: UInt8 = 0

    init() {}

    /// - Parameters:
    ///   - entry: The zone's entry.
    ///   - zones: All of the machine's.
    ///   - node: The position of the zone's node.
    ///   - highest: The highest zone index that the mask allows.
    init(_ entry: ZonelistEntry, of zones: UnsafeMutablePointer<Zone>, node: Int, highest: Int) {
        zone = zones + Int(entry.zone)
        self.node = UInt16(node)
        avoidsFragmentation = entry.avoidsFragmentation
        self.highest = UInt8(highest)
    }
}
