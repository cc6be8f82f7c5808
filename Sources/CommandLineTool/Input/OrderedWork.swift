import OperatingSystem

/// Work on several files at once, its results handed out in the order of the files: so that what is printed is the same
/// with any number of jobs.
final class OrderedWork<Result: Sendable>: Sendable {
    private let count: Int
    private let jobs: Int
    private let body: @Sendable (Int) -> Result
    private let state: Monitor<State>

    private struct State {
        var results: [Result?]
        var next = 0
    }

    init(count: Int, jobs: Int, _ body: @escaping @Sendable (Int) -> Result) {
        self.count = count
        self.jobs = jobs
        self.body = body
        state = Monitor(State(results: Array(repeating: nil, count: count)))
    }

    /// Begins. With one job the work is done when its result is asked for.
    func start() {
        guard jobs > 1 else { return }
        // Replays recurse little, but reading JSON goes as deep as its document.
        _ = WorkerThreads(min(jobs, count), stackSize: 16 << 20) { self.work() }
    }

    /// The result of one piece of work, once it is there. To be asked for once.
    func result(_ index: Int) -> Result {
        guard jobs > 1 else { return body(index) }
        return state.wait { $0.results[index].take() }
    }

    private func work() {
        while true {
            let index = state.change { state in
                defer { state.next += 1 }
                return state.next
            }
            guard index < count else { return }
            let result = body(index)
            state.change { $0.results[index] = result }
        }
    }
}
