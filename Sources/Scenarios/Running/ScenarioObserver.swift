import BuddyEngine
import GFP
import PageAllocator
import Topology

/// Counts what a summary has.
struct ScenarioObserver: AllocationObserver {
    var summary = AllocationSummary()

    static var wantsLooks: Bool { false }

    mutating func tookBlock(_ frame: PageFrame, order: Order, type: Migratetype) {}

    mutating func fellBack(_ fallback: FallbackEvent) { summary.fallbacks += 1 }

    mutating func drained(_ frame: PageFrame, order: Order, type: Migratetype) {}

    mutating func beganWalk(_ flags: AllocFlags) {}

    mutating func restartedWalk(_ flags: AllocFlags) {}

    mutating func judged(_ look: ZoneLook) {}

    mutating func passedOver(_ zone: ZoneReference, because reason: PassOverReason) {}

    mutating func wokeKswapd(_ wake: KswapdWake) {
        if wake.awakened, !summary.kswapdWoken.contains(wake.node) { summary.kswapdWoken.append(wake.node) }
    }

    mutating func wokeKcompactd(_ wake: KcompactdWake) {
        if !summary.kcompactdWoken.contains(wake.node) { summary.kcompactdWoken.append(wake.node) }
    }

    mutating func reclaimed(_ call: ReclaimCall, freed pages: Int) {
        summary.reclaims += 1
        summary.reclaimedPages += pages
    }
}
