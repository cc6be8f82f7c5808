import PageAllocator

/// What people read of a rule: what it is about, and what each way of it means.
struct RuleWords: Sendable {
    /// Begins a line; continues with what a profile's value says.
    let title: String
    let sentence: @Sendable (RuleValue) -> String

    /// A rule that holds or does not.
    init(_ title: String, holds: String, else otherwise: String) {
        self.title = title
        sentence = { $0 == .flag(true) ? holds : otherwise }
    }

    /// One way of several.
    init(_ title: String, ways: [String: String]) {
        self.title = title
        sentence = { value in
            let text = "\(value)"
            return ways[text] ?? (ways.isEmpty || text.contains("|") ? "requests with any of \(text)" : text)
        }
    }

    /// A number.
    init(_ title: String, _ sentence: @escaping @Sendable (Int) -> String) {
        self.title = title
        self.sentence = {
            if case .number(let number) = $0 { sentence(number) } else { "\($0)" }
        }
    }

    /// By key. A rule without words is called by its key.
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
