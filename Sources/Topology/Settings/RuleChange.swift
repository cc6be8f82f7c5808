import GFP

/// An allocator rule set to a value other than its kernel's: `highAtomicDivisor=50`.
///
/// The allocator knows which rules there are and what values each takes (`AllocatorRule`). A topology carries the
/// change, so that every machine built from it follows the rule.
public struct RuleChange: Hashable, Sendable, CustomStringConvertible {
    /// The rule's name.
    public var key: String
    /// A word, a number, `true` or `false`.
    public var value: String

    public init(key: String, value: String) {
        self.key = key
        self.value = value
    }

    /// Reads `KEY=VALUE`.
    ///
    /// - Throws: ``RuleError`` for any other form.
    public init(_ text: some StringProtocol) throws(RuleError) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let trimmed = parts.map { $0.trimmingBlanks }
        guard trimmed.count == 2, !trimmed[0].isEmpty, !trimmed[1].isEmpty else {
            throw RuleError(text: String(text), problem: "a rule is KEY=VALUE, as in highAtomicDivisor=50")
        }
        self.init(key: trimmed[0], value: trimmed[1])
    }

    public var description: String { "\(key)=\(value)" }
}

extension Topology {
    /// Makes the machine follow another kernel's rules, all of them unchanged; nil changes nothing.
    package mutating func go(by kernel: KernelVersion?) {
        guard let kernel else { return }
        self.kernel = kernel
        rules = []
    }
}

/// Why a rule cannot be changed.
public struct RuleError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The change as given.
    public var text: String
    /// What is wrong with it.
    public var problem: String

    public init(text: String, problem: String) {
        self.text = text
        self.problem = problem
    }

    public var description: String { "rule \"\(text)\": \(problem)" }
}

extension StringProtocol {
    fileprivate var trimmingBlanks: String {
        let head = drop { $0.isWhitespace }
        return String(String(head.reversed().drop { $0.isWhitespace }).reversed())
    }
}
