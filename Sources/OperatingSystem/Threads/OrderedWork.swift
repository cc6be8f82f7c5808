/// Pieces of work done several at once, their results handed out in order: so that what is printed is the same with any
/// number of jobs.
package final class OrderedWork<Result: Sendable>: Sendable {
    private let count: Int
    private let jobs: Int
    private let body: @Sendable (Int) -> Result
    private let state: Monitor<State>

    private struct State {
        var results: [Result?]
        var next = 0
    }

    /// - Parameters:
    ///   - count: How many pieces there are.
    ///   - jobs: How many are done at once. With one, each is done when its result is asked for.
    ///   - body: Does one, by its place from 0.
    package init(count: Int, jobs: Int, _ body: @escaping @Sendable (Int) -> Result) {
        self.count = count
        self.jobs = jobs
        self.body = body
        state = Monitor(State(results: Array(repeating: nil, count: count)))
    }

    /// Begins.
    package func start() {
        guard jobs > 1 else { return }
        // Replays recurse little, but reading JSON goes as deep as its document.
        _ = WorkerThreads(min(jobs, count), stackSize: 16 << 20) { self.work() }
    }

    /// The result of one piece of work, once it is there. To be asked for once.
    package func result(_ index: Int) -> Result {
        guard jobs > 1 else { return body(index) }
        return state.wait { $0.results[index].take() }
    }

    /// Begins no more pieces. What is being done comes to its end; results that are not there are not to be asked for.
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
