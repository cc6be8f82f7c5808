import BuddyEngine
import GFP
import PageAllocator
import Topology

/// An observer that does nothing where a test does not say otherwise.
protocol SilentObserver: AllocationObserver {}

extension SilentObserver {
    mutating func tookBlock(_ frame: PageFrame, order: Order, type: Migratetype) {}
    mutating func fellBack(_ fallback: FallbackEvent) {}
    mutating func drained(_ frame: PageFrame, order: Order, type: Migratetype) {}
    mutating func beganWalk(_ flags: AllocFlags) {}
    mutating func restartedWalk(_ flags: AllocFlags) {}
    mutating func judged(_ look: ZoneLook) {}
    mutating func passedOver(_ zone: ZoneReference, because reason: PassOverReason) {}
    mutating func wokeKswapd(_ wake: KswapdWake) {}
    mutating func reclaimed(_ call: ReclaimCall, freed pages: Int) {}
}
