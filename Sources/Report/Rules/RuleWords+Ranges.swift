extension RuleWords {
    /// Rules of ranges that are allocated outside the free lists.
    static let ranges: [String: RuleWords] = [
        "passesOverPagesInUse": .init(
            "A range with a page in use, to a search for a gigantic page", holds: "is passed over",
            else: "is tried: what can be moved is moved away"),
        "isolatesLargestBlocks": .init(
            "What is isolated around a range",
            holds: "whole blocks of the largest order, and nothing in them may be unmovable",
            else: "whole pageblocks, of which only the range must be movable"),
        "restoresTypes": .init(
            "Pageblocks after their isolation", holds: "have their old type again", else: "are movable"),
    ]
}
