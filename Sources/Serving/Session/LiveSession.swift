import BuddyEngine
import Experiments
import GFP
import History
import PageAllocator
import Report
import SourceText
import Topology

/// One machine, or two that differ in a setting, and all operations so far.
final class LiveSession {
    private let sources: LiveSources
    private var start: LiveStart
    private var machine: LiveMachine
    private var rival: (machine: LiveMachine, change: SettingChange)?
    private var operations: [LiveOperation] = []

    /// The largest number of operations in a session: each undo repeats all but the last.
    private static let mostOperations = 1000

    /// Begins a session.
    ///
    /// - Parameters:
    ///   - start: The machine to begin with.
    ///   - sources: Where other machines come from.
    /// - Throws: `MachineError` if the snapshot makes no machine.
    init(_ start: LiveStart, sources: LiveSources) throws {
        self.start = start
        self.sources = sources
        machine = try LiveMachine(start.snapshot)
    }

    /// Begins again with another machine.
    private func begin(_ start: LiveStart) throws {
        machine = try LiveMachine(start.snapshot)
        self.start = start
        rival = nil
        operations = []
    }

    func choose(_ name: String) throws {
        guard sources.choices.contains(name) else {
            throw LiveProblem(
                .state,
                "there is no machine \"\(name)\"\(Spelling.suggestion(for: name, among: sources.choices))")
        }
        try begin(sources.load(name))
    }

    func drop(_ bytes: [UInt8]) throws { try begin(sources.read(bytes)) }

    func readAgain() throws {
        guard let readAgain = sources.readAgain else {
            throw LiveProblem(.state, "only the running machine can be read again: start numazones serve --host")
        }
        try begin(readAgain())
    }

    /// Carries out one more operation.
    func perform(_ operation: LiveOperation) throws {
        guard operations.count < Self.mostOperations else {
            throw LiveProblem(
                .state, "this session has \(operations.count) operations: undo some, or choose the machine again")
        }
        if case .rival(let change) = operation {
            rival = (try Self.rival(start, change, operations), change)
        } else {
            try machine.carryOut(operation)
            // An operation that only one machine can carry out, such as freeing a block that the other does not have,
            // is skipped on the other.
            try? rival?.machine.carryOut(operation)
        }
        operations.append(operation)
    }

    private static func rival(
        _ start: LiveStart, _ change: SettingChange, _ operations: [LiveOperation]
    ) throws -> LiveMachine {
        let machine = try LiveMachine(start.snapshot, change: change)
        for operation in operations { try? machine.carryOut(operation) }
        return machine
    }

    /// Undoes the last operation by repeating all others from the start.
    func undo() throws {
        guard !operations.isEmpty else { throw LiveProblem(.state, "there is nothing to undo") }
        let left = Array(operations.dropLast())
        try begin(start)
        for operation in left { try perform(operation) }
    }

    /// The page in its current state.
    ///
    /// - Parameters:
    ///   - isLive: Whether it has controls; without them the page is an ordinary file.
    func page(isLive: Bool) -> String {
        var page = HistoryPage(machine.history, title: start.name)
        if let rival {
            page.add(
                rival.machine.history, names: ["as it is", "\(rival.change.name)=\(rival.change.value) from the start"])
        }
        if isLive {
            page.about = "Served live: what you ask for happens to this machine and to no other."
            page.live = LiveControls(
                choices: sources.choices, isHost: sources.readAgain != nil, settings: SettingChange.names,
                minFreeKilobytes: machine.withMachine { MachineReport($0).minFreeKbytes })
        }
        return page.html
    }

    /// The machine's zones with their free memory.
    func state() -> JSONValue { machine.withMachine { MachineReport($0).json } }

    /// The machine's whole state, which any verb accepts as a source.
    func snapshot() -> JSONValue { machine.snapshot.json }

    /// The session as a scenario that the verb `run` plays with the same results.
    func scenario() -> JSONValue {
        LiveScenario(start: start, operations: operations, rival: rival?.change).json
    }

    /// How many more requests of each kind would be served.
    ///
    /// - Throws: ``LiveProblem`` if it would take too long, because no other request is answered meanwhile.
    func headroom() throws -> JSONValue {
        let snapshot = machine.snapshot
        let free = machine.withMachine { machine in
            (0..<machine.zoneCount).reduce(0) { sum, zone in sum + machine.withZone(zone) { $0.buddy.freePages } }
        }
        guard free <= Self.mostTried else {
            throw LiveProblem(
                .state, "with so much free memory this takes too long here: use numazones headroom")
        }
        let deadline = ContinuousClock.now + .seconds(15)
        let headroom = try Headroom(of: snapshot, conditions: [.now]) { _ in ContinuousClock.now < deadline }
        guard headroom.isComplete else {
            throw LiveProblem(.state, "this takes too long here: use numazones headroom")
        }
        let report = HeadroomReport(headroom, name: start.name, pageSize: snapshot.topology.pageSize)
        return ["text": JSONValue(VisibleText.of(report.text())), "headroom": report.json]
    }

    /// The largest number of free pages for which headroom is determined, by allocating all of them several times.
    private static let mostTried = 32 << 20

    /// Reads a request; the mask is read in the layout of the machine's kernel.
    ///
    /// - Parameters:
    ///   - mask: The mask in words.
    ///   - order: The order of each block.
    ///   - cpu: The requesting CPU; nil: the placement's first, or the machine's.
    ///   - policy: The policy in the words of numactl(8); empty: none.
    ///   - count: How many requests to make.
    /// - Throws: The reason why the mask, the policy or a number is invalid.
    func request(_ mask: String, order: Int, cpu: Int?, policy: String, count: Int) throws -> LiveOperation {
        let topology = machine.topology
        let layout = GFPLayout.layout(for: topology.kernel)
        let flags = try GFPFlags(parsing: mask, layout: layout)
        let words = policy.split(separator: " ").map(String.init)
        let placement = words.isEmpty ? nil : try TaskPlacement(words: words, topology: topology)
        guard let order = UInt8(exactly: order) else { throw LiveProblem(.form, "an order is a number from 0 to 63") }
        let first = placement?.cpus.first ?? machine.withMachine { $0.cpuIDs.first }
        guard let first else { throw LiveProblem(.state, "the machine has no CPU to ask from") }
        var request = AllocationRequest(layout.modernized(flags), order: Order(order), cpu: first)
        if let cpu {
            guard let number = UInt32(exactly: cpu) else { throw LiveProblem(.form, "CPUs are numbered from 0") }
            request.cpu = CPUID(rawValue: number)
        }
        return .request(
            LiveRequest(
                request: request, placement: placement, count: count, words: (mask, words.joined(separator: " "))))
    }
}
