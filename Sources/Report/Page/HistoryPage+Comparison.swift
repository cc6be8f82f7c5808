import Scenarios
import SourceText

extension HistoryPage {
    /// Creates the page of two runs of a scenario on different machines or with different settings; nil if no histories
    /// were recorded.
    ///
    /// - Parameters:
    ///   - comparison: The runs.
    public init?(_ comparison: ScenarioComparison) {
        self.init(comparison.first.result)
        guard let second = comparison.second.result.history else { return nil }
        add(second, names: [comparison.first.name, comparison.second.name])
        opening = Self.beside(comparison)
    }

    /// The figures in which both runs differ, and both on the same axes, shown before the run to step through.
    private static func beside(_ comparison: ScenarioComparison) -> Markup {
        let rows = comparison.figures.map { row -> Markup in
            """
            <tr><th scope="row">\(row.name)</th><td>\(spaced(row.first))</td><td>\(spaced(row.second))</td>
            <td>\(row.difference > 0 ? "+" : "")\(spaced(row.difference))</td></tr>

            """
        }.joined()
        let isSame = comparison.figures.allSatisfy { $0.difference == 0 }
        let picture = ComparisonPicture(comparison)?.markup ?? ""
        return """
            <section class="whole" aria-labelledby="beside-title">
            <h2 id="beside-title">A beside B</h2>
            <table class="figures compared"><thead><tr><th scope="col"></th><th scope="col">A</th><th scope="col">B</th>
            <th scope="col">change</th></tr></thead><tbody>\(rows)</tbody></table>
            \(isSame ? "<p>The setting made no difference to any of these figures.</p>" : "")
            <div class="wide" tabindex="0" role="region" aria-label="A and B on the same axes">\(picture)</div>
            </section>

            """
    }
}
