import BuddyEngine
import GFP
import Topology

extension Machine {
    /// Takes a block back (`__free_pages`). Inlined into its caller as far as the common case goes.
    ///
    /// What the parameters mean:
    ///   - `order`: As it was allocated with.
    ///   - `cpu`: The CPU that frees; nil: the first.
    /// - Precondition: The block is in use.
    @inlinable @inline(__always)
    public mutating func free(_ frame: PageFrame, order: Order, cpu: CPUID? = nil) {
        var observer = NoAllocationObserver()
        let position = cpu.map { Int(place(of: $0).position) } ?? 0
        if lastSegment.contains(frame),
            zones[lastSegment.zone].freeAtOnce(frame, order: order, cpu: position, observing: &observer)
        {
            return
        }
        freeToZone(frame, order: order, cpu: position)
    }

    /// Takes a block back, telling `observer` what goes on to the free lists.
    @inlinable
    public mutating func free<Observer: AllocationObserver>(
        _ frame: PageFrame, order: Order, cpu: CPUID? = nil, observing observer: inout Observer
    ) {
        let position = cpu.map { Int(place(of: $0).position) } ?? 0
        zones[zone(ofFreed: frame)].free(frame, order: order, cpu: position, observing: &observer)
    }

    @usableFromInline
    mutating func zone(ofFreed frame: PageFrame) -> Int {
        guard let zone = zonePosition(near: frame) else { preconditionFailure("page frame \(frame) is in no zone") }
        return zone
    }

    /// Gives the pages of a CPU's lists, in every zone, back to the free lists (`drain_local_pages`).
    @inlinable
    public mutating func drain<Observer: AllocationObserver>(cpu: CPUID, observing observer: inout Observer) {
        let position = Int(place(of: cpu).position)
        for zone in 0..<zoneCount { zones[zone].drain(position, observing: &observer) }
    }

    /// Whether a page is on a free list or on a CPU's list. For callers that want to be sure before they free; O(pages on
    /// the zone's per-CPU lists).
    public func isFree(_ frame: PageFrame) -> Bool {
        guard let zone = segments.zone(of: frame) else { return false }
        return zones[zone].buddy.isFree(frame) || zones[zone].isOnPerCPUList(frame)
    }

    /// Says of pages in use whether they can be moved, as pages on an LRU list can.
    public mutating func setMovable(_ isMovable: Bool, _ pages: Range<PageFrame>) {
        guard let zone = segments.zone(of: pages.lowerBound) else { return }
        if isMovable { zones[zone].buddy.markMovable(pages) } else { zones[zone].buddy.clearMovable(pages) }
    }
}

extension Zone {
    func isOnPerCPUList(_ frame: PageFrame) -> Bool {
        readyCPUs.contains { cpu in
            (0..<PerCPUPages.listCount).contains { list in
                let order = PerCPUPages.order(ofList: list, hugeOrder: hugeOrder)
                return queue(cpu, list).pointee.place(holding: frame, order: order) != nil
            }
        }
    }
}

extension Machine {
    /// Says that reclaim is at work in a zone, or no more: while it is, per-CPU lists stay short
    /// (ZONE_RECLAIM_ACTIVE). A zone that the machine lacks is ignored.
    public mutating func setReclaimActive(_ isActive: Bool, _ zone: ZoneReference) {
        guard let position = position(of: zone) else { return }
        if isActive {
            zones[position].flags.insert(.reclaimActive)
        } else {
            zones[position].flags.remove(.reclaimActive)
        }
    }
}
