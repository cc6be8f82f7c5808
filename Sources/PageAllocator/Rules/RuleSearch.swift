/// Finds the rules that make a difference between two profiles: as few as do it (delta debugging: rules are swapped one
/// by one and in groups).
public struct RuleSearch {
    /// What does not explain the difference.
    public let from: KernelProfile
    /// What does.
    public let to: KernelProfile
    /// How many profiles were tried.
    public private(set) var trials = 0

    public init(from: KernelProfile, to: KernelProfile) {
        self.from = from
        self.to = to
    }

    /// `from` with some of its rules as `to` has them, and those that these need; nil if they still contradict others.
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

    /// The smallest set of rules found that, swapped, does what all of them do: leaving any one of them out does not.
    ///
    /// - `explains`: Whether a profile does it. It is asked for each set that is tried; `to` must do it.
    /// - Returns: The rules in the order of ``AllocatorRule/all``; empty if `from` does it itself, nil if `to` does not.
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

    /// Leaves out, one at a time, what is not needed. A rule that the search kept only for one that came along with it is found
    /// only now that the other stands in the set by itself.
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

    /// With the rules that came along because others need them.
    private func completed(_ rules: [AllocatorRule]) -> [AllocatorRule] {
        profile(swapping: rules)?.differences(from: from) ?? rules
    }
}
