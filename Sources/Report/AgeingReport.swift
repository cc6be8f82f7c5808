import Simulation
import SourceText

/// What ageing a machine came to, beside what was asked.
public struct AgeingReport: Sendable {
    public var ageing: Ageing
    public var outcome: Ageing.Outcome
    public var machine: String

    public init(_ ageing: Ageing, _ outcome: Ageing.Outcome, machine: String) {
        self.ageing = ageing
        self.outcome = outcome
        self.machine = machine
    }

    public func text(_ style: TextStyle = .plain) -> String {
        var table = TextTable([.left(""), .right("asked"), .right("reached")])
        for (what, asked, reached) in [
            ("in use", ageing.occupancy, outcome.occupancy),
            ("of free memory unusable for order \(ageing.order)", ageing.unusableIndex, outcome.unusableIndex),
            ("of taken memory unmovable", ageing.unmovable, outcome.unmovable),
        ] {
            table.add(["\(what)", "\(ReplayReport.percent(asked))", "\(ReplayReport.percent(reached))"])
        }
        return style.apply(.heading, machine) + " aged with seed \(ageing.seed)\n" + table.text(style)
    }

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
            "blocksTaken": .init(outcome.blocksTaken), "pagesScattered": .init(outcome.pagesScattered),
        ]
    }
}
