import BuddyEngine
import GFP
import Topology

/// Two observers of the same machine, called one after the other.
public struct ObserverPair<First: AllocationObserver, Second: AllocationObserver>: AllocationObserver {
    /// Called first.
    public var first: First
    /// Called second.
    public var second: Second

    public init(_ first: First, _ second: Second) {
        self.first = first
        self.second = second
    }

    public static var wantsLooks: Bool { First.wantsLooks || Second.wantsLooks }
    public static var wantsChanges: Bool { First.wantsChanges || Second.wantsChanges }

    public mutating func tookBlock(_ frame: PageFrame, order: Order, type: Migratetype) {
        first.tookBlock(frame, order: order, type: type)
        second.tookBlock(frame, order: order, type: type)
    }
    public mutating func fellBack(_ fallback: FallbackEvent) {
        first.fellBack(fallback)
        second.fellBack(fallback)
    }
    public mutating func drained(_ frame: PageFrame, order: Order, type: Migratetype) {
        first.drained(frame, order: order, type: type)
        second.drained(frame, order: order, type: type)
    }
    public mutating func changed(_ change: FreeListChange) {
        first.changed(change)
        second.changed(change)
    }
    public mutating func changed(_ change: PerCPUChange) {
        first.changed(change)
        second.changed(change)
    }
    public mutating func beganWalk(_ flags: AllocFlags) {
        first.beganWalk(flags)
        second.beganWalk(flags)
    }
    public mutating func restartedWalk(_ flags: AllocFlags) {
        first.restartedWalk(flags)
        second.restartedWalk(flags)
    }
    public mutating func judged(_ look: ZoneLook) {
        first.judged(look)
        second.judged(look)
    }
    public mutating func passedOver(_ zone: ZoneReference, because reason: PassOverReason) {
        first.passedOver(zone, because: reason)
        second.passedOver(zone, because: reason)
    }
    public mutating func wokeKswapd(_ wake: KswapdWake) {
        first.wokeKswapd(wake)
        second.wokeKswapd(wake)
    }
    public mutating func kswapdSlept(_ node: NodeID) {
        first.kswapdSlept(node)
        second.kswapdSlept(node)
    }
    public mutating func wokeKcompactd(_ wake: KcompactdWake) {
        first.wokeKcompactd(wake)
        second.wokeKcompactd(wake)
    }
    public mutating func kcompactdSlept(_ node: NodeID) {
        first.kcompactdSlept(node)
        second.kcompactdSlept(node)
    }
    public mutating func reclaimed(_ call: ReclaimCall, freed pages: Int) {
        first.reclaimed(call, freed: pages)
        second.reclaimed(call, freed: pages)
    }
    public mutating func compacted(_ event: CompactionEvent) {
        first.compacted(event)
        second.compacted(event)
    }
    public mutating func ranOutOfMemory(_ event: OutOfMemoryEvent) {
        first.ranOutOfMemory(event)
        second.ranOutOfMemory(event)
    }
    public mutating func foundBadPage(_ page: BadPage) {
        first.foundBadPage(page)
        second.foundBadPage(page)
    }
    public mutating func boosted(_ zone: ZoneReference, to pages: Int) {
        first.boosted(zone, to: pages)
        second.boosted(zone, to: pages)
    }
}
