/// Finds the fewest rules that make a difference between two profiles (delta debugging: rules are swapped one by one
/// and in groups).
public struct RuleSearch {
    /// The profile that does not show the behaviour.
    public let from: KernelProfile
    /// The profile that does.
    public let to: KernelProfile
    /// How many profiles were tried.
    public private(set) var trials = 0

    public init(from: KernelProfile, to: KernelProfile) {
        self.from = from
        self.to = to
    }

    /// `from` with some of its rules as in `to`, and the rules that those require; nil if they still contradict others.
    public func profile(swapping rules: [AllocatorRule]) -> KernelProfile? {
        var profile = from
        for rule in rules { rule.copy(from: to, to: &profile) }
        while let broken = profile.brokenCondition {
            guard let rule = AllocatorRule.named(broken.key), let needed = AllocatorRule.named(broken.neededKey) else {
                return nil
            }
            if needed.value(in: to) == broken.neededValue {
                needed.copy(from: to, to: &profile)
            } else if rule.value(in: to) != broken.value {
                rule.copy(from: to, to: &profile)
            } else {
                return nil
            }
        }
        return profile
    }

    /// The smallest set of rules found that, swapped, has the effect of swapping all: without any one of them the
    /// effect is gone.
    ///
    /// - Parameters:
    ///   - explains: Whether a profile shows the behaviour. Called for each set tried; it must be true for `to`.
    /// - Returns: The rules in order of ``AllocatorRule/all``; empty if `from` shows the behaviour itself, nil if `to`
    ///   does not.
    public mutating func smallest(where explains: (KernelProfile) throws -> Bool) rethrows -> [AllocatorRule]? {
        var rules = to.differences(from: from)
        guard try attempt([], explains) == false else { return [] }
        guard try attempt(rules, explains) else { return nil }
        var parts = 2
        while rules.count > 1 {
            let size = (rules.count + parts - 1) / parts
            let chunks = stride(from: 0, to: rules.count, by: size).map {
                Array(rules[$0..<min($0 + size, rules.count)])
            }
            if let chunk = try chunks.first(where: { try attempt($0, explains) }) {
                rules = chunk
                parts = 2
            } else if chunks.count > 2,
                let rest = try chunks.indices.lazy.map({ left in
                    chunks.enumerated().filter { $0.offset != left }.flatMap(\.element)
                }).first(where: { try attempt($0, explains) })
            {
                rules = rest
                parts = max(parts - 1, 2)
            } else if parts < rules.count {
                parts = min(parts * 2, rules.count)
            } else {
                break
            }
        }
        return try reduced(completed(rules), explains)
    }

    /// Removes, one at a time, rules that are not needed. Only now does it show that the search kept a rule for the
    /// sake of one that came with it.
    private mutating func reduced(
        _ rules: [AllocatorRule], _ explains: (KernelProfile) throws -> Bool
    ) rethrows -> [AllocatorRule] {
        var rules = rules
        var index = 0
        while index < rules.count {
            var others = rules
            others.remove(at: index)
            let fewer = completed(others)
            if fewer.count < rules.count, try attempt(others, explains) {
                rules = fewer
                index = 0
            } else {
                index += 1
            }
        }
        return rules
    }

    private mutating func attempt(
        _ rules: [AllocatorRule], _ explains: (KernelProfile) throws -> Bool
    ) rethrows -> Bool {
        guard let profile = profile(swapping: rules) else { return false }
        trials += 1
        return try explains(profile)
    }

    /// The rules together with those that they require.
    private func completed(_ rules: [AllocatorRule]) -> [AllocatorRule] {
        profile(swapping: rules)?.differences(from: from) ?? rules
    }
}
