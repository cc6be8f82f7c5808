import PageAllocator

extension Machine {
    /// Makes a request once or many times and reports on it.
    ///
    /// What the parameters mean:
    ///   - `count`: how often; nil: until it is refused.
    ///   - `explains`: explain the last request. Where it is not known beforehand which is the last, one more request is
    ///     made and explained.
    ///   - `progress`: told now and then how many have been made.
    public mutating func report(
        _ request: AllocationRequest, count: Int?, explains: Bool = false, progress: (Int) -> Void = { _ in }
    ) -> AllocationReport {
        guard explains, let count else {
            let tally = allocateRepeatedly(
                request, count: count, keeping: AllocationReport.mostListed, progress: progress)
            let explanation = explains ? explain(request) : nil
            return AllocationReport(request, tally, on: self, explanation: explanation, explainsOneMore: explains)
        }
        var tally = allocateRepeatedly(
            request, count: count - 1, keeping: AllocationReport.mostListed, progress: progress)
        let explanation = explain(request)
        tally.add(explanation, keeping: AllocationReport.mostListed)
        return AllocationReport(request, tally, on: self, explanation: explanation)
    }
}
