import GFP
import PageAllocator
import Topology

/// The same scenario on two machines, or on one with two sets of settings: what changed.
public struct ScenarioComparison: Sendable {
    public var first: Variant
    public var second: Variant

    public struct Variant: Sendable {
        /// What to call it.
        public var name: String
        public var result: ScenarioResult

        public init(name: String, result: ScenarioResult) {
            self.name = name
            self.result = result
        }
    }

    public init(_ first: Variant, _ second: Variant) {
        self.first = first
        self.second = second
    }

    /// One figure of both, in words that stand alone.
    public struct Row: Hashable, Sendable {
        public var name: String
        public var first: Int
        public var second: Int

        public var difference: Int { second - first }
    }

    /// The figures: requests first, then where they were served from, then what it cost. Zero in both is left out, but
    /// for failures, fallbacks, stalls and remote requests.
    public var rows: [Row] {
        func row(_ name: String, _ value: (ScenarioResult.Totals) -> Int) -> Row {
            Row(name: name, first: value(first.result.totals), second: value(second.result.totals))
        }
        let always = [
            row("requests served", \.served), row("failures", \.refused),
            row("fallbacks to another mobility type", \.fallbacks), row("served from another node", \.remote),
            row("stalls in direct reclaim") { $0.counters.allocStalls.reduce(0, +) },
        ]
        let others = [
            row("rounds of kswapd", \.counters.kswapdRounds),
            row("pages reclaimed") { $0.counters.pagesStolenByKswapd + $0.counters.pagesStolenDirectly },
            row("pages swapped out", \.counters.pagesSwappedOut),
            row("direct compactions", \.counters.compactStalls), row("pages moved", \.counters.pagesMigrated),
            row("processes killed", \.counters.oomKills), row("free pages at the end", \.free),
        ]
        return always + others.filter { $0.first != 0 || $0.second != 0 }
    }
}

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

    /// Goes through the outermost repeats so often, rather than as they say.
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
