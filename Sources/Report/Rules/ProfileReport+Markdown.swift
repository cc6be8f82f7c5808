import PageAllocator

extension ProfileReport {
    /// Documentation/Kernels/Profiles.md: all rules, subject by subject. `numazones profiles --markdown` prints it.
    public static var markdown: String {
        let report = ProfileReport(showsAll: true)
        var text = """
            # Profiles

            Every rule of the page allocator that numazones knows by name, and what each kernel has. This page is printed by
            `numazones profiles --markdown`; a test keeps the two the same. Each value is preceded by the profiles that have it. A rule
            is changed with `--rule KEY=VALUE`, after a version with `--kernel 6.12+KEY=VALUE`, or in a file for
            `--profile`, which `numazones profiles 6.12 --json` writes (`Config/schemas/profile.schema.json`).

            | profile | verified against |
            |---|---|

            """
        for profile in report.profiles { text += "| \(profile.name) | \(profile.verifiedAgainst) |\n" }
        for subject in AllocatorRule.Subject.allCases {
            text +=
                "\n## \(subject.title)\n\n| rule | may be | what the kernels have | kernel functions |\n|---|---|---|---|\n"
            for rule in AllocatorRule.all where rule.subject == subject {
                guard let row = report.rules.first(where: { $0.key == rule.key }) else { continue }
                let groups = report.groups(of: row).map { "**\($0.names)**: `\($0.value)`, \($0.text)" }
                text +=
                    "| `\(rule.key)`<br>\(row.title) | \(rule.domain.words) | \(groups.joined(separator: "<br>")) | "
                    + rule.functions.split(separator: ", ").map { "`\($0)`" }.joined(separator: ", ") + " |\n"
            }
        }
        text += "\n## Kernels without a profile\n\n"
        text += "How the last kernel before each profile is known to differ from the older profile that it gets. "
        text += "`numazones profiles 6.6` shows it for any kernel.\n\n"
        for history in report.others { text += history.markdown }
        text += "\n## Rules that need each other\n\n"
        for condition in RuleCondition.all {
            text +=
                "* `\(condition.key)=\(condition.value)` needs `\(condition.neededKey)=\(condition.neededValue)`, since "
            text += "\(condition.reason).\n"
        }
        return text
    }
}

extension AllocatorRule.Subject {
    fileprivate var title: String {
        switch self {
        case .walk: "Walking the zonelist"
        case .reserves: "Reserves"
        case .freeLists: "Free lists"
        case .perCPULists: "Per-CPU lists"
        case .sizing: "Sizes"
        case .reclaim: "Reclaim"
        case .ranges: "Ranges past the free lists"
        }
    }
}

extension AllocatorRule.Domain {
    fileprivate var words: String {
        switch self {
        case .flag: "`true`, `false`"
        case .number(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .set(let members): "any of " + members.map { "`\($0)`" }.joined(separator: ", ")
        case .words(let words): words.map { "`\($0)`" }.joined(separator: ", ")
        }
    }
}
