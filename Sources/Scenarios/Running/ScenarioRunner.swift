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
    ///   - profile: the kernel's rules; nil: those nearest to the machine's kernel.
    ///   - policy: rules of one's own; nil: none.
    ///   - interval: check all invariants each time that so many requests, frees and steps have been done, and at the end;
    ///     nil: never. A check goes through every list.
    ///   - keeping: what is kept for the result beside its figures.
    ///   - goesOn: told now and then how many requests, frees and steps there have been; false stops.
    /// - Throws: `MachineError` if there can be no such machine.
    public func run(
        profile: KernelProfile? = nil, policy: (any AllocatorPolicy)? = nil, checkingEvery interval: Int? = nil,
        keeping: ScenarioKeeping = ScenarioKeeping(),
        goesOn: (Int) -> Bool = { _ in true }
    ) throws(MachineError) -> ScenarioResult {
        let machine: Machine
        switch start {
        case .topology(let topology): machine = try Machine(topology, profile: profile, policy: policy)
        case .snapshot(let snapshot): machine = try Machine.restoring(snapshot, profile: profile, policy: policy)
        }
        var runner = ScenarioRunner(self, machine, checkingEvery: interval, keepingRefusals: keeping.refusals)
        runner.keep(keeping)
        runner.run(goesOn)
        return runner.finish()
    }
}

/// Plays a scenario's steps against a machine.
struct ScenarioRunner: ~Copyable {
    let scenario: Scenario
    var machine: Machine
    let blocks = BlockGroups()
    let lru = LRUReclaim()
    private var processes: [String: Int] = [:]
    var random: SeededRandom
    /// By group.
    var summaries: [String: AllocationSummary] = [:]
    /// Of the last `alloc` step.
    var last = AllocationSummary()
    var result: ScenarioResult
    /// How many refusals and kills the result keeps.
    let keptRefusals: Int
    /// Stands before ``lru`` where kills are kept.
    private(set) var witness: KillWitness?
    /// Groups whose blocks are asked for with a movable mask: processes' memory.
    private(set) var movableGroups: Set<String> = []
    /// Requests, frees and steps so far.
    private var done = 0
    var work: Int { done }
    private var nextReport = Self.reportEvery
    private let checkInterval: Int?
    private var nextCheck: Int
    private(set) var pagesAtFirst = 0
    private var recorder: HistoryRecorder?
    private var keeping = ScenarioKeeping()

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

    /// Makes a place for each step's result, in order of the text.
    private mutating func list(_ steps: [ScenarioStep], depth: Int) {
        for step in steps {
            let outcome: StepResult.Outcome
            switch step.action {
            case .allocate: outcome = .allocated(AllocationSummary())
            case .free: outcome = .freed(blocks: 0, pages: 0)
            case .expect: outcome = .expected(checks: 0, failures: 0)
            case .set, .drain, .reclaim, .age, .repeat, .save: outcome = .done
            }
            result.steps.append(
                StepResult(
                    path: step.path, location: step.location, about: step.about, action: step.action, rounds: 0,
                    depth: depth, outcome: outcome))
            if case .repeat(_, let inner) = step.action { list(inner, depth: depth + 1) }
        }
    }

    mutating func keep(_ keeping: ScenarioKeeping) {
        self.keeping = keeping
        guard keeping.history else { return }
        recorder = HistoryRecorder(machine)
        machine.listener = recorder
    }

    mutating func run(_ goesOn: (Int) -> Bool) {
        run(scenario.steps, from: 0, round: nil, goesOn)
        if checkInterval != nil, result.stopped == nil { _ = invariantsHold() }
        result.work = done
        _ = goesOn(done)
    }

    private mutating func invariantsHold() -> Bool {
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

    /// Counts one piece of work; false if the scenario has had enough.
    private mutating func mayGoOn(_ goesOn: (Int) -> Bool) -> Bool {
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
            guard goesOn(done) else {
                result.isInterrupted = true
                result.stopped = "broken off after \(done) requests, frees and steps"
                return false
            }
        }
        return true
    }

    /// - Parameter place: of the first step among the results.
    /// - Returns: the place behind the last.
    @discardableResult
    private mutating func run(
        _ steps: [ScenarioStep], from place: Int, round: Int?, _ goesOn: (Int) -> Bool
    ) -> Int {
        var place = place
        for step in steps {
            guard result.stopped == nil, mayGoOn(goesOn) else { return place }
            guard step.kernels.contains(machine.profile.version) else {
                result.steps[place].isOfOtherKernel = true
                place += 1 + step.innerCount
                continue
            }
            result.steps[place].rounds += 1
            recorder?.step = place
            switch step.action {
            case .allocate(let allocation):
                last = allocate(allocation, goesOn)
                summaries[allocation.name, default: AllocationSummary()].merge(last)
                if case .allocated(var sum) = result.steps[place].outcome {
                    sum.merge(last)
                    result.steps[place].outcome = .allocated(sum)
                }
            case .free(let free):
                let freed = self.free(free, goesOn)
                if case .freed(let blocks, let pages) = result.steps[place].outcome {
                    result.steps[place].outcome = .freed(blocks: blocks + freed.blocks, pages: pages + freed.pages)
                }
            case .expect(let expectation):
                let failures = check(expectation, round: round)
                if case .expected(let checks, let failed) = result.steps[place].outcome {
                    result.steps[place].outcome = .expected(
                        checks: checks + expectation.checks.count, failures: failed + failures)
                }
            case .set(let sysctls, let names):
                do {
                    try machine.set(machine.topology.sysctls.replacing(names, from: sysctls))
                } catch {
                    result.stopped = "\(step.path): \(error)"
                }
            case .drain(let cpu):
                drain(cpu)
            case .reclaim(.none):
                machine.reclaimHook = nil
            case .reclaim(.group(let name, let pages)):
                machine.reclaimHook = GroupReclaim(blocks, name: name, pages: pages)
            case .reclaim(.lru(let swapPages)):
                lru.swapPages = swapPages
                if let witness { machine.reclaimHook = witness } else { machine.reclaimHook = lru }
            case .age(let ageing):
                age(ageing)
            case .save(let path):
                result.saved.append(ScenarioResult.SavedState(path: path, state: machine.snapshot()))
            case .repeat(let count, let inner):
                place = repeated(inner, count, from: place + 1, goesOn)
                continue
            }
            if place == keeping.step { result.shown = machine.snapshot() }
            place += 1
        }
        return place
    }

    private mutating func repeated(
        _ steps: [ScenarioStep], _ count: Int, from place: Int, _ goesOn: (Int) -> Bool
    ) -> Int {
        var end = place
        var round = 0
        while round < count, result.stopped == nil, !steps.isEmpty {
            round += 1
            end = run(steps, from: place, round: round, goesOn)
        }
        return end
    }

    private mutating func allocate(_ step: AllocationStep, _ goesOn: (Int) -> Bool) -> AllocationSummary {
        var observer = ScenarioObserver()
        let group = blocks[step.name]
        let weights = step.choices.reduce(0) { $0 + $1.weight }
        var left = step.count ?? Int.max
        var placement = step.placement
        lru.caller = step.process.map { process($0) }
        defer { lru.caller = nil }
        let isWitnessed = keptRefusals > 0
        if isWitnessed, step.choices.allSatisfy({ $0.request?.gfp.contains(.movable) ?? true }) {
            movableGroups.insert(step.name)
        }
        while left > 0, mayGoOn(goesOn) {
            left -= 1
            guard let request = draw(step.choices, weights).request else {
                guard group.count > 0 else { continue }
                let block = group.take(random.next(below: group.count))
                machine.free(block.frame, order: block.order)
                observer.summary.freed += 1
                continue
            }
            if let pages = step.exactPages {
                guard allocateExactly(pages, request, into: group, &observer.summary) || !step.stopsAtFailure else {
                    break
                }
                continue
            }
            let served = serve(request, by: &placement, observing: &observer)
            if isWitnessed { witnessKills(request, placement) }
            guard let frame = served else {
                if isWitnessed, observer.summary.refused == 0 { witnessRefusal(request, placement) }
                observer.summary.refused += 1
                if step.stopsAtFailure { break }
                continue
            }
            group.append(frame, request.order)
            if let zone = machine.zone(of: frame) { observer.summary.add(zone, pages: request.order.pages) }
        }
        return observer.summary
    }

    /// - Returns: Whether the pages came.
    private mutating func allocateExactly(
        _ pages: Int, _ request: AllocationRequest, into group: BlockGroups.Group, _ summary: inout AllocationSummary
    ) -> Bool {
        let size = pages * machine.topology.pageSize
        guard let exact = machine.alloc_pages_exact(size, request.gfp, cpu: request.cpu) else {
            summary.refused += 1
            return false
        }
        for page in 0..<pages { group.append(exact.frame + page, 0) }
        if let zone = machine.zone(of: exact.frame) { summary.add(zone, pages: pages) }
        return true
    }

    private mutating func serve(
        _ request: AllocationRequest, by placement: inout TaskPlacement?, observing observer: inout ScenarioObserver
    ) -> PageFrame? {
        if keeping.explanations { return explain(request, by: &placement, observing: &observer) }
        if recorder != nil { return machine.allocateHeard(request, by: &placement, observing: &observer) }
        guard var task = placement else { return machine.allocate(request, observing: &observer) }
        defer { placement = task }
        return machine.allocate(request, by: &task, observing: &observer)
    }

    /// Keeps how it went where that is worth a look: the request was refused, or a block of another type was used.
    private mutating func explain(
        _ request: AllocationRequest, by placement: inout TaskPlacement?, observing observer: inout ScenarioObserver
    ) -> PageFrame? {
        let before = observer.summary.fallbacks
        let explanation = machine.explain(request, by: &placement, observing: &observer)
        if explanation.frame == nil || observer.summary.fallbacks > before,
            result.explanations.count < ScenarioResult.mostExplanations
        {
            result.explanations.append(explanation)
        }
        return explanation.frame
    }

    private mutating func draw(_ choices: [AllocationStep.Choice], _ weights: Int) -> AllocationStep.Choice {
        guard choices.count > 1 else { return choices[0] }
        var ticket = random.next(below: weights)
        for choice in choices {
            if ticket < choice.weight { return choice }
            ticket -= choice.weight
        }
        return choices[0]
    }

    private mutating func free(_ step: FreeStep, _ goesOn: (Int) -> Bool) -> (blocks: Int, pages: Int) {
        var freed = (blocks: 0, pages: 0)
        for name in step.name.map({ [$0] }) ?? blocks.groups.keys.sorted() {
            var random = self.random
            let group = blocks[name]
            group.chooseLeaving { position in
                switch step.selection {
                case .all: true
                case .every(let stride): position % stride == 0
                case .first(let count): position < count
                case .share(let share): random.chance(share)
                }
            }
            self.random = random
            defer { group.keepLeaving() }
            while group.hasLeaving {
                guard mayGoOn(goesOn), let block = group.takeLeaving() else { return freed }
                machine.free(block.frame, order: block.order, cpu: step.cpu)
                freed.blocks += 1
                freed.pages += block.order.pages
            }
        }
        return freed
    }

    /// Blocks that the LRU model may free are no longer the group's.
    private mutating func age(_ step: AgeingStep) {
        let owner = step.process.map { process($0) }
        for packed in blocks[step.name].takeAll(where: { $0 % step.every == 0 }) {
            let (frame, order) = BlockGroups.unpack(packed)
            lru.add(
                frame..<(frame + order.pages), step.kind, isDirty: step.isDirty, isActive: step.isActive, owner: owner,
                in: &machine)
        }
    }

    /// The number of a process, known from here on.
    private mutating func process(_ name: String) -> Int {
        let process = processes[name] ?? lru.addProcess(name)
        processes[name] = process
        return process
    }

    private mutating func drain(_ cpu: CPUID?) {
        if let cpu { machine.drain(cpu: cpu) } else { machine.drainAll() }
    }
}

extension ScenarioStep {
    /// How many steps stand inside this one.
    fileprivate var innerCount: Int {
        guard case .repeat(_, let inner) = action else { return 0 }
        return inner.reduce(0) { $0 + 1 + $1.innerCount }
    }
}

extension Sysctls {
    /// These with some taken from others, by the kernel's names.
    func replacing(_ names: [String], from others: Sysctls) -> Sysctls {
        var result = self
        for sysctl in names.compactMap(Sysctl.named) { result.take(sysctl, from: others) }
        return result
    }
}
