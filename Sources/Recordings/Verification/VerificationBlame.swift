import PageAllocator

/// Why a recording is not replayed exactly under rules that are not its kernel's: the fewest rules of another profile
/// that, copied, make it exact.
public struct VerificationBlame: Sendable {
    /// The recording's name.
    public var name: String
    /// The profile under which it is not exact.
    public var from: KernelProfile
    /// The profile whose rules explain it.
    public var to: KernelProfile
    /// The rules that make the difference.
    public var causes: [Cause]
    /// How many operations the recording has.
    public var total: Int
    /// How many combinations of rules were tried.
    public var trials: Int

    /// A rule that contributes to the difference.
    public struct Cause: Sendable {
        /// The rule.
        public var rule: AllocatorRule
        /// How many operations agree before the first difference if all of the rules but this one are copied.
        public var operationsWithout: Int
        /// The same if only this one is copied; nil if it requires others.
        public var operationsAlone: Int?
    }

    /// Finds the rules.
    ///
    /// - Parameters:
    ///   - recording: The recording.
    ///   - from: The rules under which it is not exact.
    ///   - candidates: Profiles that may explain it; the first under which the recording is exact is used.
    /// - Returns: Nil if it is exact under `from`, or under none of the candidates.
    public init?(
        of recording: Recording, under from: KernelProfile, among candidates: [KernelProfile] = Self.neighbours(of: nil)
    ) {
        guard !Verifier.verify(recording, under: from).isExact,
            let to = candidates.first(where: { Verifier.verify(recording, under: $0).isExact })
        else { return nil }
        var search = RuleSearch(from: from, to: to)
        guard let rules = search.smallest(where: { Verifier.verify(recording, under: $0).isExact }) else { return nil }
        func operations(_ rules: [AllocatorRule]) -> Int? {
            search.profile(swapping: rules).map { Verifier.verify(recording, under: $0).operations }
        }
        name = recording.name
        self.from = from
        self.to = to
        total = recording.operations.count
        trials = search.trials
        causes = rules.map { rule in
            Cause(
                rule: rule, operationsWithout: operations(rules.filter { $0.key != rule.key }) ?? 0,
                operationsAlone: operations([rule]))
        }
    }

    /// The profiles, those closest in age to `profile` first; the newest first if it is nil.
    public static func neighbours(of profile: KernelProfile?) -> [KernelProfile] {
        let all = KernelProfile.all
        guard let profile, let own = all.firstIndex(where: { $0.name == profile.name }) else { return all.reversed() }
        return all.indices.filter { $0 != own }.sorted { abs($0 - own) < abs($1 - own) }.map { all[$0] }
    }
}

extension VerificationBlame.Cause {
    /// The share of the recording's operations that is lost without this rule, from 0 to 1.
    public func share(of total: Int) -> Double {
        total == 0 ? 0 : Double(max(total - operationsWithout, 0)) / Double(total)
    }
}
