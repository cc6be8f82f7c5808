import Scenarios
import SourceText

/// The result of ageing a machine, beside what was asked for.
public struct AgeingReport: Sendable {
    /// What was asked for.
    public var ageing: Ageing
    /// The result.
    public var outcome: Ageing.Outcome
    /// The machine's name.
    public var machine: String

    /// Creates a report from its parts.
    public init(_ ageing: Ageing, _ outcome: Ageing.Outcome, machine: String) {
        self.ageing = ageing
        self.outcome = outcome
        self.machine = machine
    }

    /// The report for people.
    public func text(_ style: TextStyle = .plain) -> String {
        var table = TextTable([.left(""), .right("asked"), .right("reached")])
        for (what, asked, reached) in [
            ("in use", ageing.occupancy, outcome.occupancy),
            ("of free memory unusable for order \(ageing.order)", ageing.unusableIndex, outcome.unusableIndex),
            ("of taken memory unmovable", ageing.unmovable, outcome.unmovable),
        ] {
            table.add(["\(what)", "\(ReplayReport.percent(asked))", "\(ReplayReport.percent(reached))"])
        }
        let notes = notes.map { style.wrap($0, indent: 2) }.joined()
        return style.apply(.heading, machine) + " aged with seed \(ageing.seed)\n" + table.text(style) + notes
    }

    /// Why something was not reached, one sentence each.
    private var notes: [String] {
        var notes: [String] = []
        if outcome.isInterrupted { return ["Interrupted: the nodes left are as they were, and nothing was written."] }
        if outcome.occupancy < ageing.occupancy - 0.01 {
            notes.append("There was not enough that could be taken to fill the machine so far.")
        }
        if outcome.occupancy > ageing.occupancy + 0.01 { notes.append("More than that was in use before.") }
        if abs(outcome.unusableIndex - ageing.unusableIndex) > 0.05 {
            notes.append("What is free cannot be broken up, or kept whole, as asked: too little of it was taken here.")
        }
        if outcome.unmovable < ageing.unmovable - 0.02 {
            notes.append("Movable and HighMem zones hold no unmovable pages, so there are fewer of them.")
        }
        return notes
    }

    /// The report for programs.
    public var json: JSONValue {
        [
            "machine": .init(machine), "seed": .init(ageing.seed), "order": .init(ageing.order.rawValue),
            "asked": [
                "occupancy": .init(ageing.occupancy), "unusableIndex": .init(ageing.unusableIndex),
                "unmovable": .init(ageing.unmovable),
            ],
            "reached": [
                "occupancy": .init(outcome.occupancy), "unusableIndex": .init(outcome.unusableIndex),
                "unmovable": .init(outcome.unmovable),
            ],
            "complete": .init(!outcome.isInterrupted), "notes": .init(notes.map { JSONValue($0) }),
            "blocksTaken": .init(outcome.blocksTaken), "pagesScattered": .init(outcome.pagesScattered),
        ]
    }
}
