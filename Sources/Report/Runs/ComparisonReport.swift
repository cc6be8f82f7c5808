import Scenarios
import SourceText

/// What changed between two runs of a scenario, for people and for programs.
public struct ComparisonReport: Sendable {
    public var comparison: ScenarioComparison
    /// The rules that make the difference, where they were looked for.
    public var blame: ScenarioBlame?

    public init(_ comparison: ScenarioComparison) { self.comparison = comparison }

    public func text(_ style: TextStyle = .plain) -> String {
        let (first, second) = (comparison.first, comparison.second)
        var table = TextTable([.left(""), .right("A"), .right("B"), .right("change")])
        for row in comparison.rows {
            let sign = row.difference > 0 ? "+" : ""
            table.add([
                .init(row.name), .init(row.first), .init(row.second),
                .init(row.difference == 0 ? "" : "\(sign)\(row.difference)", .heading),
            ])
        }
        var text = style.apply(.heading, first.result.name.isEmpty ? "scenario" : first.result.name) + "\n"
        text += "  A: \(first.name), \(first.result.rules.words)\n"
        text += "  B: \(second.name), \(second.result.rules.words)\n\n" + table.text(style)
        text += blame?.text(style) ?? ""
        for (letter, variant) in [("A", first), ("B", second)] where !variant.result.passed {
            let failures = variant.result.failures.map { "\n  \($0)" }.joined()
            text +=
                style.apply(.warning, "\nnot as the scenario expects in \(letter):") + failures
                + (variant.result.stopped.map { "\n  \($0)" } ?? "") + "\n"
        }
        return text
    }

    public var json: JSONValue {
        func variant(_ variant: ScenarioComparison.Variant) -> JSONValue {
            [
                "name": .init(variant.name), "kernel": .init(variant.result.rules.profile),
                "rules": variant.result.rules.json,
                "passed": .init(variant.result.passed),
            ]
        }
        var result: JSONObject = [
            "scenario": .init(comparison.first.result.name), "a": variant(comparison.first),
            "b": variant(comparison.second),
            "figures": .init(
                comparison.rows.map {
                    [
                        "name": .init($0.name), "a": .init($0.first), "b": .init($0.second),
                        "change": .init($0.difference),
                    ] as JSONValue
                }),
        ]
        if let blame { result["blame"] = blame.json }
        return .init(result)
    }
}
