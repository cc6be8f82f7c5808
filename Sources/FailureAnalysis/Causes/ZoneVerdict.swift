import BuddyEngine
import GFP
import PageAllocator
import Topology

/// One row of the walk: a zone, what was compared, and how it came out. Amounts are pages.
public struct ZoneVerdict: Hashable, Sendable {
    public enum Outcome: Hashable, Sendable {
        case look(ZoneLook.Verdict)
        /// The zone lies above the highest that the mask allows.
        case notAllowedByMask
        /// The node is not among those that the request may use.
        case wrongNode
        /// The request was refused before this zone came up.
        case notReached
    }

    public var zone: ZoneReference
    public var managed: Int
    public var free: Int
    /// Of ``unusable``, what is kept for atomic requests of high orders.
    public var highAtomic: Int
    /// Of ``unusable``, what only movable requests may use.
    public var cma: Int
    /// Free pages that the request may not count.
    public var unusable: Int
    /// The min mark with its boost.
    public var mark: Int
    public var boost: Int
    /// What ``mark`` comes down to with the reserves that the request may use.
    public var effectiveMark: Int
    public var lowmemReserve: Int
    /// The order of the largest block that the request could use.
    public var largestBlock: Int?
    public var outcome: Outcome

    /// The zones of a scene: those of the last walk first, then those that it left out.
    static func table(of scene: FailureScene) -> [ZoneVerdict] {
        let looks = scene.record.looks
        var rows: [ZoneVerdict] = []
        for look in looks {
            guard let zone = scene.machine.snapshot.zones.first(where: { $0.span.reference == look.zone }) else {
                continue
            }
            rows.append(ZoneVerdict(scene, zone, look))
        }
        for zone in scene.machine.snapshot.zones where !looks.contains(where: { $0.zone == zone.span.reference }) {
            rows.append(ZoneVerdict(scene, zone, nil))
        }
        return rows
    }

    private init(_ scene: FailureScene, _ zone: ZoneSnapshot, _ look: ZoneLook?) {
        let standing = scene.standing(zone)
        let marks = zone.watermarks
        self.zone = zone.span.reference
        managed = zone.span.managed
        free = look?.free ?? standing.free
        highAtomic = standing.highAtomicFree
        cma = standing.cmaFree
        unusable = look?.unusable ?? standing.highAtomicFree + standing.cmaFree
        mark = look?.mark ?? (marks?.min ?? 0) + (marks?.boost ?? 0)
        boost = look?.boost ?? marks?.boost ?? 0
        effectiveMark = look?.effectiveMark ?? mark
        lowmemReserve = look?.lowmemReserve ?? standing.lowmemReserve
        largestBlock = standing.largestUsableOrder
        if let look {
            outcome = .look(look.verdict)
        } else if !scene.isOnAllowedNode(zone.span.node) {
            outcome = .wrongNode
        } else {
            outcome = scene.allows(zone) ? .notReached : .notAllowedByMask
        }
    }
}
