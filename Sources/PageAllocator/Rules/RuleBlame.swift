/// Which rules cause the difference between two runs of the same work under two kernels, A and B: the fewest of B's
/// rules that, copied into A's, make A end like B.
public struct RuleBlame: Sendable {
    /// A's rules.
    public var from: KernelProfile
    /// B's rules.
    public var to: KernelProfile
    /// In order of ``AllocatorRule/all``; empty if both end the same way.
    public var causes: [Cause]
    /// How many combinations of rules were tried.
    public var trials: Int

    /// A rule that contributes to the difference.
    public struct Cause: Sendable {
        /// The rule.
        public var rule: AllocatorRule
        /// How much of the difference is left if all of the rules but this one are copied, from 0 to 1; more if the
        /// rule compensates for another.
        public var share: Double
    }

    /// Finds the rules.
    ///
    /// - Parameters:
    ///   - from: A's rules.
    ///   - to: B's rules.
    ///   - distance: How much a run under the given rules differs from B's at its end; 0 if not at all. Called for each
    ///     combination.
    public init(
        from: KernelProfile, to: KernelProfile, distance: (KernelProfile) throws -> Int
    ) rethrows {
        let whole = try distance(from)
        var search = RuleSearch(from: from, to: to)
        let rules = whole == 0 ? [] : try search.smallest { try distance($0) == 0 } ?? []
        var causes: [Cause] = []
        for rule in rules {
            let others = search.profile(swapping: rules.filter { $0.key != rule.key })
            let left = try others.map { try distance($0) } ?? whole
            causes.append(Cause(rule: rule, share: Double(left) / Double(max(whole, 1))))
        }
        self.from = from
        self.to = to
        self.causes = causes
        trials = search.trials
    }
}
