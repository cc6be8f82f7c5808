import OperatingSystem
import Synchronization

/// Plays a sweep's cells on several threads.
public final class SweepCrew: Sendable {
    private let sweep: Sweep
    private let machines: MachineShelf
    private let cells: [Int]
    private let state = Mutex(State())
    private let isStopped = Atomic<Bool>(false)

    private struct State {
        var next = 0
        var progress = Progress()
        var failure: (any Error)?
    }

    /// How far the work has got.
    public struct Progress: Hashable, Sendable {
        /// Cells finished.
        public var done = 0
        /// Cells that could not be played.
        public var failed = 0
        /// Cells in which an expectation failed.
        public var unexpected = 0
    }

    /// Prepares the work without beginning it.
    ///
    /// - Parameters:
    ///   - sweep: The sweep that the cells belong to.
    ///   - cells: The numbers of the cells to play.
    ///   - machines: Where the sources are read.
    public init(_ sweep: Sweep, cells: [Int], machines: MachineShelf) {
        self.sweep = sweep
        self.cells = cells
        self.machines = machines
    }

    /// Plays all cells.
    ///
    /// - Parameters:
    ///   - workers: How many cells are played at once.
    ///   - shouldContinue: Called some times a second on the calling thread; if it returns false, the work stops and
    ///     cells in progress have no result.
    /// - Returns: What was done.
    /// - Throws: `OutputError` if results cannot be written.
    public func work(_ workers: Int, shouldContinue: (Progress) -> Bool) throws -> Progress {
        // The usual stack of a main thread: restoring a machine nests calls deeply.
        let threads = WorkerThreads(max(min(workers, cells.count), 1), stackSize: 8 << 20) {
            while self.playNext() {}
        }
        while !threads.wait(milliseconds: 200) {
            if !shouldContinue(state.withLock { $0.progress }) { isStopped.store(true, ordering: .relaxed) }
        }
        return try state.withLock { state in
            if let failure = state.failure { throw failure }
            return state.progress
        }
    }

    /// Plays the next cell.
    ///
    /// - Returns: False if there is no more to do.
    private func playNext() -> Bool {
        let place = state.withLock { state in
            defer { state.next += 1 }
            return state.next
        }
        guard place < cells.count, shouldContinue else { return false }
        do {
            let record = try sweep.play(cells[place], machines: machines) { self.shouldContinue }
            state.withLock { state in
                state.progress.done += 1
                if !record.isSettled {
                    state.progress.failed += 1
                } else if !record.passed {
                    state.progress.unexpected += 1
                }
            }
            return true
        } catch is RunInterrupted {
            return false
        } catch {
            state.withLock { $0.failure = $0.failure ?? error }
            isStopped.store(true, ordering: .relaxed)
            return false
        }
    }

    private var shouldContinue: Bool { !isStopped.load(ordering: .relaxed) }
}
