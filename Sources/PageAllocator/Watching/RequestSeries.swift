import GFP
import Topology

/// A request made once or many times, and the results.
public struct RequestSeries: Hashable, Sendable {
    /// The request as the task's policy changes it: its CPU, and the nodes that the last attempt allows.
    public var request: AllocationRequest
    /// The policy and cpuset of the task; nil: none.
    public var placement: TaskPlacement?
    /// The results.
    public var tally = AllocationTally()
    /// The node mask that the kernel's report of a refusal names; nil is printed as `(null)`.
    public var reportedNodemask: NodeMask?
    /// The last request, zone by zone, if that was asked for.
    public var explanation: Explanation?
    /// Whether the explained request came after those counted in ``tally``, to show what stops them.
    public var explainsOneMore = false
    /// Whether the caller stopped it early.
    public var isInterrupted = false
}

extension Machine {
    /// Makes a request once or many times.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - placement: The policy and cpuset of the task; nil: none.
    ///   - count: How often; nil: until it is refused.
    ///   - kept: How many of the first page frames to keep.
    ///   - explains: Whether to explain the last request. If it is not known beforehand which is the last, one more
    ///     request is made and explained.
    ///   - shouldContinue: Called from time to time with the number of requests made so far; returning false stops.
    /// - Precondition: As for ``allocate(_:)``.
    public mutating func make(
        _ request: AllocationRequest, by placement: TaskPlacement? = nil, count: Int?, keeping kept: Int = 0,
        explains: Bool = false, shouldContinue: (Int) -> Bool = { _ in true }
    ) -> RequestSeries {
        var series = RequestSeries(request: asked(request, by: placement), placement: placement)
        series.reportedNodemask = reportedNodemask(of: series.request)
        var task = placement
        series.tally = allocateRepeatedly(
            request, by: &task, count: explains ? count.map { $0 - 1 } : count, keeping: kept
        ) { made in
            if !shouldContinue(made) { series.isInterrupted = true }
            return !series.isInterrupted
        }
        guard explains, !series.isInterrupted else { return series }
        let explanation = explain(request, by: &task)
        series.explanation = explanation
        series.explainsOneMore = count == nil
        if count != nil { series.tally.add(explanation, keeping: kept) }
        return series
    }

    /// The request as a policy changes it, for reporting a failure; interleaving does not advance.
    private mutating func asked(_ request: AllocationRequest, by placement: TaskPlacement?) -> AllocationRequest {
        var asked = request
        if var turn = placement, let last = turn.requests(for: request, binds: binds(turn.policy, request)).last {
            asked.cpu = last.cpu
            asked.nodemask = last.nodemask
        }
        return asked
    }

    /// The node mask that `warn_alloc` is given when a request is refused: `ac->nodemask` at that point, which is nil
    /// for a request that may ignore its cpuset or all watermarks (`__alloc_pages_slowpath`, mm/page_alloc.c, 5.10 to
    /// 7.2).
    public mutating func reportedNodemask(of request: AllocationRequest) -> NodeMask? {
        guard let mask = request.nodemask, let context = context(for: request), context.preferred < context.count else {
            return request.nodemask
        }
        let slow = request.slowFlags(profile.walk.reserves, mayUseCMA: hasCMA && context.type == .movable)
        let last = request.lastFlags(after: slow, profile.walk.reserves)
        return last.contains(.cpuset) && request.emergencyFlags.isEmpty ? mask : nil
    }
}
