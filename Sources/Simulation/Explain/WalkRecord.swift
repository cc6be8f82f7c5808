import BuddyEngine
import GFP
import PageAllocator
import Topology

/// What came of one request and the walks it made.
public struct WalkRecord: Hashable, Sendable {
    /// nil: refused.
    public var frame: PageFrame?
    /// Where it was served.
    public var zone: ZoneReference?
    /// In order; none if the request was refused before it looked.
    public var walks: [Walk]

    public struct Walk: Hashable, Sendable {
        public var flags: AllocFlags
        public var looks: [ZoneLook] = []
        public var passedOver: [PassedOver] = []
    }

    public struct PassedOver: Hashable, Sendable {
        public var zone: ZoneReference
        public var reason: PassOverReason
    }

    public var isRefused: Bool { frame == nil }

    /// The walk that decided.
    public var last: Walk? { walks.last }
}

/// Collects the looks of a request's walks.
struct WalkRecorder: AllocationObserver {
    static var wantsLooks: Bool { true }

    private var walks: [WalkRecord.Walk] = []

    func finish() -> [WalkRecord.Walk] { walks }

    mutating func beganWalk(_ flags: AllocFlags) { walks.append(WalkRecord.Walk(flags: flags)) }

    mutating func restartedWalk(_ flags: AllocFlags) { walks.append(WalkRecord.Walk(flags: flags)) }

    mutating func judged(_ look: ZoneLook) {
        guard !walks.isEmpty else { return }
        walks[walks.count - 1].looks.append(look)
    }

    mutating func passedOver(_ zone: ZoneReference, because reason: PassOverReason) {
        guard !walks.isEmpty else { return }
        walks[walks.count - 1].passedOver.append(WalkRecord.PassedOver(zone: zone, reason: reason))
    }

    mutating func tookBlock(_ frame: PageFrame, order: Order, type: Migratetype) {}
    mutating func fellBack(_ fallback: FallbackEvent) {}
    mutating func drained(_ frame: PageFrame, order: Order, type: Migratetype) {}
    mutating func wokeKswapd(_ wake: KswapdWake) {}
    mutating func reclaimed(_ call: ReclaimCall, freed pages: Int) {}
}
