import BuddyEngine
import GFP
import History
import PageAllocator
import SourceText
import Topology

extension Scenario {
    /// Plays the scenario from its beginning.
    ///
    /// - Parameters:
    ///   - profile: The kernel's rules; nil: those nearest to the machine's kernel.
    ///   - policy: Replaces some of the profile's rules; nil: none.
    ///   - interval: Check all invariants after so many requests, frees and steps, and at the end; nil: never. A check
    ///     goes through every list.
    ///   - keeping: What is kept for the result besides its figures.
    ///   - watcher: Told of each step and of everything that the machine does; nil: none.
    ///   - shouldContinue: Called from time to time with the number of requests, frees and steps so far; returning
    ///     false stops.
    /// - Throws: `MachineError` if there can be no such machine.
    public func run(
        profile: KernelProfile? = nil, policy: (any AllocatorPolicy)? = nil, checkingEvery interval: Int? = nil,
        keeping: ScenarioKeeping = ScenarioKeeping(), watcher: (any ScenarioWatcher)? = nil,
        shouldContinue: (Int) -> Bool = { _ in true }
    ) throws(MachineError) -> ScenarioResult {
        let machine: Machine
        switch start {
        case .topology(let topology): machine = try Machine(topology, profile: profile, policy: policy)
        case .snapshot(let snapshot): machine = try Machine.restoring(snapshot, profile: profile, policy: policy)
        }
        var runner = ScenarioRunner(self, machine, checkingEvery: interval, keepingRefusals: keeping.refusals)
        runner.keep(keeping, watcher)
        runner.run(shouldContinue)
        return runner.finish()
    }
}

/// Plays a scenario's steps on a machine.
struct ScenarioRunner: ~Copyable {
    let scenario: Scenario
    var machine: Machine
    let blocks = BlockGroups()
    let lru = LRUReclaim()
    var processes: [String: Int] = [:]
    var random: SeededRandom
    /// The sums by group.
    var summaries: [String: AllocationSummary] = [:]
    /// The results of the last `alloc` step.
    var last = AllocationSummary()
    var result: ScenarioResult
    /// How many refusals and kills the result keeps.
    let keptRefusals: Int
    /// Precedes ``lru`` if kills are kept.
    private(set) var witness: KillWitness?
    /// Groups whose blocks were requested with a movable mask: processes' memory.
    var movableGroups: Set<String> = []
    /// How many requests, frees and steps there have been.
    var done = 0
    var work: Int { done }
    private var nextReport = Self.reportEvery
    private let checkInterval: Int?
    private var nextCheck: Int
    private(set) var pagesAtFirst = 0
    var recorder: HistoryRecorder?
    var keeping = ScenarioKeeping()
    var watcher: (any ScenarioWatcher)?

    private static let reportEvery = 1 << 14

    init(
        _ scenario: Scenario, _ machine: consuming Machine, checkingEvery interval: Int? = nil,
        keepingRefusals kept: Int = 0
    ) {
        self.scenario = scenario
        keptRefusals = kept
        if kept > 0 { witness = KillWitness(lru, keeping: kept) }
        checkInterval = interval.map { max($0, 1) }
        nextCheck = checkInterval ?? .max
        random = SeededRandom(seed: scenario.seed)
        result = ScenarioResult(
            name: scenario.name, about: scenario.about, rules: machine.rules, seed: scenario.seed, steps: [],
            failures: [], checks: 0, stopped: nil, zones: [])
        self.machine = machine
        pagesAtFirst = accountedPages()
        list(scenario.steps, depth: 0)
    }

    mutating func keep(_ keeping: ScenarioKeeping, _ watcher: (any ScenarioWatcher)?) {
        self.keeping = keeping
        self.watcher = watcher
        if keeping.history { recorder = HistoryRecorder(machine) }
        if let recorder, let watcher {
            machine.listener = ListenerPair(recorder, watcher)
        } else if let watcher {
            machine.listener = watcher
        } else if let recorder {
            machine.listener = recorder
        }
    }

    mutating func run(_ shouldContinue: (Int) -> Bool) {
        run(scenario.steps, from: 0, round: nil, shouldContinue)
        if checkInterval != nil, result.stopped == nil { _ = invariantsHold() }
        result.work = done
        _ = shouldContinue(done)
    }

    mutating func invariantsHold() -> Bool {
        do {
            try checkInvariants()
            result.invariantChecks += 1
            return true
        } catch {
            result.stopped = "after \(done) requests, frees and steps an invariant does not hold: \(error)"
            return false
        }
    }

    consuming func finish() -> ScenarioResult {
        if keeping.end { result.end = machine.snapshot() }
        for position in 0..<machine.zoneCount {
            machine.withZone(position) { zone in
                result.zones.append(
                    ScenarioResult.ZoneState(
                        zone: zone.reference, managed: zone.managed, free: zone.buddy.freePages,
                        perCPU: zone.perCPUPages))
                result.totals.remote += zone.numa.other
                result.totals.free += zone.buddy.freePages
            }
        }
        for step in result.steps {
            guard case .allocated(let summary) = step.outcome else { continue }
            result.totals.served += summary.served
            result.totals.refused += summary.refused
            result.totals.fallbacks += summary.fallbacks
        }
        result.totals.freeBlocks = machine.freeBlocks
        result.totals.counters = machine.counters
        result.history = recorder?.history
        return result
    }

    /// Counts one request, free or step; false if the scenario must stop.
    mutating func mayGoOn(_ shouldContinue: (Int) -> Bool) -> Bool {
        guard done < scenario.limit else {
            result.stopped =
                "stopped after \(done) requests, frees and steps: if it is meant to take more, raise \"limit\""
            return false
        }
        if done >= nextCheck {
            nextCheck += checkInterval ?? .max
            guard invariantsHold() else { return false }
        }
        done += 1
        if done >= nextReport {
            nextReport += Self.reportEvery
            guard shouldContinue(done) else {
                result.isInterrupted = true
                result.stopped = "interrupted after \(done) requests, frees and steps"
                return false
            }
        }
        return true
    }

}
