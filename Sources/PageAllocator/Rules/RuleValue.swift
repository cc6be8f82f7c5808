/// What a rule is set to.
public enum RuleValue: Hashable, Sendable, CustomStringConvertible {
    /// Whether the rule holds.
    case flag(Bool)
    case number(Int)
    /// One of a few words, each the name of a way to do it.
    case word(String)

    public var description: String {
        switch self {
        case .flag(let holds): "\(holds)"
        case .number(let number): "\(number)"
        case .word(let word): word
        }
    }
}

/// A rule's ways of doing it, each with the name that it has in a profile's file.
public protocol RuleChoice: RawRepresentable<String>, CaseIterable, Hashable, Sendable {}
