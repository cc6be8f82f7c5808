import GFP
import PageAllocator
import SourceText
import Topology

/// The rules of some kernels side by side, each with its key, its value and what that means.
public struct ProfileReport: Hashable, Sendable {
    public var profiles: [KernelProfile]
    public var rules: [Rule]
    /// Kernels that have no profile of their own, and what is known of each.
    public var others: [RuleHistory]

    public struct Rule: Hashable, Sendable {
        /// As after `--rule` and in a profile's file.
        public var key: String
        public var title: String
        /// The kernel's functions that have the rule.
        public var functions: String
        /// By profile.
        public var values: [RuleValue]
        /// By profile: what the value means.
        public var texts: [String]
    }

    /// - Parameters:
    ///   - profiles: What stands side by side.
    ///   - showsAll: Also the rules that all these profiles have in common.
    ///   - others: Kernels without a profile of their own of which more is to be said; nil: the last before each profile.
    public init(
        _ profiles: [KernelProfile] = KernelProfile.all, showsAll: Bool = false, others: [KernelVersion]? = nil
    ) {
        self.profiles = profiles
        self.others = (others ?? profiles.compactMap(\.before)).map { RuleHistory(of: $0) }.filter { !$0.isEmpty }
        rules = AllocatorRule.all.map { rule in
            let words = RuleWords.of(rule)
            let values = profiles.map { rule.value(in: $0) }
            return Rule(
                key: rule.key, title: words.title, functions: rule.functions, values: values,
                texts: values.map(words.sentence))
        }.filter { showsAll || Set($0.values).count > 1 }
    }

    public func text(_ style: TextStyle = .plain) -> String {
        var text = ""
        for profile in profiles {
            text += style.apply(.heading, "Profile \(profile.name)") + "  verified against \(profile.verifiedAgainst)\n"
        }
        for rule in rules {
            text += "\n" + style.apply(.heading, rule.title) + style.apply(.quiet, "  \(rule.key)  (\(rule.functions))")
            text += "\n"
            let groups = groups(of: rule)
            let width = groups.map(\.names.count).max() ?? 0
            for group in groups {
                let name = group.names + String(repeating: " ", count: width - group.names.count + 2)
                let plain = name.replacing(" ", with: "\u{A0}")
                text += style.wrap(plain + "\(group.value): \(group.text)", indent: 2, hanging: width + 2)
            }
        }
        for history in others {
            text +=
                "\n" + style.apply(.heading, "\(history.kernel) has no profile") + style.apply(.quiet, history.given)
            text += "\n" + history.text(style)
        }
        return String(text.map { $0 == "\u{A0}" ? " " : $0 })
    }

    /// Profiles with the same value are together.
    func groups(of rule: Rule) -> [(names: String, value: RuleValue, text: String)] {
        var groups: [(names: String, value: RuleValue, text: String)] = []
        for (profile, (value, text)) in zip(profiles, zip(rule.values, rule.texts)) {
            if let last = groups.last, last.value == value {
                groups[groups.count - 1].names += ", " + profile.name
            } else {
                groups.append((profile.name, value, text))
            }
        }
        return groups
    }

    /// A line for each rule, a column for each kernel.
    public var csv: String {
        var table = CommaTable(["key", "rule", "functions"] + profiles.map(\.name))
        for rule in rules { table.add([rule.key, rule.title, rule.functions] + rule.values.map { "\($0)" }) }
        return table.text
    }

    public var json: JSONValue {
        [
            "profiles": .init(
                profiles.map { ["name": .init($0.name), "verifiedAgainst": .init($0.verifiedAgainst)] }),
            "rules": .init(
                rules.map { rule in
                    var texts = JSONObject()
                    var values = JSONObject()
                    for (index, profile) in profiles.enumerated() {
                        texts[profile.name] = .init(rule.texts[index])
                        values[profile.name] = rule.values[index].json
                    }
                    return [
                        "key": .init(rule.key), "rule": .init(rule.title), "functions": .init(rule.functions),
                        "values": .init(values), "profiles": .init(texts),
                    ]
                }),
            "withoutProfile": .init(others.map(\.json)),
        ]
    }
}

extension KernelProfile {
    /// The last kernel before this one's, if that has no profile.
    fileprivate var before: KernelVersion? {
        guard version.minor > 0 else { return nil }
        let last = KernelVersion(version.major, version.minor - 1)
        return Self.standing(of: last) == .own ? nil : last
    }
}

extension RuleValue {
    var json: JSONValue { RuleChange(key: "", value: "\(self)").json }
}

extension KernelProfile {
    /// The profile as a file that `--profile` reads: its kernel and every rule.
    public var document: JSONValue {
        var rules = JSONObject()
        for rule in AllocatorRule.all { rules[rule.key] = rule.value(in: self).json }
        return [
            "name": .init(name), "verifiedAgainst": .init(verifiedAgainst), "kernel": .init(version.description),
            "rules": .init(rules),
        ]
    }
}
