import Experiments
import SourceText

/// A self-contained page that shows each measure along each axis: no script, no font, no network.
public struct SweepPage: Sendable {
    private let table: SweepTable

    /// Creates the page of a sweep's results.
    public init(_ table: SweepTable) { self.table = table }

    /// The page as an HTML document.
    public var html: String {
        let plan = table.plan
        let title = plan.name.isEmpty ? "Sweep" : plan.name
        let axes = plan.axes.map { "\($0.name) (\($0.values.count))" }.joined(separator: " \u{D7} ")
        var body: Markup = "<h1>\(title)</h1>\n"
        if !plan.about.isEmpty { body += "<p>\(plan.about)</p>\n" }
        body += "<p>\(table.records.count) of \(plan.cellCount) cells: \(axes).</p>\n" + problems
        for measure in plan.measures { body += section(measure) }
        let page: Markup = """
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>\(title)</title>
            \(Self.style)</head>
            <body>
            \(body)</body>
            </html>

            """
        return page.source
    }

    private var problems: Markup {
        guard !table.failed.isEmpty || !table.unexpected.isEmpty else { return "" }
        return """
            <p class="problem">\(table.failed.count) cells could not be played, \(table.unexpected.count) did not come out \
            as expected; results.csv says which.</p>

            """
    }

    /// The section of a measure: a plot for each axis with more than one value. A measure that is the same in all cells
    /// is stated in words.
    private func section(_ measure: Measure) -> Markup {
        let plots = table.plan.axes.indices.filter {
            table.plan.axes[$0].values.count > 1 && table.plan.axes[$0].name != "seed"
        }
        .map { SweepSeries(measure, along: $0, of: table) }
        guard let range = plots.lazy.compactMap(\.range).first else { return "" }
        let heading: Markup = "<h2>\(measure.words)</h2>\n"
        guard range.lowerBound != range.upperBound else {
            return heading + "<p>\(measure.text(range.lowerBound)) in every cell.</p>\n"
        }
        return heading + "<div class=\"plots\">\n" + plots.map { figure($0) }.joined() + "</div>\n"
    }

    private func figure(_ series: SweepSeries) -> Markup {
        let over = series.spreadAxes.map(\.name).joined(separator: ", ")
        let spread =
            over.isEmpty ? "" : ". A point is the mean over \(over), its bar goes from the least to the most"
        return """
            <figure>
            <div class="wide" tabindex="0" role="region" aria-label="\(series.measure.words) by \(series.axis.name)">
            \(SweepPlot(series).svg)
            </div>
            <figcaption>By \(series.axis.name): \(series.measure.words)\(spread).</figcaption>
            </figure>

            """
    }

    private static let style: Markup = """
        <style>
        :root { color-scheme: light dark; --ground: #fff; --ink: #1a1a1a; --quiet: #555; --line: #ddd; --bad: #a02020 }
        @media screen and (prefers-color-scheme: dark) {
          :root { --ground: #14161a; --ink: #eceef2; --quiet: #a8b0bd; --line: #3a404b; --bad: #ff9e94 } }
        body { font: 15px/1.45 system-ui, sans-serif; max-width: 1760px; margin: 2em auto; padding: 0 1em;
               color: var(--ink); background: var(--ground); overflow-wrap: anywhere }
        h1 { font-size: 1.5em } h2 { font-size: 1.15em; margin: 1.6em 0 .3em }
        .plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 34em), 1fr)); gap: 1.2em }
        figure { margin: 0; break-inside: avoid } h2 { break-after: avoid }
        figcaption { font-size: .85em; color: var(--quiet); max-width: 560px } .problem { color: var(--bad) }
        .wide { overflow-x: auto } svg { width: 100%; min-width: 34em; max-width: 40em; height: auto }
        @media print { body { margin: 0 } .plots { grid-template-columns: 1fr 1fr } svg { min-width: 0 } }
        svg text { font: 12px system-ui, sans-serif; fill: var(--ink) }
        .grid { stroke: var(--line) }
        </style>

        """
}
