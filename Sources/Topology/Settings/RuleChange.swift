import GFP

/// A rule of the allocator set to something else than its kernel has: `highAtomicDivisor=50`.
///
/// What rules there are and what each may be set to, the allocator knows (`AllocatorRule`); a topology carries the change
/// along, so that a machine made of it goes by it wherever that is.
public struct RuleChange: Hashable, Sendable, CustomStringConvertible {
    public var key: String
    /// A word, a number, `true` or `false`.
    public var value: String

    public init(key: String, value: String) {
        self.key = key
        self.value = value
    }

    /// Reads `KEY=VALUE`.
    public init(_ text: some StringProtocol) throws(RuleError) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let trimmed = parts.map { $0.trimmingBlanks }
        guard trimmed.count == 2, !trimmed[0].isEmpty, !trimmed[1].isEmpty else {
            throw RuleError(text: String(text), problem: "a rule is KEY=VALUE, as highAtomicDivisor=50")
        }
        self.init(key: trimmed[0], value: trimmed[1])
    }

    public var description: String { "\(key)=\(value)" }
}

extension Topology {
    /// Has the machine go by another kernel's rules, all of them as that kernel has them; nil changes nothing.
    package mutating func go(by kernel: KernelVersion?) {
        guard let kernel else { return }
        self.kernel = kernel
        rules = []
    }
}

/// Why a rule cannot be changed so.
public struct RuleError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The change as it was given.
    public var text: String
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
