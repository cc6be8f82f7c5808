import BuddyEngine
import GFP
import PageAllocator
import Topology

/// Lock-step replay: each request is made and its result compared with the traced one; then the machine is put into the
/// traced machine's state.
extension Replay {
    mutating func playInLockstep(_ event: TraceEvent) {
        switch event.kind {
        case .allocation:
            compare(event)
            finishKswapd()
        case .free: follow(free: event)
        case .refusal:
            refuse(event)
            finishKswapd()
        case .batchedFree: skip(.listMovement)
        case .taken:
            skip(.listMovement)
            if options.followsLists, event.hasFrame {
                lockstep.follower.took(event.frame, order: event.order, cpu: event.cpu)
            }
        case .drain:
            skip(.listMovement)
            if options.followsLists, event.hasFrame { follow(drain: event) }
        case .fallback: noteFallback()
        case .mark: mark(event)
        case .loss: skip(.notAnEvent)
        }
    }

    /// Treats kswapd as finished: the trace shows what it freed, so it frees nothing itself. This ends the boost that
    /// woke it; otherwise watermarks would stay boosted.
    private mutating func finishKswapd() {
        guard observer.kswapdWakes != lockstep.kswapdWakesSeen else { return }
        lockstep.kswapdWakesSeen = observer.kswapdWakes
        machine.finishKswapd()
    }

    /// Makes a request and compares the result with the trace's.
    private mutating func compare(_ event: TraceEvent) {
        var next = lockstep.request
        prepare(&next, for: event)
        count(event)
        lockstep.request = next
        if table[event.frame].isBlock { follow(lostFreeOf: event) }
        let guess =
            options.learnsPolicies
            ? lockstep.policies.node(task: event.task, mask: event.detail, among: machine.nodeIDs) : nil
        lockstep.request.node = guess
        let got = machine.allocate(lockstep.request, observing: &observer)
        lockstep.request.node = nil
        let traced = PageFrame(rawValue: event.frame)
        judge(got, traced: event.hasFrame ? traced : nil, event, isGuess: guess != nil)
        settle(got, traced: traced, event)
        if options.followsLists { follow(refillOf: event) }
    }

    private mutating func judge(_ got: PageFrame?, traced: PageFrame?, _ event: TraceEvent, isGuess: Bool) {
        let emulatedZone = got.flatMap { machine.zonePosition(of: $0) }
        if let zone = emulatedZone {
            result.served &+= 1
            servedByZone.add(zone)
        } else {
            result.refused &+= 1
        }
        guard let traced, let tracedZone = machine.zonePosition(of: traced) else { return }
        result.agreement.compared += 1
        if isGuess { result.agreement.underLearntPolicy += 1 }
        let node = machine.withZone(tracedZone) { $0.node }
        if options.learnsPolicies {
            lockstep.policies.saw(
                node, own: machine.node(of: lockstep.request.cpu),
                emulated: emulatedZone.map { zone in machine.withZone(zone) { $0.node } }, task: event.task,
                mask: event.detail)
        }
        if let zone = emulatedZone {
            if machine.withZone(zone, { $0.node }) == node { result.agreement.node += 1 }
            if zone == tracedZone { result.agreement.zone += 1 }
            if got == traced { result.agreement.frame += 1 }
        } else {
            result.agreement.refusedHere += 1
        }
        if emulatedZone != tracedZone {
            let mismatch = ReplayResult.Agreement.Mismatch(
                traced: tracedZone, emulated: emulatedZone ?? -1, mask: Int(event.detail))
            result.agreement.mismatches[mismatch, default: 0] += 1
        }
    }

    /// Exchanges the block that the machine gave for the traced one.
    private mutating func settle(_ got: PageFrame?, traced: PageFrame, _ event: TraceEvent) {
        guard event.hasFrame else { return substitute(got, for: event) }
        let value = FrameTable.Value(frame: event.frame, order: event.order)
        table[event.frame] = value
        guard got != traced else { return claim(value) }
        let (order, cpu) = (lockstep.request.order, lockstep.request.cpu)
        let type = lockstep.request.gfp.migratetype
        freeSilentBlocks(around: event.frame, order: event.order, cpu: cpu)
        if let before = machine.takeFromPerCPUList(through: traced, order: order, type: type, cpu: cpu) {
            // The kernel takes the head of a list, so blocks before it here are no longer on its list.
            for frame in before + (got.map { [$0] } ?? []) {
                lockstep.silent[frame.rawValue] = event.order
                claim(FrameTable.Value(frame: frame.rawValue, order: event.order))
            }
            claim(value)
            result.agreement.takenWithoutEvent += before.count + (got == nil ? 0 : 1)
        } else if machine.takeSpecific(traced, order: order, cpu: cpu) {
            result.agreement.exchanged += 1
            claim(value)
            if let got { machine.putBack(got, order: order, cpu: cpu) }
        } else if let other = lockstep.substitutes[event.frame], table[other] == value {
            lockstep.substitutes[event.frame] = nil
            var misplaced = event
            misplaced.frame = other
            substitute(got, for: misplaced)
        } else if isInUse(traced, order: order) {
            result.agreement.inUse += 1
            claim(value)
            if let got { machine.putBack(got, order: order, cpu: cpu) }
        } else {
            result.agreement.notFree += 1
            substitute(got, for: event)
        }
    }

    /// Uses another block here for a traced one, or none.
    private mutating func substitute(_ got: PageFrame?, for event: TraceEvent) {
        guard let got else { return table[event.frame] = .refused }
        let value = FrameTable.Value(frame: got.rawValue, order: event.order)
        table[event.frame] = value
        claim(value)
        lockstep.substitutes[got.rawValue] = event.frame
    }

    /// Notes that the pages of a block are in use for a known purpose.
    private mutating func claim(_ block: FrameTable.Value) {
        for page in 0..<UInt64(1) << UInt64(block.order) { lockstep.claimed[block.frame + page] = .refused }
    }

    private mutating func disclaim(_ block: FrameTable.Value) {
        for page in 0..<UInt64(1) << UInt64(block.order) { lockstep.claimed[block.frame + page] = .none }
    }

    /// Whether a block belongs entirely to the machine, and is in use for a request that the trace does not show.
    private func isInUse(_ frame: PageFrame, order: Order) -> Bool {
        guard order <= machine.maximumOrder, frame.rawValue & UInt64(order.pages - 1) == 0,
            let zone = machine.zonePosition(of: frame), machine.zonePosition(of: frame + (order.pages - 1)) == zone
        else { return false }
        return (0..<UInt64(order.pages)).allSatisfy { lockstep.claimed[frame.rawValue + $0] == .none }
            && !machine.hasFreePage(in: frame..<(frame + order.pages))
    }

    private func isPartOfLargerBlock(_ frame: UInt64, order: UInt8) -> Bool {
        (order..<TraceEvent.largestOrder).contains { above in
            let head = frame & ~(1 << UInt64(above + 1) - 1)
            return head != frame && table[head].isBlock && table[head].order > above
        }
    }

    /// Moves pages that the traced refill put on the CPU's list from the free lists here.
    private mutating func follow(refillOf event: TraceEvent) {
        for block in lockstep.follower.collect(cpu: event.cpu) where block.frame != event.frame {
            let order = Order(rawValue: block.order)
            makeFree(block.frame, order: block.order, cpu: lockstep.request.cpu)
            if machine.moveToPerCPUList(PageFrame(rawValue: block.frame), order: order, cpu: lockstep.request.cpu) {
                result.agreement.movedToList += 1
            }
        }
    }

    private mutating func follow(drain event: TraceEvent) {
        let frame = PageFrame(rawValue: event.frame)
        let order = Order(rawValue: event.order)
        makeFree(event.frame, order: event.order, cpu: cpu(event.cpu))
        if machine.moveToFreeLists(frame, order: order, cpu: cpu(event.cpu)) { result.agreement.movedToList += 1 }
    }

    /// Frees blocks assumed to be taken without an event that share pages with one that is now allocated: they were
    /// free.
    private mutating func freeSilentBlocks(around frame: UInt64, order: UInt8, cpu: CPUID) {
        guard !lockstep.silent.isEmpty else { return }
        for page in 0..<UInt64(1) << UInt64(order) {
            if let smaller = lockstep.silent[frame + page] { makeFree(frame + page, order: smaller, cpu: cpu) }
        }
        for above in order..<TraceEvent.largestOrder {
            let head = frame & ~(1 << UInt64(above + 1) - 1)
            if let larger = lockstep.silent[head], larger > above { makeFree(head, order: larger, cpu: cpu) }
        }
    }

    /// Frees a block that was wrongly assumed to be taken without an event.
    private mutating func makeFree(_ frame: UInt64, order: UInt8, cpu: CPUID) {
        guard lockstep.silent[frame] == order else { return }
        lockstep.silent[frame] = nil
        disclaim(FrameTable.Value(frame: frame, order: order))
        machine.freeToLists(PageFrame(rawValue: frame), order: Order(rawValue: order), cpu: cpu)
    }

    private mutating func follow(lostFreeOf event: TraceEvent) {
        skip(.doubleAllocation)
        let value = table[event.frame]
        machine.free(PageFrame(rawValue: value.frame), order: Order(rawValue: value.order), cpu: lockstep.request.cpu)
        lockstep.substitutes[value.frame] = nil
        disclaim(value)
        table[event.frame] = .none
    }

    /// Frees what the trace frees. A page that is free here was allocated without an event, so it is allocated first.
    private mutating func follow(free event: TraceEvent) {
        var value = table[event.frame]
        if value == .none, event.hasFrame {
            guard let block = blockInUse(event) else { return }
            value = block
        } else if !value.isBlock || value.order != event.order {
            value = part(of: event, found: value)
            guard value.isBlock else { return }
        }
        table[event.frame] = .none
        if value.frame != event.frame { lockstep.substitutes[value.frame] = nil }
        disclaim(value)
        result.frees += 1
        machine.free(
            PageFrame(rawValue: value.frame), order: Order(rawValue: value.order), cpu: cpu(event.cpu),
            observing: &observer)
    }

    /// The block to which a free without an allocation refers, after making sure that it is in use.
    private mutating func blockInUse(_ event: TraceEvent) -> FrameTable.Value? {
        let frame = PageFrame(rawValue: event.frame)
        let order = Order(rawValue: event.order)
        if isPartOfLargerBlock(event.frame, order: event.order) {
            let value = part(of: event, found: .none)
            return value.isBlock ? value : nil
        }
        guard order <= machine.maximumOrder, event.frame & UInt64(order.pages - 1) == 0,
            let zone = machine.zonePosition(of: frame), machine.zonePosition(of: frame + (order.pages - 1)) == zone
        else {
            skip(.freeOfUnknownFrame)
            return nil
        }
        skip(.freeWithoutAllocation)
        let cpu = cpu(event.cpu)
        if lockstep.silent[event.frame] == event.order {
            lockstep.silent[event.frame] = nil
        } else if let other = lockstep.substitutes[event.frame],
            table[other] == FrameTable.Value(frame: event.frame, order: event.order)
        {
            lockstep.substitutes[event.frame] = nil
            table[other] = .refused
        } else if machine.takeSpecific(frame, order: order, cpu: cpu) {
            result.agreement.takenWithoutEvent += 1
        } else if !isInUse(frame, order: order) {
            skip(.freeOfUnknownFrame)
            return nil
        }
        return FrameTable.Value(frame: event.frame, order: event.order)
    }
}
