/// Which of a sweep's cells are being worked on, and which are lost.
package struct SlurmProgress: Hashable, Sendable {
    /// The tasks of this sweep's jobs that wait or run.
    package var active: [Slurm.Task]
    /// Cells without a result that no active task will play: the tasks that should have played them ended before.
    package var lost: [Int]

    /// Determines the progress.
    ///
    /// - Parameters:
    ///   - missing: The cells without a result.
    ///   - ledger: The submitted jobs.
    ///   - queue: The user's tasks that wait or run.
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

    /// The tasks that play the lost cells.
    ///
    /// - Parameters:
    ///   - workers: The number of shares.
    package func lostTasks(of workers: Int) -> [Int] { Set(lost.map { $0 % workers }).sorted() }
}
