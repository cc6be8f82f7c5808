import BuddyEngine
import History
import PageAllocator
import Topology

/// A machine at work, what it did so far, and what of it is in use.
final class LiveMachine {
    private var machine: Machine
    private let recorder: HistoryRecorder
    /// Blocks handed out and not given back, oldest first.
    private var held: [(frame: PageFrame, order: Order)] = []

    /// A page with more events would take long to load at each step.
    private static let eventsKept = 4000

    /// - Parameter change: Written before anything is done.
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
