import BuddyEngine
import GFP
import Topology

/// What the kernel does about a request that nothing could serve.
public struct OutOfMemoryEvent: Hashable, Sendable {
    /// What was done.
    public var verdict: Verdict
    /// The order of the request.
    public var order: Order

    /// What the kernel does.
    public enum Verdict: Hashable, Sendable {
        /// No process is killed for such a request: it fails, or keeps trying.
        case notTried(Reason)
        /// A process was killed, with the name that the hook gave.
        case killed(String)
        /// An earlier victim has not exited yet.
        case stillDying
        /// The machine stops: because of `vm.panic_on_oom`, or because no process can be killed.
        case panic
    }

    /// Why the OOM killer was not invoked (`__alloc_pages_may_oom`).
    public enum Reason: Hashable, Sendable {
        /// It does not help against fragmentation.
        case costlyOrder
        /// `__GFP_RETRY_MAYFAIL`: the caller has another way.
        case callerHasFallback
        /// `__GFP_THISNODE`: a victim might not have memory on that node.
        case boundToNode
        /// A request for DMA or DMA32: processes have hardly any such pages.
        case lowZone
        /// No `__GFP_FS`: reclaim was too limited to conclude that memory is exhausted (`out_of_memory`).
        case noFileSystem
    }
}

extension Machine {
    /// Tries the high watermark once more, then kills a process if that can help (`__alloc_pages_may_oom`).
    mutating func killForMemory<Observer: AllocationObserver>(
        _ request: borrowing AllocationRequest, _ context: WalkContext, _ attempt: inout PressureAttempt,
        observing observer: inout Observer
    ) -> (frame: PageFrame?, madeProgress: Bool) {
        let last = AllocFlags(rawValue: UInt32(WatermarkLevel.high.rawValue)).union(.cpuset)
        var hardwalled = context
        hardwalled.isHardwalled = true
        if let frame = walk(request, &hardwalled, flags: last, observing: &observer) { return (frame, true) }
        var context = context
        if let reason = reasonNotToKill(request, context) {
            observer.ranOutOfMemory(OutOfMemoryEvent(verdict: .notTried(reason), order: request.order))
            // Without __GFP_FS a kernel's request keeps trying forever, hoping for others; here it gives up.
            return (nil, false)
        }
        let verdict = kill(request, context, &attempt)
        observer.ranOutOfMemory(OutOfMemoryEvent(verdict: verdict, order: request.order))
        switch verdict {
        case .killed, .stillDying:
            guard request.gfp.contains(.noFail) else { return (nil, true) }
            return (walkPastCpuset(request, &context, flags: [.noWatermarks], observing: &observer), true)
        case .panic, .notTried: return (nil, false)
        }
    }

    private func reasonNotToKill(
        _ request: borrowing AllocationRequest, _ context: WalkContext
    ) -> OutOfMemoryEvent.Reason? {
        if request.order > PerCPUPages.costlyOrder { return .costlyOrder }
        if request.gfp.contains(.retryMayFail) { return .callerHasFallback }
        if request.gfp.contains(.thisNode) { return .boundToNode }
        if zoneKinds[context.highest] < .normal { return .lowZone }
        return request.gfp.contains(.fs) ? nil : .noFileSystem
    }

    private mutating func kill(
        _ request: borrowing AllocationRequest, _ context: WalkContext, _ attempt: inout PressureAttempt
    ) -> OutOfMemoryEvent.Verdict {
        let mask = constraint(request, context)
        if topology.sysctls.panicOnOOM == 2 || topology.sysctls.panicOnOOM == 1 && mask == nil { return .panic }
        guard let reclaimHook else { return .panic }
        let call = OutOfMemoryCall(
            gfp: request.gfp, order: request.order, nodemask: mask,
            prefersCaller: topology.sysctls.oomKillAllocatingTask)
        switch reclaimHook.killProcess(call, in: &self) {
        case .killed(let name):
            counters.oomKills += 1
            pressure.exit = ExitProgress()
            return .killed(name)
        case .killedCaller(let name):
            counters.oomKills += 1
            pressure.exit = ExitProgress()
            attempt.isVictim = true
            return .killed(name)
        case .stillDying: return .stillDying
        case .nobody: return .panic
        }
    }

    /// The nodes to which a memory policy or else the cpuset limits the request; nil if it is not limited
    /// (`constrained_alloc`, mm/oom_kill.c).
    private mutating func constraint(_ request: borrowing AllocationRequest, _ context: WalkContext) -> NodeMask? {
        if context.isMasked, let mask = request.nodemask,
            (0..<zoneCount).contains(where: { zones[$0].managed > 0 && !mask.contains(zones[$0].node) })
        {
            return mask
        }
        guard context.isConfined, let cpuset else { return nil }
        for position in 0..<context.count {
            let entry = entries[context.start + position]
            if allows(entry, request, context), !isInCpuset(entry.node, request, context) { return cpuset.nodes }
        }
        return nil
    }
}
