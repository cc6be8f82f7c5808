import GFP
import PageAllocator
import Topology

extension ScenarioRunner {
    /// Records a request that was refused. A kernel reports at most one in ten seconds, so one for each step is enough.
    mutating func witnessRefusal(_ request: AllocationRequest, _ placement: TaskPlacement?) {
        guard result.refusals.count < keptRefusals else { return }
        result.refusals.append(
            refusal(request, placement, machine.snapshot(), processes: currentProcesses, killed: nil))
    }

    /// Records the processes killed for a request, whether or not it was then served.
    mutating func witnessKills(_ request: AllocationRequest, _ placement: TaskPlacement?) {
        for kill in witness?.takeKills() ?? [] where result.refusals.count < keptRefusals {
            result.refusals.append(
                refusal(request, placement, kill.snapshot, processes: kill.processes, killed: kill.victim))
        }
    }

    private var currentProcesses: [ScenarioRefusal.Process] {
        lru.processes.map { ScenarioRefusal.Process(name: $0.name, pages: $0.pages) }
    }

    private mutating func refusal(
        _ request: AllocationRequest, _ placement: TaskPlacement?, _ snapshot: Snapshot,
        processes: [ScenarioRefusal.Process], killed: Int?
    ) -> ScenarioRefusal {
        var request = request
        if var turn = placement, let last = turn.requests(for: request, binds: machine.binds(turn.policy, request)).last
        {
            request.nodemask = last.nodemask
        }
        let owned = processes.reduce(0) { $0 + $1.pages }
        let unowned = movableGroups.reduce(0) { $0 + blocks[$1].pages }
        return ScenarioRefusal(
            request: request, nodemask: machine.reportedNodemask(of: request), placement: placement, snapshot: snapshot,
            killed: killed, processes: processes, anonymous: max(owned, lru.pages(.anonymous)) + unowned,
            file: lru.pages(.file), slabReclaimable: lru.slabPages.values.reduce(0) { $0 + $1.count },
            totalSwap: lru.swapPages, freeSwap: max(0, lru.swapPages - lru.swappedPages), work: work)
    }
}
