import BuddyEngine
import GFP
import Topology

extension Machine {
    /// Frees a block (`__free_pages`). The common case is inlined into the caller.
    ///
    /// With ``checksFrees``, a free that cannot be right is refused and reported (``badPages``); without, the block
    /// must be in use and have been allocated with this order.
    ///
    /// - Parameters:
    ///   - frame: The block's first page frame.
    ///   - order: The order that it was allocated with.
    ///   - cpu: The CPU that frees, one of the machine's; nil: the first.
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

    /// Frees a block, and reports to `observer` what is put on the free lists, or that the free is refused.
    @inlinable
    public mutating func free<Observer: AllocationObserver>(
        _ frame: PageFrame, order: Order, cpu: CPUID? = nil, observing observer: inout Observer
    ) {
        let position = cpu.map { Int(place(of: $0).position) } ?? 0
        guard let zone = zone(ofFreed: frame, order: order, cpu: position, observing: &observer) else { return }
        zones[zone].free(frame, order: order, cpu: position, observing: &observer)
    }

    /// The position of the zone to which a block is freed; nil if the free is refused.
    ///
    /// - Parameters:
    ///   - frame: The block's first page frame.
    ///   - order: The block's order.
    ///   - cpu: The position of the CPU that frees.
    ///   - observer: Is told of a refusal.
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

    /// Returns the pages of a CPU's lists, in every zone, to the free lists (`drain_local_pages`).
    @inlinable
    public mutating func drain<Observer: AllocationObserver>(cpu: CPUID, observing observer: inout Observer) {
        let position = Int(place(of: cpu).position)
        for zone in 0..<zoneCount { zones[zone].drain(position, observing: &observer) }
    }

    /// Whether a page is on a free list or on a CPU's list, for callers that want to be sure before they free. O(pages
    /// on the zone's per-CPU lists).
    public func isFree(_ frame: PageFrame) -> Bool {
        guard let zone = segments.zone(of: frame) else { return false }
        return zones[zone].buddy.isFree(frame) || zones[zone].isOnPerCPUList(frame)
    }

    /// Marks pages in use as movable, like pages on an LRU list, or as not movable. Pages that no zone has are ignored.
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
    /// Marks a zone as being reclaimed from, or not: while it is, its per-CPU lists are kept short
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
