import Topology

/// A value of a rule that requires another rule to have a certain value.
public struct RuleCondition: Sendable {
    /// The rule.
    public let key: String
    /// The value of `key` that has a requirement.
    public let value: RuleValue
    /// The rule that is required to have a value.
    public let neededKey: String
    /// The value required.
    public let neededValue: RuleValue
    /// Why it is required.
    public let reason: String

    /// Every condition.
    public static let all: [RuleCondition] = [
        .init(
            "fallback", .word("claimOrSplit"), needs: "countsEachChange", .flag(true),
            "a pageblock claimed whole has its pages counted as they move"),
        .init(
            "highAtomicDeduction", .word("free"), needs: "countsEachChange", .flag(true),
            "free highatomic pages are counted only where every change of the lists is"),
        .init(
            "marksZonesBelowHigh", .flag(true), needs: "sizing", .word("movingHigh"),
            "nothing but lists whose high moves looks at the mark, or takes it away"),
        .init(
            "keepsHalfOfHighMin", .flag(true), needs: "sizing", .word("movingHigh"),
            "only such lists count what is freed in a row"),
        .init(
            "givesBackInPortions", .flag(true), needs: "sizing", .word("movingHigh"),
            "other lists give back a batch or little more at a time"),
        .init(
            "givingBack", .word("inTurns"), needs: "largestOrder", .number(0),
            "only lists of single pages are given back in turns"),
        .init(
            "givingBack", .word("inTurns"), needs: "holdsHugePages", .flag(false),
            "only lists of single pages are given back in turns"),
        .init(
            "refillsForHighAtomic", .flag(false), needs: "goesOnToFreeLists", .flag(true),
            "such a request would be refused with pages left"),
        .init(
            "hasPromoMark", .flag(true), needs: "watermarkSteps", .word("scaleFactor"),
            "the fourth mark lies as far above the third as those steps say"),
        .init(
            "freesRenewHope", .flag(true), needs: "marksZonesBelowHigh", .flag(true),
            "hope is renewed when the mark goes"),
    ]

    private init(
        _ key: String, _ value: RuleValue, needs neededKey: String, _ neededValue: RuleValue, _ reason: String
    ) {
        self.key = key
        self.value = value
        self.neededKey = neededKey
        self.neededValue = neededValue
        self.reason = reason
    }

    /// Whether a profile has the value without what it requires.
    func isBroken(in profile: KernelProfile) -> Bool {
        AllocatorRule.named(key)?.value(in: profile) == value
            && AllocatorRule.named(neededKey)?.value(in: profile) != neededValue
    }
}

extension KernelProfile {
    /// The first condition that is broken; nil if the rules are consistent.
    public var brokenCondition: RuleCondition? { RuleCondition.all.first { $0.isBroken(in: self) } }
}
