import BuddyEngine
import GFP
import Topology

extension Machine {
    /// Allocates up to `count` single pages at once, appending them to `frames` (`alloc_pages_bulk_array`).
    ///
    /// Only zones of the preferred zone's node are tried, and one must stay above its low watermark after all pages; if
    /// none does, one page is allocated in the ordinary way. Fewer pages than requested may be allocated.
    ///
    /// - Returns: How many pages were allocated.
    @discardableResult
    public mutating func allocateBulk<Observer: AllocationObserver>(
        _ request: borrowing AllocationRequest, count: Int, into frames: inout [PageFrame],
        observing observer: inout Observer
    ) -> Int {
        guard count > 0 else { return 0 }
        if count > 1, let got = takeBulk(request, count: count, into: &frames, observing: &observer) { return got }
        guard let frame = allocate(request, observing: &observer) else { return 0 }
        frames.append(frame)
        return 1
    }

    /// Takes the pages from a suitable zone; nil if there is none.
    private mutating func takeBulk<Observer: AllocationObserver>(
        _ request: borrowing AllocationRequest, count: Int, into frames: inout [PageFrame],
        observing observer: inout Observer
    ) -> Int? {
        guard let context = context(for: request), context.preferred < context.count else { return nil }
        var flags: AllocFlags = .lowMark
        if hasCMA, context.type == .movable { flags.insert(.cma) }
        let preferred = entries[unchecked: context.start + context.preferred]
        for position in context.preferred..<context.count {
            let entry = entries[unchecked: context.start + position]
            guard allows(entry, request, context) else { continue }
            guard !hasManyNodes || entry.node == preferred.node else { return nil }
            let zone = Int(entry.zone)
            let extra = hasPolicy ? extraMark(zones[zone].reference, request, flags) : 0
            guard
                zones[zone].isAbove(
                    .low, extra: count + extra, order: 0, highest: Int(preferred.index), flags: flags, gfp: request.gfp)
            else { continue }
            let got = zones[zone].takeBulk(
                count, type: context.type, flags: flags, cpu: context.cpu, into: &frames, observing: &observer)
            guard got > 0 else { return nil }
            if keepsLocality { countLocality(of: zone, preferred, context, requests: got) }
            for frame in frames.suffix(got) { noteTaken(frame, order: 0, cpu: request.cpu, gfp: request.gfp) }
            return got
        }
        return nil
    }
}

extension Zone {
    /// Takes single pages off a CPU's list, refilled as often as necessary. The list's tuning does not change.
    mutating func takeBulk<Observer: AllocationObserver>(
        _ wanted: Int, type: Migratetype, flags: AllocFlags, cpu: Int, into frames: inout [PageFrame],
        observing observer: inout Observer
    ) -> Int {
        buddy.counters.cpu = cpu
        prepare(cpu)
        var got = 0
        while got < wanted,
            let frame = takeFromList(0, type: type, flags: flags, cpu: cpu, observing: &observer)
        {
            frames.append(frame)
            got += 1
        }
        if buddy.foreignPageblocksDisturbed != 0 { applyBoost(flags: flags, observing: &observer) }
        pagesAllocated += got
        return got
    }
}
