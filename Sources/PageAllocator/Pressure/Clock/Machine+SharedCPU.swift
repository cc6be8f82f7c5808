import BuddyEngine
import Topology

extension Machine {
    /// Lets time pass in which the allocating task does something else. If it shares its CPU, kswapd and killed
    /// processes may get their turn.
    ///
    /// - Parameters:
    ///   - microseconds: How long.
    public mutating func letTimePass(_ microseconds: Int) {
        taskRuns(microseconds)
        othersRun(after: microseconds, isRequest: false)
    }

    /// Accounts for a request of the task, which stays in the kernel for the next one. That begins with an offer to
    /// yield the CPU (`might_sleep`), which only a kernel with voluntary preemption accepts; with lazy preemption, a
    /// tick may have told the task to yield.
    public mutating func letTimePassForRequest() {
        guard let costs = pressure.cpu?.costs else { return }
        taskRuns(costs.request)
        othersRun(after: costs.request, isRequest: true)
    }

    /// What others do meanwhile is told to the listener as an operation of its own.
    private mutating func othersRun(after microseconds: Int, isRequest: Bool) {
        guard let listener else {
            var observer = NoAllocationObserver()
            return othersRun(isRequest: isRequest, observing: &observer)
        }
        listener.began(.time(microseconds))
        var observer = ListenerObserver(listener)
        othersRun(isRequest: isRequest, observing: &observer)
        listener.ended(.time(microseconds), frame: nil, on: self)
    }

    private mutating func othersRun<Observer: AllocationObserver>(
        isRequest: Bool, observing observer: inout Observer
    ) {
        if isRequest {
            endRequestOnSharedCPU(observing: &observer)
        } else {
            giveUpCPU(observing: &observer)
        }
    }

    /// Ends a request, where the next begins.
    mutating func endRequestOnSharedCPU<Observer: AllocationObserver>(observing observer: inout Observer) {
        if profile.reclaim.preemption == .none {
            runElsewhere(observing: &observer)
        } else {
            giveUpCPU(observing: &observer)
        }
    }

    /// The task sleeps for a moment, until somebody wakes it.
    mutating func taskSleepsShortly<Observer: AllocationObserver>(observing observer: inout Observer) {
        guard pressure.cpu != nil else { return }
        pressure.isPreempted = true
        giveUpCPU(observing: &observer)
    }

    /// Accounts for the time of direct reclaim; `before` is the number of folios looked at when it began.
    mutating func taskReclaimed(since before: Int) {
        guard let costs = pressure.cpu?.costs else { return }
        taskRuns(costs.reclaim(of: counters.foliosScanned - before))
    }

    /// Accounts for the time of direct compaction; `before` is ``timeCompacting`` when it began.
    mutating func taskCompacted(since before: Int) { taskRuns(timeCompacting - before) }

    /// The time that all compaction so far has taken.
    var timeCompacting: Int {
        guard let costs = pressure.cpu?.costs else { return 0 }
        let scanned = counters.compactMigrateScanned + counters.compactFreeScanned
        return scanned * costs.hundredPagesScanned / 100
            + (counters.pagesMigrated + counters.migrationsFailed) * costs.movedPage
    }

    private mutating func taskRuns(_ microseconds: Int) {
        let isContended = pressure.cpu != nil && somebodyWaits
        if pressure.cpu?.taskRuns(microseconds, isContended: isContended) == true { pressure.isPreempted = true }
    }

    /// Whether anyone but the task wants the CPU.
    private var somebodyWaits: Bool {
        pressure.exit != nil || nextSharing() != nil
            || pressure.kcompactd.indices.contains { pressure.kcompactd[$0] != nil && sharesCPU($0) }
    }

    /// If the task's time is over, lets others have the CPU until their time is over or they sleep (`cond_resched`).
    mutating func giveUpCPU<Observer: AllocationObserver>(observing observer: inout Observer) {
        runElsewhere(observing: &observer)
        runWhatIsDue(shared: true, observing: &observer)
        guard pressure.isPreempted, let costs = pressure.cpu?.costs else { return }
        pressure.isPreempted = false
        pressure.cpu?.switches()
        for (node, waiting) in pressure.kcompactd.enumerated() where sharesCPU(node) {
            guard let waiting else { continue }
            pressure.kcompactd[node] = nil
            let before = timeCompacting
            runKcompactd(node, order: waiting.order, highest: waiting.highest, observing: &observer)
            let time = timeCompacting - before
            pressure.cpu?.passes(time)
        }
        victimExits(costs)
        if nextSharing() != nil, pressure.cpu?.isKswapdNext == true {
            kswapdBalances(costs, observing: &observer)
        }
        pressure.cpu?.switches()
        runElsewhere(observing: &observer)
    }

    /// kswapd works until its time is over or it sleeps.
    private mutating func kswapdBalances<Observer: AllocationObserver>(
        _ costs: CPUCosts, observing observer: inout Observer
    ) {
        var isOver = pressure.cpu?.otherRuns(costs.kswapdTurn) ?? true
        while !isOver, let node = nextSharing() {
            let before = counters.foliosScanned
            if continueBalancing(node, observing: &observer) {
                awakened.removeAll { $0 == node }
                pressure.cpu?.sleeps()
            }
            isOver = pressure.cpu?.otherRuns(costs.reclaim(of: counters.foliosScanned - before)) ?? true
        }
    }

    /// Whether a node's kswapd can only run on the CPU of the allocating task: it is bound to its node's CPUs
    /// (`kswapd`, mm/vmscan.c).
    func sharesCPU(_ node: Int) -> Bool {
        guard let cpu = pressure.cpu, cpuIDs.count > 1 else { return true }
        let own = topology.nodes[node].cpus
        return own.count == 1 && own[0] == cpuIDs[cpu.task]
    }

    /// The node whose kswapd gets the shared CPU next; nil if none is awake.
    private func nextSharing() -> Int? {
        for node in awakened where sharesCPU(node) { return node }
        return nil
    }

    /// Lets reclaim threads with a CPU of their own work for the time that has passed.
    private mutating func runElsewhere<Observer: AllocationObserver>(observing observer: inout Observer) {
        guard cpuIDs.count > 1, let cpu = pressure.cpu else { return }
        runWhatIsDue(shared: false, observing: &observer)
        for (node, waiting) in pressure.kcompactd.enumerated() where !sharesCPU(node) {
            guard let waiting else { continue }
            pressure.kcompactd[node] = nil
            runKcompactd(node, order: waiting.order, highest: waiting.highest, observing: &observer)
        }
        for node in awakened where !sharesCPU(node) {
            var isAsleep = false
            while !isAsleep, pressure.clocks[node] < cpu.now {
                let before = counters.foliosScanned
                isAsleep = continueBalancing(node, observing: &observer)
                pressure.clocks[node] += cpu.costs.reclaim(of: counters.foliosScanned - before)
            }
            if isAsleep { awakened.removeAll { $0 == node } }
        }
    }
}
