import BuddyEngine
import PageAllocator

/// Free replay: the same requests, placed by this machine.
extension Replay {
    @inline(__always)
    mutating func playFreely(_ event: TraceEvent, _ request: inout AllocationRequest) {
        switch event.kind {
        case .allocation: allocate(event, &request)
        case .free: free(event)
        case .refusal: refuse(event)
        case .batchedFree, .taken, .drain: skip(.listMovement)
        case .fallback: noteFallback()
        case .mark: mark(event)
        case .loss: skip(.notAnEvent)
        }
    }

    @inline(__always)
    private mutating func allocate(_ event: TraceEvent, _ request: inout AllocationRequest) {
        prepare(&request, for: event)
        count(event)
        let place = table.place(for: event.frame)
        if table[place: place].isBlock { release(doubly: event) }
        guard let frame = serve(request) else {
            result.refused &+= 1
            table[place: place] = .refused
            return
        }
        result.served &+= 1
        if let zone = machine.zonePosition(near: frame) { servedByZone.add(zone) }
        table[place: place] = FrameTable.Value(frame: frame.rawValue, order: event.order)
        if reclaim != nil { putOnLists(frame, event) }
    }

    /// Hands movable pages to reclaim.
    @inline(never)
    private mutating func putOnLists(_ frame: PageFrame, _ event: TraceEvent) {
        guard event.order == 0, masks[Int(event.detail)].migratetype == .movable else { return }
        reclaim?.add(frame, for: event.frame, in: &machine)
    }

    /// The block that a traced one is now: reclaim may have freed it, or compaction moved it.
    @inline(never)
    private mutating func takeOffLists(_ value: FrameTable.Value, _ frame: UInt64) -> FrameTable.Value? {
        guard let reclaim, reclaim.knows(frame) else { return value }
        return reclaim.take(frame).map { FrameTable.Value(frame: $0.rawValue, order: value.order) }
    }

    @inline(never)
    private mutating func release(doubly event: TraceEvent) {
        skip(.doubleAllocation)
        guard let value = takeOffLists(table[event.frame], event.frame) else { return table[event.frame] = .none }
        machine.free(PageFrame(rawValue: value.frame), order: Order(rawValue: value.order), cpu: cpu(event.cpu))
        table[event.frame] = .none
    }

    @inline(__always)
    private mutating func free(_ event: TraceEvent) {
        if let place = table.place(of: event.frame), case let value = table[place: place], value.isBlock,
            value.order == event.order
        {
            table[place: place] = .none
            free(value, event)
        } else {
            freePart(event)
        }
    }

    @inline(never)
    private mutating func freePart(_ event: TraceEvent) {
        let value = part(of: event, found: table[event.frame])
        guard value.isBlock else { return }
        table[event.frame] = .none
        free(value, event)
    }

    @inline(__always)
    private mutating func free(_ value: FrameTable.Value, _ event: TraceEvent) {
        var value = value
        if reclaim != nil {
            guard let kept = takeOffLists(value, event.frame) else { return skip(.freeOfReclaimed) }
            value = kept
        }
        result.frees &+= 1
        // A listener is not told of operations with an observer.
        if isPlaced, recorder != nil {
            return machine.free(
                PageFrame(rawValue: value.frame), order: Order(rawValue: value.order), cpu: cpu(event.cpu))
        }
        machine.free(
            PageFrame(rawValue: value.frame), order: Order(rawValue: value.order), cpu: cpu(event.cpu),
            observing: &observer)
    }
}
