import PageAllocator
import Topology

/// What a scenario is played with, other than as it is written.
extension Scenario {
    /// Makes settings before the first step.
    ///
    /// - Throws: `SettingError` for settings that this machine's kernel would not take; nothing is changed then.
    public mutating func apply(_ changes: [SettingChange]) throws(SettingError) {
        guard !changes.isEmpty else { return }
        var topology = start.topology
        try topology.apply(changes)
        steps.insert(ScenarioStep(.set(topology.sysctls, names: changes.map(\.name))), at: 0)
    }

    /// Has the machine go by other rules.
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

    /// Goes through the outermost repeats this many times, whatever they say themselves.
    ///
    /// - Returns: False if the scenario repeats nothing.
    public mutating func repeatSteps(_ rounds: Int) -> Bool {
        var repeats = false
        for index in steps.indices {
            guard case .repeat(_, let inner) = steps[index].action else { continue }
            steps[index].action = .repeat(rounds, inner)
            repeats = true
        }
        return repeats
    }

    /// Has a task with a policy or cpuset make all requests but those of steps that have one of their own.
    public mutating func apply(_ placement: TaskPlacement) { steps = Self.placing(steps, placement) }

    private static func placing(_ steps: [ScenarioStep], _ placement: TaskPlacement) -> [ScenarioStep] {
        steps.map { step in
            var step = step
            switch step.action {
            case .allocate(var allocation):
                allocation.placement = allocation.placement ?? placement
                step.action = .allocate(allocation)
            case .repeat(let count, let inner): step.action = .repeat(count, placing(inner, placement))
            default: break
            }
            return step
        }
    }
}
