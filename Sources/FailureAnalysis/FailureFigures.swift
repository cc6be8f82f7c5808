import GFP
import PageAllocator
import Topology

/// The figures of the rebuilt machine that describe a refusal, in pages.
public struct FailureFigures: Hashable, Sendable {
    /// The zones that the request may use.
    public let places: [ZoneReference]
    /// Free pages in ``places``.
    public let free: Int
    /// Free pages where the request may not go, whether listed or not.
    public let freeElsewhere: Int
    /// By how much fragmentation has raised the marks of ``places``.
    public let boost: Int
    /// The free pages of the zones that have pages but no block; of all zones if there are no such zones.
    public let freeInPieces: Int
    /// The largest order of which they have a block that the request may use; nil if there is none.
    public let largestPiece: Int?
    /// There is a block, but too few others by the test of kernels before 4.4.
    public let isRefusedByHistoricRule: Bool
    /// The largest order that the allocator has.
    public let maximumOrder: Int
    /// Pages free in the printed state beyond ``free``, and assumed to have been freed after the refusal.
    public let freedSince: Int
    /// If the rebuilt machine serves the request: how many more pages in use would make it refuse, by the marks; nil if
    /// unknown.
    public let margin: Int?
    /// If it serves the request: how many blocks of the order, including those that larger ones can be split into,
    /// would all have to be in use for it to refuse.
    public let blocksLeft: Int
    /// The zone in which the rebuilt machine serves the request, if it does.
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
