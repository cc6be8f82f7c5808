import BuddyEngine
import GFP
import KernelLog
import PageAllocator
import Topology

/// One row of the walk: a zone, what was compared, and the result. Amounts are in pages.
public struct ZoneVerdict: Hashable, Sendable {
    /// The result for a zone.
    public enum Outcome: Hashable, Sendable {
        case look(ZoneLook.Verdict)
        /// The zone is above the highest that the mask allows.
        case notAllowedByMask
        /// The node is not among those that the request may use.
        case wrongNode
        /// The request was refused before this zone was reached.
        case notReached
        /// In the printed state the zone serves the request; the pages for that are assumed to have been freed since.
        case freedSince
        /// The report does not say enough about the zone, or about the request.
        case notTold
    }

    /// The zone.
    public var zone: ZoneReference
    /// The pages that the allocator manages.
    public var managed: Int
    /// Nil if the report does not state it.
    public var free: Int?
    /// The part of ``unusable`` that is reserved for atomic requests of high orders.
    public var highAtomic: Int
    /// The part of ``unusable`` that only movable requests may use.
    public var cma: Int
    /// Free pages that the request may not count.
    public var unusable: Int
    /// The min mark with its boost; nil if the report does not state it.
    public var mark: Int?
    /// The boost of the marks.
    public var boost: Int
    /// ``mark``, less what the request may use of the reserve below it; nil if the report does not state it.
    public var effectiveMark: Int?
    /// What the zone holds back from the request, which could use a higher zone; nil if the report does not state it,
    /// or the request is unknown.
    public var lowmemReserve: Int?
    /// The order of the largest block that the request could use; nil if there is none, or it is not stated.
    public var largestBlock: Int?
    /// Whether the line of free blocks is complete.
    public var areBlocksTold: Bool
    /// The result.
    public var outcome: Outcome

    /// The zones of a scene: those of the last walk first, then those that it skipped.
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

    /// The zones of a machine if the request is unknown.
    static func table(of machine: ReportedMachine, _ report: FailureReport) -> [ZoneVerdict] {
        let usages = report.memory.map { ZoneUsageIndex($0) }
        // Kernels up to 4.8 print zones without pages as well.
        let zones = machine.snapshot.zones.filter { usages?[$0]?.present != 0 }
        return zones.map { ZoneVerdict($0, usages?[$0]) }
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

    /// Hides figures that were filled in, so that they are not shown as the report's.
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
