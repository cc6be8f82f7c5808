import BuddyEngine
import GFP
import History
import PageAllocator
import Report
import SourceText
import Topology

/// One machine, and what visitors have asked of it so far.
actor LiveSession {
    private let start: Snapshot
    private let name: String
    private var machine: Machine
    private var recorder: HistoryRecorder
    private var operations: [LiveOperation] = []
    /// Blocks handed out and not given back, oldest first.
    private var held: [(frame: PageFrame, order: Order)] = []

    /// Operations until the session is full: each undo does all but the last again.
    private static let mostOperations = 2000
    /// A page with more events would take long to load at each step.
    private static let eventsKept = 2500

    /// - Throws: `MachineError` if the snapshot makes no machine.
    init(_ start: Snapshot, name: String) throws(MachineError) {
        self.start = start
        self.name = name
        let machine = try Self.machine(start)
        recorder = HistoryRecorder(machine, limit: Self.eventsKept)
        self.machine = machine
        self.machine.listener = recorder
    }

    private static func machine(_ start: Snapshot) throws(MachineError) -> Machine {
        start.zones.isEmpty ? try Machine(start.topology) : try Machine.restoring(start)
    }

    /// Does one thing more.
    func perform(_ operation: LiveOperation) throws {
        guard operations.count < Self.mostOperations else {
            throw LiveProblem("this session has \(operations.count) operations: undo some, or start anew")
        }
        try carryOut(operation)
        operations.append(operation)
    }

    /// Takes the last operation back.
    func undo() throws {
        guard !operations.isEmpty else { throw LiveProblem("there is nothing to undo") }
        let left = Array(operations.dropLast())
        machine = try Self.machine(start)
        recorder = HistoryRecorder(machine, limit: Self.eventsKept)
        machine.listener = recorder
        held = []
        operations = []
        for operation in left {
            try carryOut(operation)
            operations.append(operation)
        }
    }

    private func carryOut(_ operation: LiveOperation) throws {
        switch operation {
        case .request(let request, let count):
            try machine.check(request)
            for _ in 0..<count {
                guard let frame = machine.allocate(request) else { break }
                held.append((frame, request.order))
            }
        case .free(let count):
            guard !held.isEmpty else { throw LiveProblem("no block is in use: make a request first") }
            for _ in 0..<min(count, held.count) {
                let block = held.removeLast()
                machine.free(block.frame, order: block.order)
            }
        case .set(let change):
            var topology = machine.topology
            try topology.apply([change])
            machine.set(topology.sysctls)
        case .drain: machine.drainAll()
        }
    }

    /// The page as it is now.
    func page() -> String {
        var page = HistoryPage(recorder.history, title: name)
        page.about = "Served live: what you ask for happens to this machine and to no other."
        page.isLive = true
        return page.html
    }

    /// The machine's zones and what of them is free.
    func state() -> JSONValue { MachineReport(machine).json }

    /// The machine's whole state, a source for any verb.
    func snapshot() -> JSONValue { machine.snapshot().json }

    /// What a mask asks for, in the layout of the machine's kernel.
    ///
    /// - `cpu`: Nil: the machine's first.
    func request(_ mask: String, order: Int, cpu: Int?) throws -> AllocationRequest {
        let layout = GFPLayout.layout(for: machine.topology.kernel)
        let flags = try GFPFlags(parsing: mask, layout: layout)
        guard (0...63).contains(order) else { throw LiveProblem("an order is a number from 0 to 63") }
        var request = AllocationRequest(layout.modernized(flags), order: Order(order), cpu: machine.cpuIDs[0])
        if let cpu {
            guard let number = UInt32(exactly: cpu) else { throw LiveProblem("CPUs are numbered from 0") }
            request.cpu = CPUID(rawValue: number)
        }
        return request
    }
}
