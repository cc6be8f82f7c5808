import BuddyEngine
import GFP
import PageAllocator
import Topology

/// Counts what requests cause besides their results.
struct ReplayObserver: AllocationObserver {
    var fallbacks = 0
    var kswapdCalls = 0
    var kswapdWakes = 0
    var kcompactdWakes = 0

    static var wantsLooks: Bool { false }

    @inline(__always)
    mutating func tookBlock(_ frame: PageFrame, order: Order, type: Migratetype) {}

    @inline(__always)
    mutating func fellBack(_ fallback: FallbackEvent) { fallbacks &+= 1 }

    @inline(__always)
    mutating func drained(_ frame: PageFrame, order: Order, type: Migratetype) {}

    @inline(__always)
    mutating func beganWalk(_ flags: AllocFlags) {}

    @inline(__always)
    mutating func restartedWalk(_ flags: AllocFlags) {}

    mutating func judged(_ look: ZoneLook) {}

    mutating func passedOver(_ zone: ZoneReference, because reason: PassOverReason) {}

    @inline(__always)
    mutating func wokeKswapd(_ wake: KswapdWake) {
        kswapdCalls &+= 1
        if wake.awakened { kswapdWakes &+= 1 }
    }

    mutating func wokeKcompactd(_ wake: KcompactdWake) { kcompactdWakes &+= 1 }

    mutating func reclaimed(_ call: ReclaimCall, freed pages: Int) {}
}
