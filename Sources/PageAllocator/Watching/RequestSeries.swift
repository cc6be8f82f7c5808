import GFP
import Topology

/// A request made once or many times, and what became of it.
public struct RequestSeries: Hashable, Sendable {
    /// As the task's policy makes it: its CPU, and the nodes that the last attempt is content with.
    public var request: AllocationRequest
    /// The policy and cpuset of the task that asked; nil: none.
    public var placement: TaskPlacement?
    public var tally = AllocationTally()
    /// The node mask that the kernel's report of a refusal names; nil: `(null)`.
    public var reportedNodemask: NodeMask?
    /// The last request, zone by zone, if that was wanted.
    public var explanation: Explanation?
    /// The explained request was made after those that the tally counts, to show what stops them.
    public var explainsOneMore = false
    /// Whoever asked stopped it before its end.
    public var isInterrupted = false
}

extension Machine {
    /// Makes a request once or many times.
    ///
    /// - Parameters:
    ///   - request: As asked for.
    ///   - placement: The policy and cpuset of the task that asks; nil: none.
    ///   - count: How often; nil: until it is refused.
    ///   - kept: How many of the first page frames to remember.
    ///   - explains: Explain the last request. Where it is not known beforehand which is the last, one more request is
    ///     made and explained.
    ///   - goesOn: Called now and then with how many have been made; false stops.
    /// - Precondition: As for ``allocate(_:)``.
    public mutating func make(
        _ request: AllocationRequest, by placement: TaskPlacement? = nil, count: Int?, keeping kept: Int = 0,
        explains: Bool = false, goesOn: (Int) -> Bool = { _ in true }
    ) -> RequestSeries {
        var series = RequestSeries(request: asked(request, by: placement), placement: placement)
        series.reportedNodemask = reportedNodemask(of: series.request)
        var task = placement
        series.tally = allocateRepeatedly(
            request, by: &task, count: explains ? count.map { $0 - 1 } : count, keeping: kept
        ) { made in
            if !goesOn(made) { series.isInterrupted = true }
            return !series.isInterrupted
        }
        guard explains, !series.isInterrupted else { return series }
        let explanation = explain(request, by: &task)
        series.explanation = explanation
        series.explainsOneMore = count == nil
        if count != nil { series.tally.add(explanation, keeping: kept) }
        return series
    }

    /// What a policy makes of a request, for the words of a failure; whose turn it is is another matter.
    private mutating func asked(_ request: AllocationRequest, by placement: TaskPlacement?) -> AllocationRequest {
        var asked = request
        if var turn = placement, let last = turn.requests(for: request, binds: binds(turn.policy, request)).last {
            asked.cpu = last.cpu
            asked.nodemask = last.nodemask
        }
        return asked
    }

    /// The node mask that `warn_alloc` is told when a request is refused: what `ac->nodemask` then is. A request that may
    /// ignore its cpuset or all marks has none by then (`__alloc_pages_slowpath`, mm/page_alloc.c, 5.10 to 7.2).
    public mutating func reportedNodemask(of request: AllocationRequest) -> NodeMask? {
        guard let mask = request.nodemask, let context = context(for: request), context.preferred < context.count else {
            return request.nodemask
        }
        let slow = request.slowFlags(profile.walk.reserves, mayUseCMA: hasCMA && context.type == .movable)
        let last = request.lastFlags(after: slow, profile.walk.reserves)
        return last.contains(.cpuset) && request.emergencyFlags.isEmpty ? mask : nil
    }
}
