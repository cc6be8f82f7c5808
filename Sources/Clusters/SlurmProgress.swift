/// Which of a sweep's cells somebody is working on, and which are lost.
package struct SlurmProgress: Hashable, Sendable {
    /// Tasks that wait or run, of this sweep's jobs.
    package var active: [Slurm.Task]
    /// Cells without a result that no task has among its share: the tasks that should have played them ended before.
    package var lost: [Int]

    /// - Parameters:
    ///   - missing: Cells without a result.
    ///   - ledger: What was submitted.
    ///   - queue: What waits and runs.
    package init(missing: [Int], ledger: SlurmLedger, queue: [Slurm.Task]) {
        var workers: [String: Int] = [:]
        for entry in ledger.entries { workers[entry.job] = entry.workers }
        active = queue.filter { workers[$0.job] != nil }
        let shares = Set(active.map { Share(task: $0.task, workers: workers[$0.job] ?? 1) })
        lost = missing.filter { cell in !shares.contains { cell % $0.workers == $0.task } }
    }

    private struct Share: Hashable {
        var task: Int
        var workers: Int
    }

    /// The tasks that play the lost cells, of that many.
    package func lostTasks(of workers: Int) -> [Int] { Set(lost.map { $0 % workers }).sorted() }
}
