import PageAllocator
import Scenarios
import Topology
import Traces

extension Setup {
    /// Plays a workload once. The same setup, workload and seed give the same result.
    ///
    /// - Parameters:
    ///   - workload: A scenario or a trace.
    ///   - seed: Decides everything random: a scenario's draws and the ageing of the machine; nil: their own seeds.
    ///   - machines: Where the sources are read.
    ///   - shouldContinue: Called regularly; if it returns false, ``RunInterrupted`` is thrown.
    /// - Returns: The result.
    /// - Throws: What prevents the run, as a sentence.
    public func play(
        _ workload: Workload, seed: UInt64?, machines: MachineShelf, shouldContinue: () -> Bool = { true }
    ) throws -> RunOutcome {
        switch workload {
        case .scenario(let path): try playScenario(path, seed, machines, shouldContinue)
        case .trace(let path): try playTrace(path, seed, machines, shouldContinue)
        }
    }

    private func playScenario(
        _ path: String, _ seed: UInt64?, _ machines: MachineShelf, _ shouldContinue: () -> Bool
    ) throws -> RunOutcome {
        var snapshot = try source.map { try machines.snapshot($0) }
        if ageing != nil {
            snapshot = try aged(
                snapshot ?? Scenario.load(path, kernel: kernel?.version).start.snapshot, seed, shouldContinue)
        }
        // An aged machine has the kernel's rules already.
        var story = try Scenario.load(path, kernel: ageing == nil ? kernel?.version : nil, snapshot: snapshot)
        if ageing == nil { story.apply(kernel?.changes ?? []) }
        if let seed { story.seed = seed }
        try story.apply(settings)
        if !policy.isEmpty { story.apply(try TaskPlacement(words: policy, topology: story.start.topology)) }
        let result = try story.run { _ in shouldContinue() }
        guard !result.isInterrupted else { throw RunInterrupted() }
        return RunOutcome(result)
    }

    private func playTrace(
        _ path: String, _ seed: UInt64?, _ machines: MachineShelf, _ shouldContinue: () -> Bool
    ) throws -> RunOutcome {
        guard let source else {
            throw SetupError(
                "a trace has no machine of its own: name one, as in A:MACHINE.json")
        }
        var start = try machines.snapshot(source)
        if let kernel { start.topology.go(by: kernel) }
        if ageing != nil { start = try aged(start, seed, shouldContinue) }
        start = try withSettings(start)
        let placement = policy.isEmpty ? nil : try TaskPlacement(words: policy, topology: start.topology)
        let options = ReplayOptions(
            placement: placement, reclaim: reclaim.map { $0.replayReclaim(pageSize: start.topology.pageSize) })
        var input = try TraceInput.open(path)
        var replay = try Replay(
            on: start.zones.isEmpty ? .topology(start.topology) : .snapshot(start), options: options)
        try replay.run(&input) { _, _ in shouldContinue() }
        guard !replay.result.isPartial else { throw RunInterrupted() }
        return RunOutcome(replay)
    }

    /// The machine aged as asked for, under the kernel asked for.
    private func aged(_ snapshot: Snapshot, _ seed: UInt64?, _ shouldContinue: () -> Bool) throws -> Snapshot {
        guard var ageing else { return snapshot }
        var snapshot = snapshot
        if let kernel { snapshot.topology.go(by: kernel) }
        ageing.seed = seed ?? ageing.seed
        var machine = try Machine(from: snapshot)
        guard ageing.scatteredPages(of: machine) <= Ageing.mostScattered else {
            throw SetupError("\(source ?? "the machine"): is too large to be broken up so far; ask for less")
        }
        guard !ageing.age(&machine, shouldContinue: shouldContinue).isInterrupted else { throw RunInterrupted() }
        return machine.snapshot()
    }

    /// A machine that has not booted boots with the settings; a running one recomputes its watermarks.
    private func withSettings(_ snapshot: Snapshot) throws -> Snapshot {
        guard !settings.isEmpty else { return snapshot }
        var topology = snapshot.topology
        try topology.apply(settings)
        guard !snapshot.zones.isEmpty else {
            var snapshot = snapshot
            snapshot.topology = topology
            return snapshot
        }
        // Restored unchanged: a setting is recomputed only if its value differs.
        var machine = try Machine.restoring(snapshot)
        try machine.set(topology.sysctls)
        return machine.snapshot()
    }
}

extension Topology {
    /// Takes all rules of a kernel, with the requested changes and no others.
    fileprivate mutating func go(by choice: KernelChoice) {
        kernel = choice.version
        rules = choice.changes
    }
}

extension Setup.ReclaimModel {
    fileprivate func replayReclaim(pageSize: Int) -> ReplayReclaim {
        ReplayReclaim(swapPages: Int(clamping: swap / UInt64(pageSize)), cacheShare: cacheShare)
    }
}

extension MachineStart {
    /// The machine's state; without zones if it has not booted yet.
    package var snapshot: Snapshot {
        switch self {
        case .topology(let topology): Snapshot(topology: topology, zones: [])
        case .snapshot(let snapshot): snapshot
        }
    }
}

extension Machine {
    /// The machine of a snapshot; one without zones boots.
    package init(from snapshot: Snapshot) throws(MachineError) {
        self = snapshot.zones.isEmpty ? try Machine(snapshot.topology) : try Machine.restoring(snapshot)
    }
}
