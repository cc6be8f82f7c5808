import BuddyEngine
import GFP
import Topology

extension Machine {
    /// Serves a request as ``allocate(_:)`` does, and reports everything that happened.
    ///
    /// O(zones · orders) in addition to the request itself.
    ///
    /// - Precondition: The request's CPU and node are the machine's.
    public mutating func explain(_ request: AllocationRequest) -> Explanation {
        var nobody: TaskPlacement?
        return explain(request, by: &nobody)
    }

    /// The same, for a request of a task with a policy or a cpuset.
    public mutating func explain(_ request: AllocationRequest, by task: inout TaskPlacement?) -> Explanation {
        var observer = NoAllocationObserver()
        return explain(request, by: &task, observing: &observer)
    }

    /// The same, and `observer` is called, too.
    public mutating func explain<Observer: AllocationObserver>(
        _ request: AllocationRequest, by task: inout TaskPlacement?, observing observer: inout Observer
    ) -> Explanation {
        let before = (0..<zoneCount).map { freeBlockCounts(of: $0) }
        var both = ObserverPair(ExplanationRecorder(), observer)
        var own = task ?? TaskPlacement()
        var turn = own
        let attempts = turn.requests(for: request, binds: binds(own.policy, request))
        var asking: TaskPlacement? = own
        let frame = allocateHeard(request, by: &asking, observing: &both)
        own = asking ?? own
        observer = both.second
        let steps = both.first.finish()
        // The attempts before the last differ from it only in the nodes that they allow.
        let request = attempts.last ?? request
        let cpuNode = nodeIDs[nodePosition(of: request.cpu)]
        let highest = highestZones[request.gfp.zoneSelector]
        var explanation = Explanation(
            request: request, node: request.node ?? cpuNode, highestZone: highest < 0 ? nil : zoneKinds[Int(highest)],
            mobility: mobility(of: request.gfp), steps: steps,
            outcome: .refused(.belowMarks))
        explanation.reserves = profile.walk.reserves
        explanation.placement = task
        if task != nil { task = own }
        if let frame, let zone = segments.zone(of: frame) {
            let changes = zip(freeBlockCounts(of: zone), before[zone]).map { $0 - $1 }
            explanation.outcome = .served(
                Explanation.Service(
                    frame: frame, zone: zones[zone].reference,
                    distance: topology.distances.distance(from: cpuNode, to: zones[zone].node),
                    isFromPerCPUList: zones[zone].hasPerCPUList(request.order), freeBlockChanges: changes))
        } else {
            explanation.outcome = .refused(refusal(of: request, explanation.walks))
        }
        return explanation
    }

    private func freeBlockCounts(of zone: Int) -> [Int] {
        (0...maximumOrder.rawValue).map { zones[zone].buddy.freeBlocks(Order(rawValue: $0)) }
    }

    private mutating func refusal(of request: AllocationRequest, _ walks: [Explanation.Walk]) -> Explanation.Refusal {
        guard request.order <= maximumOrder else { return .orderTooLarge(maximum: maximumOrder) }
        guard context(for: request) != nil else { return .contradictoryMask }
        let looks = (walks.last?.visits ?? []).compactMap { visit -> ZoneLook? in
            if case .look(let look) = visit { look.judgement } else { nil }
        }
        guard !looks.isEmpty else { return .noZoneAllowed }
        return looks.contains { $0.verdict != .belowMark } ? .fragmented : .belowMarks
    }
}
