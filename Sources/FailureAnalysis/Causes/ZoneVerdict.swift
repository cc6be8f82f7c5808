import BuddyEngine
import GFP
import KernelLog
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
        /// The state printed serves the request; that much is taken to have been freed since.
        case freedSince
        /// The report does not say enough about the zone, or what was asked.
        case notTold
    }

    public var zone: ZoneReference
    public var managed: Int
    /// Nil where the report does not say.
    public var free: Int?
    /// Of ``unusable``, what is kept for atomic requests of high orders.
    public var highAtomic: Int
    /// Of ``unusable``, what only movable requests may use.
    public var cma: Int
    /// Free pages that the request may not count.
    public var unusable: Int
    /// The min mark with its boost; nil where the report does not say.
    public var mark: Int?
    public var boost: Int
    /// What ``mark`` comes down to with the reserves that the request may use; nil where the report does not say.
    public var effectiveMark: Int?
    /// What is kept here from the request, which could use a higher zone; nil where the report does not say, or nobody
    /// knows what was asked.
    public var lowmemReserve: Int?
    /// The order of the largest block that the request could use; nil: none, or not stated.
    public var largestBlock: Int?
    /// Whether the line of free blocks came whole.
    public var areBlocksTold: Bool
    public var outcome: Outcome

    /// The zones of a scene: those of the last walk first, then those that it left out.
    static func table(of scene: FailureScene) -> [ZoneVerdict] {
        let looks = scene.record.looks
        let usages = scene.report.memory.map { ZoneUsageIndex($0) }
        var rows: [ZoneVerdict] = []
        for look in looks {
            guard let zone = scene.machine.snapshot.zones.first(where: { $0.span.reference == look.zone }) else {
                continue
            }
            rows.append(ZoneVerdict(scene, zone, look, usages?[zone]))
        }
        for zone in scene.machine.snapshot.zones where !looks.contains(where: { $0.zone == zone.span.reference }) {
            rows.append(ZoneVerdict(scene, zone, nil, usages?[zone]))
        }
        return rows
    }

    /// The zones of a machine of which nobody knows what was asked.
    static func table(of machine: ReportedMachine, _ report: FailureReport) -> [ZoneVerdict] {
        let usages = report.memory.map { ZoneUsageIndex($0) }
        return machine.snapshot.zones.map { ZoneVerdict($0, usages?[$0]) }
    }

    private init(_ zone: ZoneSnapshot, _ usage: FailureReport.ZoneUsage?) {
        self.zone = zone.span.reference
        managed = zone.span.managed
        highAtomic = 0
        cma = 0
        unusable = 0
        boost = zone.watermarks?.boost ?? 0
        lowmemReserve = nil
        outcome = .notTold
        areBlocksTold = true
        if case .counts(let counts) = zone.free { largestBlock = counts.indices.last { counts[$0].total > 0 } }
        free = zone.freePages
        mark = zone.watermarks.map { $0.min + $0.boost }
        effectiveMark = mark
        hideWhatIsNotTold(usage)
    }

    /// A figure that was filled in is not shown as the report's.
    private mutating func hideWhatIsNotTold(_ usage: FailureReport.ZoneUsage?) {
        guard let usage else { return }
        if usage.free == nil, usage.wholeBlocks == nil { free = nil }
        if usage.min == nil || usage.low == nil || usage.high == nil {
            mark = nil
            effectiveMark = nil
        }
        if usage.lowmemReserve == nil { lowmemReserve = nil }
        areBlocksTold = usage.wholeBlocks != nil
        if !areBlocksTold { largestBlock = nil }
    }

    private init(
        _ scene: FailureScene, _ zone: ZoneSnapshot, _ look: ZoneLook?, _ usage: FailureReport.ZoneUsage?
    ) {
        let standing = scene.standing(zone)
        let marks = zone.watermarks
        self.zone = zone.span.reference
        managed = zone.span.managed
        free = look?.free ?? standing.free
        highAtomic = standing.highAtomicFree
        cma = standing.cmaFree
        unusable = look?.unusable ?? standing.highAtomicFree + standing.cmaFree
        let mark = look?.mark ?? (marks?.min ?? 0) + (marks?.boost ?? 0)
        self.mark = mark
        areBlocksTold = true
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
        if let pages = scene.freedSince[zone.span.reference] {
            free = free.map { $0 + pages }
            outcome = .freedSince
        }
        hideWhatIsNotTold(usage)
    }
}
