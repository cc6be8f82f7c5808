import OperatingSystem

/// Unpacks blocks on a second thread, in order, while the caller uses those unpacked before.
///
/// The thread ends when nothing is left to unpack, and a new one begins with the next blocks, so nobody has to end it.
final class BlockUnpacking: Sendable {
    private let state = Monitor(State())

    private struct State {
        /// Blocks to unpack, the next one last.
        var waiting: [PackedBlock] = []
        /// Contents already unpacked, oldest first.
        var done: [PackedBlock.Content] = []
        var isRunning = false
    }

    /// Whether there is a second core.
    static let isUseful = ThisProcess.processors > 1

    /// Adds blocks after those that are waiting.
    func add(_ blocks: [PackedBlock]) {
        let starts = state.change { state in
            state.waiting.insert(contentsOf: blocks.reversed(), at: 0)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        // If no thread can be started, the work is done before this returns.
        if starts { _ = WorkerThreads(1, stackSize: 1 << 18) { self.unpack() } }
    }

    /// The content of the next block added. Must be called once for each block.
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
