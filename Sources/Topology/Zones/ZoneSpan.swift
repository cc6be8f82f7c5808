import BuddyEngine
import GFP

/// A zone of a node as cut from its memory: where it lies and how much of it there is. All amounts are pages.
public struct ZoneSpan: Hashable, Sendable {
    /// The node.
    public var node: NodeID
    /// The kind of zone.
    public var kind: ZoneKind
    /// The first page frame of the zone's span.
    public var start: PageFrame
    /// From ``start`` to the end of the zone's last range, holes included.
    public var spanned: Int
    /// ``spanned`` less holes.
    public var present: Int
    /// ``present`` less what was reserved at boot: what the allocator manages.
    public var managed: Int
    /// Managed pages that belong to the contiguous memory allocator.
    public var cma: Int
    /// The ranges of managed page frames, ascending. Empty where unknown (a zone read from `/proc/zoneinfo`).
    public var managedRanges: [Range<PageFrame>]
    /// The ranges of page frames that belong to the contiguous memory allocator, in whole pageblocks, ascending. Empty
    /// where unknown.
    public var cmaRanges: [Range<PageFrame>]

    public init(
        node: NodeID, kind: ZoneKind, start: PageFrame, spanned: Int, present: Int, managed: Int, cma: Int = 0,
        managedRanges: [Range<PageFrame>] = [], cmaRanges: [Range<PageFrame>] = []
    ) {
        self.node = node
        self.kind = kind
        self.start = start
        self.spanned = spanned
        self.present = present
        self.managed = managed
        self.cma = cma
        self.managedRanges = managedRanges
        self.cmaRanges = cmaRanges
    }

    /// The page frame after the span.
    public var end: PageFrame { start + spanned }
}

extension ZoneSpan {
    /// The zone's name within its machine.
    public var reference: ZoneReference { ZoneReference(node: node, kind: kind) }
}
