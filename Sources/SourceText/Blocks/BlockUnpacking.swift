import OperatingSystem

/// Unpacks blocks on a second thread, in turn, while what was unpacked before is used.
///
/// The thread ends when nothing is left to unpack, and a new one begins with the next blocks: so that nobody must end it.
final class BlockUnpacking: Sendable {
    private let state = Monitor(State())

    private struct State {
        /// Blocks to unpack, the next one last.
        var waiting: [PackedBlock] = []
        /// What was unpacked, the oldest first.
        var done: [PackedBlock.Content] = []
        var isRunning = false
    }

    /// Whether there is a second core to do it.
    static let isUseful = ThisProcess.processors > 1

    /// Adds blocks after those that wait.
    func add(_ blocks: [PackedBlock]) {
        let starts = state.change { state in
            state.waiting.insert(contentsOf: blocks.reversed(), at: 0)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        // Where there can be no thread, the work is done before this comes back.
        if starts { _ = WorkerThreads(1, stackSize: 1 << 18) { self.unpack() } }
    }

    /// The content of the first block added that was not asked for yet. To be asked for once for each block.
    func next() -> PackedBlock.Content {
        state.wait { $0.done.isEmpty ? nil : $0.done.removeFirst() }
    }

    private func unpack() {
        while true {
            let block = state.change { state in
                if state.waiting.isEmpty { state.isRunning = false }
                return state.waiting.popLast()
            }
            guard let block else { return }
            let content = block.unpacked()
            state.change { $0.done.append(content) }
        }
    }
}
