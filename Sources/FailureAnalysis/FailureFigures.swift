import GFP
import PageAllocator
import Topology

/// What a sentence about a refusal needs of the rebuilt machine. Amounts are pages.
public struct FailureFigures: Hashable, Sendable {
    /// The zones that the request may use.
    public let places: [ZoneReference]
    /// Free in ``places``.
    public let free: Int
    /// Free where the request may not go, listed or not.
    public let freeElsewhere: Int
    /// By how much fragmentation has raised the marks of ``places`` for a while.
    public let boost: Int
    /// Of the zones that have pages but no block, or of all if there are none such: the free pages.
    public let freeInPieces: Int
    /// The largest order of which they have a block that the request may use; nil: none at all.
    public let largestPiece: Int?
    /// A block is there, but too few others are, by the test that kernels before 4.4 had.
    public let isRefusedByHistoricRule: Bool
    /// The largest order that the allocator has.
    public let maximumOrder: Int
    /// Free in the state printed beyond ``free``, and taken to have been freed after the refusal.
    public let freedSince: Int
    /// Where the rebuilt machine serves: how many pages more in use would have it refuse, by the marks; nil: not known.
    public let margin: Int?
    /// Where it serves: blocks of the order, or larger ones counted as that many, of which each would have to be in use.
    public let blocksLeft: Int
    /// Where the rebuilt machine serves the request, if it does.
    public let servingZone: ZoneReference?

    init(_ scene: FailureScene) {
        let zones = scene.allowedZones
        let broken = scene.fragmented(zones)
        let pieces = broken.isEmpty ? zones : broken
        places = zones.map(\.reference)
        free = zones.reduce(0) { $0 + $1.free }
        freeElsewhere = scene.elsewhere.free
        boost = zones.reduce(0) { $0 + $1.boost }
        freeInPieces = pieces.reduce(0) { $0 + $1.free }
        largestPiece = pieces.compactMap(\.largestUsableOrder).max()
        isRefusedByHistoricRule = scene.isRefusedByHistoricRule
        maximumOrder = Int(scene.machine.snapshot.topology.maximumOrder.rawValue)
        freedSince = scene.freedSince.values.reduce(0, &+)
        margin = scene.isRefused ? nil : scene.margin
        blocksLeft =
            scene.isRefused
            ? 0 : zones.reduce(0) { $0 &+ $1.zone.free.blocks(order: $1.order, types: $1.typesSeen) }
        servingZone = scene.record.zone
    }
}
