import BuddyEngine
import History
import PageAllocator
import Topology

/// A running machine with its history and the blocks in use.
final class LiveMachine {
    private var machine: Machine
    private let recorder: HistoryRecorder
    /// The blocks that were allocated and not freed, oldest first.
    private var held: [(frame: PageFrame, order: Order)] = []

    /// The number of events to keep: a page with more would take long to load at each step.
    private static let eventsKept = 4000

    /// Restores a machine.
    ///
    /// - Parameters:
    ///   - start: The machine's state.
    ///   - change: A setting that is changed before anything else; nil: none.
    init(_ start: Snapshot, change: SettingChange? = nil) throws {
        var machine = try Machine.restoring(start)
        if let change { try Self.write(change, to: &machine) }
        recorder = HistoryRecorder(machine, limit: Self.eventsKept)
        machine.listener = recorder
        self.machine = machine
    }

    var history: MachineHistory { recorder.history }

    var topology: Topology { machine.topology }

    var snapshot: Snapshot { machine.snapshot() }

    func withMachine<Result>(_ body: (borrowing Machine) throws -> Result) rethrows -> Result { try body(machine) }

    func carryOut(_ operation: LiveOperation) throws {
        switch operation {
        case .request(let asked):
            try machine.check(asked.request)
            var task = asked.placement ?? TaskPlacement()
            for _ in 0..<asked.count {
                let frame =
                    asked.placement == nil
                    ? machine.allocate(asked.request) : machine.allocate(asked.request, by: &task)
                guard let frame else { break }
                held.append((frame, asked.request.order))
            }
        case .free(let count):
            guard !held.isEmpty else { throw LiveProblem(.state, "no block is in use: make a request first") }
            for _ in 0..<min(count, held.count) {
                let block = held.removeLast()
                machine.free(block.frame, order: block.order)
            }
        case .set(let change): try Self.write(change, to: &machine)
        case .drain: machine.drainAll()
        case .rival: break
        }
    }

    private static func write(_ change: SettingChange, to machine: inout Machine) throws {
        var topology = machine.topology
        try topology.apply([change])
        try machine.set(topology.sysctls)
    }
}
