import Scenarios
import SourceText

/// What ageing a machine to a distribution of free blocks came to, beside what was asked.
public struct DistributionAgeingReport: Sendable {
    public var outcome: DistributionAgeing.Outcome
    public var seed: UInt64
    public var machine: String
    /// What it was to be like: a source, or the shares as they were given.
    public var target: String

    public init(_ outcome: DistributionAgeing.Outcome, seed: UInt64, machine: String, target: String) {
        self.outcome = outcome
        self.seed = seed
        self.machine = machine
        self.target = target
    }

    public func text(_ style: TextStyle = .plain) -> String {
        if outcome.isInterrupted { return style.wrap("Interrupted: nothing was written.") }
        var table = TextTable([.right("order"), .right("free pages asked"), .right("reached")])
        for (order, (asked, reached)) in zip(outcome.asked, outcome.reached).enumerated() {
            table.add([.init(order), .init(asked), .init(reached)])
        }
        return style.apply(.heading, machine) + " made like \(VisibleText.of(target)) with seed \(seed)\n"
            + table.text(style) + "  \(ReplayReport.percent(outcome.error)) of what was asked is elsewhere\n"
    }

    public var json: JSONValue {
        [
            "machine": .init(machine), "seed": .init(seed), "like": .init(target),
            "asked": .init(outcome.asked.map { JSONValue($0) }),
            "reached": .init(outcome.reached.map { JSONValue($0) }), "error": .init(outcome.error),
            "complete": .init(!outcome.isInterrupted),
        ]
    }
}
