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
    /// A request that prefers this zone begins without fragmenting: it is a Normal zone, and its node has a DMA32 zone to
    /// turn to, or there is one node only (`alloc_flags_nofragment`; never without CONFIG_ZONE_DMA32).
    @usableFromInline
    var avoidsFragmentation: Bool
}

/// Where a node's zonelist is in the machine's table of them.
@frozen
@usableFromInline
struct ZonelistRange: BitwiseCopyable {
    @usableFromInline
    var start: UInt32
    /// Entries of the fallback list (`ZONELIST_FALLBACK`).
    @usableFromInline
    var count: UInt32
    /// Where the node's own zones are one after another: the list for `__GFP_THISNODE` (`ZONELIST_NOFALLBACK`). The
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
    /// Nil: there is none.
    @usableFromInline
    var zone: UnsafeMutablePointer<Zone>?
    /// The position of its node.
    @usableFromInline
    var node: UInt16 = 0
    /// As in its ``ZonelistEntry``.
    @usableFromInline
    var avoidsFragmentation = false
    /// The highest zone index that the request's mask allows.
    @usableFromInline
    var highest: UInt8 = 0

    init() {}

    /// - `zones`: All of the machine's.
    init(_ entry: ZonelistEntry, of zones: UnsafeMutablePointer<Zone>, node: Int, highest: Int) {
        zone = zones + Int(entry.zone)
        self.node = UInt16(node)
        avoidsFragmentation = entry.avoidsFragmentation
        self.highest = UInt8(highest)
    }
}
