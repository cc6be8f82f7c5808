import BuddyEngine
import GFP
import Topology

extension Machine {
    /// Takes a block back (`__free_pages`). Inlined into its caller as far as the common case goes.
    ///
    /// What the parameters mean:
    ///   - `order`: As it was allocated with.
    ///   - `cpu`: The CPU that frees; nil: the first. One of the machine's.
    ///
    /// With ``checksFrees`` a free that cannot be right is refused and reported (``badPages``); without, the block must be
    /// in use, and have been allocated with this order.
    @inlinable @inline(__always)
    public mutating func free(_ frame: PageFrame, order: Order, cpu: CPUID? = nil) {
        var observer = NoAllocationObserver()
        let position = cpu.map { Int(place(of: $0).position) } ?? 0
        if order == 0, lastFreed.contains(frame),
            lastFreed.zone.unsafelyUnwrapped.pointee.freeSingleAtOnce(frame, cpu: position, observing: &observer)
        {
            return
        }
        freeToZone(frame, order: order, cpu: position)
    }

    /// Takes a block back, reporting to `observer` what is put on the free lists, and a free that is refused.
    @inlinable
    public mutating func free<Observer: AllocationObserver>(
        _ frame: PageFrame, order: Order, cpu: CPUID? = nil, observing observer: inout Observer
    ) {
        let position = cpu.map { Int(place(of: $0).position) } ?? 0
        guard let zone = zone(ofFreed: frame, order: order, cpu: position, observing: &observer) else { return }
        zones[zone].free(frame, order: order, cpu: position, observing: &observer)
    }

    /// Where a block is given back to; nil: it is refused.
    ///
    /// - `cpu`: A position.
    @inlinable
    mutating func zone<Observer: AllocationObserver>(
        ofFreed frame: PageFrame, order: Order, cpu: Int, observing observer: inout Observer
    ) -> Int? {
        if checksFrees {
            guard let page = refusal(ofFreeing: frame, order: order, cpu: cpu) else { return zonePosition(of: frame) }
            observer.foundBadPage(page)
            return nil
        }
        guard let zone = zonePosition(near: frame) else { stopFreeing(frame) }
        return zone
    }

    @usableFromInline @inline(never)
    func stopFreeing(_ frame: PageFrame) -> Never { fatalError("no zone has page frame \(frame), which is freed") }

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

    /// Says about pages in use whether they can be moved, as pages on an LRU list can. Pages of no zone are left out.
    public mutating func setMovable(_ isMovable: Bool, _ pages: Range<PageFrame>) {
        for index in 0..<segments.segments.count {
            let segment = segments.segments[unchecked: index]
            let part = pages.clamped(to: PageFrame(rawValue: segment.first)..<PageFrame(rawValue: segment.end))
            guard !part.isEmpty else { continue }
            if isMovable {
                zones[segment.zone].buddy.markMovable(part)
            } else {
                zones[segment.zone].buddy.clearMovable(part)
            }
        }
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
