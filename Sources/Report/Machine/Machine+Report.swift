import PageAllocator

extension Machine {
    /// Makes a request once or many times and reports on it.
    ///
    /// What the parameters mean:
    ///   - `placement`: the policy and cpuset of the task that asks; nil: none.
    ///   - `count`: how often; nil: until it is refused.
    ///   - `explains`: explain the last request. Where it is not known beforehand which is the last, one more request is
    ///     made and explained.
    ///   - `progress`: told now and then how many have been made.
    public mutating func report(
        _ request: AllocationRequest, by placement: TaskPlacement? = nil, count: Int?, explains: Bool = false,
        progress: (Int) -> Void = { _ in }
    ) -> AllocationReport {
        var task = placement
        // What the policy makes of it, for the words of a failure; whose turn it is is another matter.
        var asked = request
        if var turn = placement, let last = turn.requests(for: request, binds: binds(turn.policy, request)).last {
            asked.cpu = last.cpu
            asked.nodemask = last.nodemask
        }
        guard explains, let count else {
            let tally = allocateRepeatedly(
                request, by: &task, count: count, keeping: AllocationReport.mostListed, progress: progress)
            let explanation = explains ? explain(request, by: &task) : nil
            return AllocationReport(
                asked, tally, on: self, placement: placement, explanation: explanation, explainsOneMore: explains)
        }
        var tally = allocateRepeatedly(
            request, by: &task, count: count - 1, keeping: AllocationReport.mostListed, progress: progress)
        let explanation = explain(request, by: &task)
        tally.add(explanation, keeping: AllocationReport.mostListed)
        return AllocationReport(asked, tally, on: self, placement: placement, explanation: explanation)
    }
}
