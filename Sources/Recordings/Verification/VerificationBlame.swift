import PageAllocator

/// Why a recording is not replayed exactly under rules that are not its kernel's: the fewest rules of another profile
/// that, taken over, make it exact.
public struct VerificationBlame: Sendable {
    /// The recording's name.
    public var name: String
    public var from: KernelProfile
    /// The profile whose rules explain it.
    public var to: KernelProfile
    public var causes: [Cause]
    /// Operations in the recording.
    public var total: Int
    /// How many mixtures of rules were replayed.
    public var trials: Int

    /// A rule that has its part in it.
    public struct Cause: Sendable {
        public var rule: AllocatorRule
        /// Operations as recorded before the first that differs, with all of the rules but this one taken over.
        public var operationsWithout: Int
        /// With only this one taken over; nil where it needs others.
        public var operationsAlone: Int?
    }

    /// Looks for them.
    ///
    /// - `from`: The rules under which it differs.
    /// - `candidates`: Profiles that may explain it; the first under which the recording is exact does.
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

    /// The profiles, those nearest in age to one first; newest first if there is none.
    public static func neighbours(of profile: KernelProfile?) -> [KernelProfile] {
        let all = KernelProfile.all
        guard let profile, let own = all.firstIndex(where: { $0.name == profile.name }) else { return all.reversed() }
        return all.indices.filter { $0 != own }.sorted { abs($0 - own) < abs($1 - own) }.map { all[$0] }
    }
}

extension VerificationBlame.Cause {
    /// What of the recording is lost without this rule, from 0 to 1.
    public func share(of total: Int) -> Double {
        total == 0 ? 0 : Double(max(total - operationsWithout, 0)) / Double(total)
    }
}
