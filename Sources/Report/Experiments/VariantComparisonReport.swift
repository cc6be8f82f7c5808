import Experiments
import PageAllocator
import SourceText

/// Variants side by side, for people and for programs.
public struct VariantComparisonReport: Sendable {
    /// The comparison.
    public var comparison: VariantComparison

    /// Creates the report of a comparison.
    public init(_ comparison: VariantComparison) { self.comparison = comparison }

    /// The report for people.
    public func text(_ style: TextStyle = .plain) -> String {
        comparison.workloads.indices.map { table(of: $0, style) }.joined(separator: "\n") + failures(style)
    }

    private func table(of workload: Int, _ style: TextStyle) -> String {
        let setups = comparison.setups
        var table = TextTable([.left("")] + setups.map { .right($0.name) })
        table.add(
            [.init("rules of", .quiet)]
                + setups.indices.map { setup in
                    .init(comparison.runs(setup: setup, workload: workload).first?.outcome.rules ?? "", .quiet)
                })
        for measure in Measure.allCases {
            let spreads = setups.indices.map { comparison.spread(measure, setup: $0, workload: workload) }
            guard measure.isAlwaysTold || spreads.contains(where: { $0.map { $0.most != 0 } ?? false }) else {
                continue
            }
            table.add([.init(measure.words)] + spreads.map { .init($0?.text(measure) ?? "") })
        }
        var text = style.apply(.heading, comparison.workloads[workload].path)
        if comparison.seeds.count > 1 { text += ", \(comparison.seeds.count) seeds: mean (least\u{2013}most)" }
        return text + "\n\n" + table.text(style)
    }

    private func failures(_ style: TextStyle) -> String {
        var text = ""
        for run in comparison.runs where !run.outcome.passed {
            let seed = run.seed.map { ", seed \($0)" } ?? ""
            text += style.apply(.warning, "\nnot as expected in \(comparison.setups[run.setup].name)\(seed):\n")
            text += run.outcome.failures.map { "  \(VisibleText.of($0))\n" }.joined()
        }
        return text
    }

    /// A row for each run.
    public var csv: String {
        var table = CommaTable(
            ["workload", "variant", "seed", "rules", "passed"] + Measure.allCases.map(\.rawValue))
        for run in comparison.runs {
            let figures = Measure.allCases.map { Figures.text(run.outcome.figures[$0]) }
            table.add(
                [
                    comparison.workloads[run.workload].path, comparison.setups[run.setup].name,
                    run.seed.map { "\($0)" } ?? "", run.outcome.rules, "\(run.outcome.passed)",
                ] + figures)
        }
        return table.text
    }

    /// The report for programs.
    public var json: JSONValue {
        [
            "workloads": .init(
                comparison.workloads.map { ["kind": .init($0.kind), "file": .init($0.path)] as JSONValue }),
            "variants": .init(comparison.setups.map(\.json)),
            "runs": .init(comparison.runs.map(json(of:))), "passed": .init(comparison.passed),
        ]
    }

    private func json(of run: VariantComparison.Run) -> JSONValue {
        [
            "workload": .init(comparison.workloads[run.workload].path),
            "variant": .init(comparison.setups[run.setup].name), "seed": run.seed.map { .init($0) } ?? nil,
            "rules": .init(run.outcome.rules), "passed": .init(run.outcome.passed),
            "failures": .init(run.outcome.failures.map { JSONValue($0) }), "measures": run.outcome.figures.json,
        ]
    }
}

extension Workload {
    /// The name in JSON.
    var kind: String {
        switch self {
        case .scenario: "scenario"
        case .trace: "trace"
        }
    }
}

extension Setup {
    /// The setup in JSON.
    var json: JSONValue {
        [
            "name": .init(name), "source": source.map { .init($0) } ?? nil,
            "kernel": kernel.map { .init($0.version.description) } ?? nil,
            "changedRules": .init((kernel?.changes ?? []).map { JSONValue($0.description) }),
            "settings": .init(settings.map { JSONValue("\($0.name)=\($0.value)") }),
            "policy": policy.isEmpty ? nil : .init(policy.joined(separator: " ")),
        ]
    }
}
