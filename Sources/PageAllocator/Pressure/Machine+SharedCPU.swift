import BuddyEngine
import Topology

extension Machine {
    /// The task that allocates does something else for that many microseconds. Where it shares its CPU, kswapd and whoever
    /// was killed may get their turn.
    public mutating func letTimePass(_ microseconds: Int) {
        var observer = NoAllocationObserver()
        taskRuns(microseconds)
        giveUpCPU(observing: &observer)
    }

    /// The task made a request.
    public mutating func letTimePassForRequest() {
        if let costs = pressure.cpu?.costs { letTimePass(costs.request) }
    }

    /// A pass of direct reclaim took its time.
    mutating func taskReclaimed(_ pages: Int) {
        guard let costs = pressure.cpu?.costs else { return }
        taskRuns(pages > 0 ? pages * costs.reclaimedPage : costs.fruitlessPass)
    }

    private mutating func taskRuns(_ microseconds: Int) {
        if pressure.cpu?.taskRuns(microseconds, profile.reclaim.scheduler) == true { pressure.isPreempted = true }
    }

    /// If the task's time is over, others have the CPU until theirs is, or they sleep (`cond_resched`).
    mutating func giveUpCPU<Observer: AllocationObserver>(observing observer: inout Observer) {
        runElsewhere(observing: &observer)
        guard pressure.isPreempted, let costs = pressure.cpu?.costs else { return }
        pressure.isPreempted = false
        let scheduler = profile.reclaim.scheduler
        pressure.cpu?.switches()
        let most = (pressure.cpu?.timeLeft(scheduler) ?? 0) / max(costs.exitedPage, 1)
        let given = reclaimHook?.letOthersRun(upTo: most, in: &self) ?? 0
        if given > 0 {
            _ = pressure.cpu?.otherRuns(given * costs.exitedPage, scheduler)
            pressure.cpu?.switches()
        }
        var isOver = false
        for (node, waiting) in pressure.kcompactd.enumerated() where !isOver && sharesCPU(node) {
            guard let waiting else { continue }
            pressure.kcompactd[node] = nil
            runKcompactd(node, order: waiting.order, highest: waiting.highest, observing: &observer)
        }
        while !isOver, let node = nextSharing() {
            let before = counters.pagesScannedByKswapd
            if continueBalancing(node, observing: &observer) { awakened.removeAll { $0 == node } }
            let scanned = counters.pagesScannedByKswapd - before
            isOver =
                pressure.cpu?.otherRuns(
                    scanned > 0 ? scanned * costs.reclaimedPage : costs.fruitlessPass, scheduler) ?? true
        }
        pressure.cpu?.switchesBack()
        runElsewhere(observing: &observer)
    }

    /// Whether a node's kswapd has no CPU but that of the task which allocates: it is kept to its node's (`kswapd` in
    /// mm/vmscan.c).
    func sharesCPU(_ node: Int) -> Bool {
        guard let cpu = pressure.cpu, cpuIDs.count > 1 else { return true }
        let own = topology.nodes[node].cpus
        return own.count == 1 && own[0] == cpuIDs[cpu.task]
    }

    /// The node whose kswapd is next to have the shared CPU; nil: none is awake.
    private func nextSharing() -> Int? {
        for node in awakened where sharesCPU(node) { return node }
        return nil
    }

    /// Reclaim threads that have a CPU for themselves do as much as they can in the time that has passed.
    private mutating func runElsewhere<Observer: AllocationObserver>(observing observer: inout Observer) {
        guard cpuIDs.count > 1, let cpu = pressure.cpu else { return }
        for (node, waiting) in pressure.kcompactd.enumerated() where !sharesCPU(node) {
            guard let waiting else { continue }
            pressure.kcompactd[node] = nil
            runKcompactd(node, order: waiting.order, highest: waiting.highest, observing: &observer)
        }
        for node in awakened where !sharesCPU(node) {
            var isAsleep = false
            while !isAsleep, pressure.clocks[node] < cpu.now {
                let before = counters.pagesScannedByKswapd
                isAsleep = continueBalancing(node, observing: &observer)
                let scanned = counters.pagesScannedByKswapd - before
                pressure.clocks[node] += scanned > 0 ? scanned * cpu.costs.reclaimedPage : cpu.costs.fruitlessPass
            }
            if isAsleep { awakened.removeAll { $0 == node } }
        }
    }
}
