import Scenarios
import SourceText

/// The result of ageing a machine to a distribution of free blocks, beside what was asked for.
public struct DistributionAgeingReport: Sendable {
    /// The result.
    public var outcome: DistributionAgeing.Outcome
    /// The seed.
    public var seed: UInt64
    /// The machine's name.
    public var machine: String
    /// What the machine was to resemble: a source, or the shares as the user gave them.
    public var target: String

    /// Creates a report from its parts.
    public init(_ outcome: DistributionAgeing.Outcome, seed: UInt64, machine: String, target: String) {
        self.outcome = outcome
        self.seed = seed
        self.machine = machine
        self.target = target
    }

    /// The report for people.
    public func text(_ style: TextStyle = .plain) -> String {
        if outcome.isInterrupted { return style.wrap("Interrupted: nothing was written.") }
        var table = TextTable([.right("order"), .right("free pages asked"), .right("reached")])
        for (order, (asked, reached)) in zip(outcome.asked, outcome.reached).enumerated() {
            table.add([.init(order), .init(asked), .init(reached)])
        }
        return style.apply(.heading, machine) + " made like \(VisibleText.of(target)) with seed \(seed)\n"
            + table.text(style) + "  \(ReplayReport.percent(outcome.error)) of what was asked for is elsewhere\n"
    }

    /// The report for programs.
    public var json: JSONValue {
        [
            "machine": .init(machine), "seed": .init(seed), "like": .init(target),
            "asked": .init(outcome.asked.map { JSONValue($0) }),
            "reached": .init(outcome.reached.map { JSONValue($0) }), "error": .init(outcome.error),
            "complete": .init(!outcome.isInterrupted),
        ]
    }
}
