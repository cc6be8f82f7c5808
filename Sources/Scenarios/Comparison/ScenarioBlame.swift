import PageAllocator

/// Which rules make the difference between two runs of a scenario under two kernels: the fewest of B's that, taken over
/// into A's, make A end as B does.
public struct ScenarioBlame: Sendable {
    public var from: KernelProfile
    public var to: KernelProfile
    public var causes: [Cause]
    /// How many mixtures of rules were played.
    public var trials: Int

    /// A rule that has its part in it.
    public struct Cause: Sendable {
        public var rule: AllocatorRule
        /// What of the difference is left if all of the rules but this one are taken over, from 0 to 1 or more.
        public var share: Double
    }

    /// Looks for them.
    ///
    /// - `play`: Plays the scenario under a profile. Both are played again.
    public init(
        from: KernelProfile, to: KernelProfile, _ play: (KernelProfile) throws -> ScenarioResult
    ) rethrows {
        let (first, target) = (try play(from), try play(to))
        func distance(_ result: ScenarioResult) -> Int {
            ScenarioComparison(.init(name: "", result: result), .init(name: "", result: target)).distance
        }
        var search = RuleSearch(from: from, to: to)
        let rules = try search.smallest { distance(try play($0)) == 0 } ?? []
        let whole = max(distance(first), 1)
        var causes: [Cause] = []
        for rule in rules {
            let others = search.profile(swapping: rules.filter { $0.key != rule.key })
            let left = try others.map { distance(try play($0)) } ?? whole
            causes.append(Cause(rule: rule, share: Double(left) / Double(whole)))
        }
        self.from = from
        self.to = to
        self.causes = causes
        trials = search.trials
    }
}

extension ScenarioComparison {
    /// How far the figures lie apart, all added up; 0: both ended alike.
    public var distance: Int {
        rows.reduce(0) { $0 + abs($1.difference) }
            + zip(first.result.zones, second.result.zones).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
    }
}
