import PageAllocator
import Topology

/// Changes with which a scenario is played.
extension Scenario {
    /// Changes settings before the first step.
    ///
    /// - Throws: `SettingError` for settings that the machine's kernel does not accept; nothing is changed then.
    public mutating func apply(_ changes: [SettingChange]) throws(SettingError) {
        guard !changes.isEmpty else { return }
        var topology = start.topology
        try topology.apply(changes)
        steps.insert(ScenarioStep(.set(topology.sysctls, names: changes.map(\.name))), at: 0)
    }

    /// Makes the machine follow other rules.
    public mutating func apply(_ rules: [RuleChange]) {
        switch start {
        case .topology(var topology):
            topology.rules += rules
            start = .topology(topology)
        case .snapshot(var snapshot):
            snapshot.topology.rules += rules
            start = .snapshot(snapshot)
        }
    }

    /// Makes the outermost repeats go through this many rounds instead of their own numbers.
    ///
    /// - Returns: False if the scenario has no repeats.
    public mutating func repeatSteps(_ rounds: Int) -> Bool {
        var repeats = false
        for index in steps.indices {
            guard case .repeat(_, let inner) = steps[index].action else { continue }
            steps[index].action = .repeat(rounds, inner)
            repeats = true
        }
        return repeats
    }

    /// Lets a task with a policy or cpuset make all requests except those of steps that have their own.
    public mutating func apply(_ placement: TaskPlacement) { steps = Self.placing(steps, placement) }

    private static func placing(_ steps: [ScenarioStep], _ placement: TaskPlacement) -> [ScenarioStep] {
        steps.map { step in
            var step = step
            switch step.action {
            case .allocate(var allocation):
                allocation.placement = allocation.placement ?? placement
                step.action = .allocate(allocation)
            case .repeat(let count, let inner): step.action = .repeat(count, placing(inner, placement))
            case .free, .expect, .set, .drain, .reclaim, .age, .save: break
            }
            return step
        }
    }
}
