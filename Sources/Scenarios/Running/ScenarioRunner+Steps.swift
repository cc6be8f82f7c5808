import PageAllocator
import Topology

extension ScenarioRunner {
    /// Adds an empty result for each step, in order of the text.
    mutating func list(_ steps: [ScenarioStep], depth: Int) {
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

    /// Does steps, whose results begin at index `place`; returns the index after the last.
    @discardableResult
    mutating func run(
        _ steps: [ScenarioStep], from place: Int, round: Int?, _ shouldContinue: (Int) -> Bool
    ) -> Int {
        var place = place
        for step in steps {
            guard result.stopped == nil, mayGoOn(shouldContinue) else { return place }
            guard step.kernels.contains(machine.profile.version) else {
                result.steps[place].isOfOtherKernel = true
                place += 1 + step.innerCount
                continue
            }
            result.steps[place].rounds += 1
            recorder?.step = place
            watcher?.begins(step, number: place + 1, of: result.steps.count)
            switch step.action {
            case .allocate(let allocation):
                add(allocate(allocation, shouldContinue), named: allocation.name, at: place)
            case .free(let free):
                let freed = self.free(free, shouldContinue)
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
                place = repeated(inner, count, from: place + 1, shouldContinue)
                continue
            }
            if place == keeping.step { result.shown = machine.snapshot() }
            place += 1
        }
        return place
    }

    /// Adds the result of an allocation in this round to the sums of its step and its group.
    private mutating func add(_ summary: AllocationSummary, named name: String, at place: Int) {
        last = summary
        summaries[name, default: AllocationSummary()].merge(summary)
        if case .allocated(var sum) = result.steps[place].outcome {
            sum.merge(summary)
            result.steps[place].outcome = .allocated(sum)
        }
    }

    mutating func repeated(
        _ steps: [ScenarioStep], _ count: Int, from place: Int, _ shouldContinue: (Int) -> Bool
    ) -> Int {
        var end = place
        var round = 0
        while round < count, result.stopped == nil, !steps.isEmpty {
            round += 1
            end = run(steps, from: place, round: round, shouldContinue)
        }
        return end
    }
}

extension ScenarioStep {
    /// How many steps are inside this one.
    fileprivate var innerCount: Int {
        guard case .repeat(_, let inner) = action else { return 0 }
        return inner.reduce(0) { $0 + 1 + $1.innerCount }
    }
}

extension Sysctls {
    /// These settings with some copied from others, by the kernel's names.
    func replacing(_ names: [String], from others: Sysctls) -> Sysctls {
        var result = self
        for sysctl in names.compactMap(Sysctl.named) { result.take(sysctl, from: others) }
        return result
    }
}
