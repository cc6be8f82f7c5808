import PageAllocator

/// The words for a rule: its subject, and the meaning of each value.
struct RuleWords: Sendable {
    /// The beginning of a line, which a value's meaning completes.
    let title: String
    let sentence: @Sendable (RuleValue) -> String

    /// A rule that applies or does not.
    init(_ title: String, holds: String, else otherwise: String) {
        self.title = title
        sentence = { $0 == .flag(true) ? holds : otherwise }
    }

    /// A rule with several named values.
    init(_ title: String, ways: [String: String]) {
        self.title = title
        sentence = { value in
            let text = "\(value)"
            return ways[text] ?? (ways.isEmpty || text.contains("|") ? "requests with any of \(text)" : text)
        }
    }

    /// A rule whose value is a number.
    init(_ title: String, _ sentence: @escaping @Sendable (Int) -> String) {
        self.title = title
        self.sentence = {
            if case .number(let number) = $0 { sentence(number) } else { "\($0)" }
        }
    }

    /// The words by key. A rule without words is called by its key.
    static let all: [String: RuleWords] = walk.merging(lists) { $1 }.merging(reclaim) { $1 }.merging(ranges) { $1 }

    static func of(_ rule: AllocatorRule) -> RuleWords {
        all[rule.key] ?? RuleWords(rule.key, ways: [:])
    }

    /// "a half", "a quarter", "one part in 5".
    static func part(_ divisor: Int) -> String {
        switch divisor {
        case 1: "all"
        case 2: "a half"
        case 3: "a third"
        case 4: "a quarter"
        case 100: "a hundredth"
        default: "one part in \(divisor)"
        }
    }
}
