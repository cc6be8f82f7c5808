import Foundation

/// Work on several files at once, its results handed out in the order of the files: so that what is printed is the same
/// with any number of jobs.
final class OrderedWork<Result: Sendable>: @unchecked Sendable {
    private let count: Int
    private let jobs: Int
    private let body: @Sendable (Int) -> Result
    private let condition = NSCondition()
    /// Guarded by the condition, as all below.
    private var results: [Result?]
    private var next = 0

    init(count: Int, jobs: Int, _ body: @escaping @Sendable (Int) -> Result) {
        self.count = count
        self.jobs = jobs
        self.body = body
        results = Array(repeating: nil, count: count)
    }

    /// Begins. With one job the work is done when its result is asked for.
    func start() {
        guard jobs > 1 else { return }
        for _ in 0..<min(jobs, count) {
            let thread = Thread { self.work() }
            // Replays recurse little, but reading JSON goes as deep as its document.
            thread.stackSize = 16 << 20
            thread.start()
        }
    }

    /// The result of one piece of work, once it is there. To be asked for once.
    func result(_ index: Int) -> Result {
        guard jobs > 1 else { return body(index) }
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let result = results[index] {
                results[index] = nil
                return result
            }
            condition.wait()
        }
    }

    private func work() {
        while true {
            condition.lock()
            let index = next
            next += 1
            condition.unlock()
            guard index < count else { return }
            let result = body(index)
            condition.lock()
            results[index] = result
            condition.broadcast()
            condition.unlock()
        }
    }
}
