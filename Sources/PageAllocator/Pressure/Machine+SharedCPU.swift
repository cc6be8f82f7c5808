import BuddyEngine
import Topology

extension Machine {
    /// The task that allocates does something else for so many microseconds. Where it shares its CPU, kswapd and whoever
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
        for (node, waiting) in pressure.kcompactd.enumerated() where !isOver {
            guard let waiting else { continue }
            pressure.kcompactd[node] = nil
            runKcompactd(node, order: waiting.order, highest: waiting.highest, observing: &observer)
        }
        while !isOver, let node = awakened.first {
            let before = counters.pagesScannedByKswapd
            if continueBalancing(node, observing: &observer) { awakened.removeFirst() }
            let scanned = counters.pagesScannedByKswapd - before
            isOver =
                pressure.cpu?.otherRuns(
                    scanned > 0 ? scanned * costs.reclaimedPage : costs.fruitlessPass, scheduler) ?? true
        }
        pressure.cpu?.switchesBack()
    }
}
