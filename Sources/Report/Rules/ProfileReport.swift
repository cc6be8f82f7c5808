import GFP
import PageAllocator
import SourceText
import Topology

/// The rules of some kernels side by side, each with its key, its value and the meaning of that.
public struct ProfileReport: Hashable, Sendable {
    /// The profiles, one for each column.
    public var profiles: [KernelProfile]
    /// The rules, one for each row.
    public var rules: [Rule]
    /// Kernels that have no profile of their own, with what is known of each.
    public var others: [RuleHistory]

    /// One rule.
    public struct Rule: Hashable, Sendable {
        /// The key, as used after `--rule` and in a profile's file.
        public var key: String
        /// The title, for people.
        public var title: String
        /// The kernel's functions that implement the rule.
        public var functions: String
        /// The values by profile.
        public var values: [RuleValue]
        /// The meanings of the values by profile.
        public var texts: [String]
    }

    /// Collects rules.
    ///
    /// - Parameters:
    ///   - profiles: The profiles to show side by side.
    ///   - showsAll: Whether to include the rules that are the same in all these profiles.
    ///   - others: Kernels without a profile of their own to describe; nil: the last one before each profile.
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

    /// The report for people.
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

    /// The values of a rule, profiles with the same value together.
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

    /// A row for each rule, a column for each kernel.
    public var csv: String {
        var table = CommaTable(["key", "rule", "functions"] + profiles.map(\.name))
        for rule in rules { table.add([rule.key, rule.title, rule.functions] + rule.values.map { "\($0)" }) }
        return table.text
    }

    /// The report for programs.
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
    /// The kernel released just before this profile's, if it has no profile of its own.
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
