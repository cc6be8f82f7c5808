/// Which rules make the difference between two runs of the same under two kernels: the fewest of B's that, taken over into
/// A's, make A end as B does.
public struct RuleBlame: Sendable {
    public var from: KernelProfile
    public var to: KernelProfile
    /// In the order of ``AllocatorRule/all``; empty: both ended alike.
    public var causes: [Cause]
    /// How many mixtures of rules were tried.
    public var trials: Int

    /// A rule that has its part in it.
    public struct Cause: Sendable {
        public var rule: AllocatorRule
        /// What of the difference is left if all of the rules but this one are taken over, from 0 to 1, or more where it
        /// makes good for another.
        public var share: Double
    }

    /// Looks for them.
    ///
    /// - Parameters:
    ///   - from: A's rules.
    ///   - to: B's.
    ///   - distance: How far from B's a run under these rules ends; 0: alike. Asked for each mixture.
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
