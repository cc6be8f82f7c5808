/// The value of a rule.
public enum RuleValue: Hashable, Sendable, CustomStringConvertible {
    /// Whether the rule holds.
    case flag(Bool)
    case number(Int)
    /// One of a few words, each the name of a behaviour.
    case word(String)

    public var description: String {
        switch self {
        case .flag(let holds): "\(holds)"
        case .number(let number): "\(number)"
        case .word(let word): word
        }
    }
}

/// The behaviours that a rule chooses between, each with its name in a profile's file.
public protocol RuleChoice: RawRepresentable<String>, CaseIterable, Hashable, Sendable {}
