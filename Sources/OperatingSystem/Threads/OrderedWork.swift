/// Pieces of work that are done several at once and whose results are delivered in order, so that the output is the
/// same for any number of jobs.
package final class OrderedWork<Result: Sendable>: Sendable {
    private let count: Int
    private let jobs: Int
    private let body: @Sendable (Int) -> Result
    private let state: Monitor<State>

    private struct State {
        var results: [Result?]
        var next = 0
    }

    /// Prepares the work without beginning it.
    ///
    /// - Parameters:
    ///   - count: The number of pieces.
    ///   - jobs: How many are done at once. If 1, each piece is done when its result is asked for.
    ///   - body: Does the piece with a number, from 0.
    package init(count: Int, jobs: Int, _ body: @escaping @Sendable (Int) -> Result) {
        self.count = count
        self.jobs = jobs
        self.body = body
        state = Monitor(State(results: Array(repeating: nil, count: count)))
    }

    /// Begins the work.
    package func start() {
        guard jobs > 1 else { return }
        // Replays recurse little, but reading JSON recurses as deep as its document.
        _ = WorkerThreads(min(jobs, count), stackSize: 16 << 20) { self.work() }
    }

    /// The result of one piece; waits until it is available. It may be asked for only once.
    ///
    /// - Parameters:
    ///   - index: The number of the piece, from 0.
    package func result(_ index: Int) -> Result {
        guard jobs > 1 else { return body(index) }
        return state.wait { $0.results[index].take() }
    }

    /// Begins no further pieces. Those in progress are finished; results that are not available must not be asked for.
    package func cancel() { state.change { $0.next = count } }

    private func work() {
        while true {
            let index = state.change { state in
                defer { state.next = min(state.next + 1, count) }
                return state.next
            }
            guard index < count else { return }
            let result = body(index)
            state.change { $0.results[index] = result }
        }
    }
}
