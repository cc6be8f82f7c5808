import Experiments
import SourceText

/// One measure along one axis as SVG: a point with its spread for each value, and a line for each combination of the
/// other axes' values.
///
/// Points are joined only along axes whose values are ordered: between two machines there is nothing in between.
struct SweepPlot {
    private let series: SweepSeries
    private let low: Double
    private let high: Double
    private let ticks: [Double]
    /// The short names by label.
    private let names: [String: String]

    private static let width = 560
    private static let left = 78
    private static let right = 14
    private static let top = 12
    private static let plotHeight = 240
    private static let legendRow = 18

    /// Colours that people with colour vision deficiencies can tell apart (palette of Okabe and Ito).
    private static let colors: [Markup] = [
        "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "currentColor", "#8c6d1f",
    ]

    init(_ series: SweepSeries) {
        self.series = series
        let range = series.range ?? 0...1
        ticks = Self.ticks(range)
        names = Self.names(of: series.axis.values.map(\.label) + series.lines.flatMap(\.labels))
        low = min(ticks.first ?? 0, range.lowerBound)
        high = max(ticks.last ?? 1, range.upperBound)
    }

    var svg: Markup {
        let labelled = series.lines.filter { !$0.labels.isEmpty }
        let bottom = Self.top + Self.plotHeight
        let height = bottom + 30 + labelled.count * Self.legendRow
        var content = grid + categories(bottom)
        for (number, line) in series.lines.enumerated() { content += marks(line, number) }
        for (number, line) in labelled.enumerated() {
            let y = bottom + 40 + number * Self.legendRow
            let color = Self.colors[number % Self.colors.count]
            content += """
                <path d="\(SweepMark(number).path(x: Double(Self.left + 11), y: Double(y - 4)))" fill="\(color)"/>\
                <text x="\(Self.left + 30)" y="\(y)">\(name(of: line))<title>\(line.labels.joined(separator: ", "))</title></text>

                """
        }
        return """
            <svg viewBox="0 0 \(Self.width) \(height + 8)" width="\(Self.width)" role="img" \
            aria-label="\(series.measure.words) along \(series.axis.name)">
            \(content)</svg>
            """
    }

    private var grid: Markup {
        ticks.map { tick -> Markup in
            let y = coordinate(self.y(tick))
            return """
                <line x1="\(Self.left)" x2="\(Self.width - Self.right)" y1="\(y)" y2="\(y)" class="grid"/>\
                <text x="\(Self.left - 8)" y="\(y)" dy="4" text-anchor="end">\(series.measure.text(tick))</text>

                """
        }.joined()
    }

    private func categories(_ bottom: Int) -> Markup {
        let room = (Self.width - Self.left - Self.right) / max(series.axis.values.count, 1) / 6
        return series.axis.values.enumerated().map { place, value -> Markup in
            // The end of a path is more informative than its beginning.
            let name = names[value.label] ?? value.label
            let label = name.count > room ? "\u{2026}" + name.suffix(max(room - 1, 3)) : name
            return """
                <text x="\(coordinate(x(place)))" y="\(bottom + 20)" text-anchor="middle">\(label)<title>\(value.label)</title></text>

                """
        }.joined()
    }

    /// The line, shifted slightly so that the bars of several lines can be told apart.
    private func marks(_ line: SweepSeries.Line, _ number: Int) -> Markup {
        let color = Self.colors[number % Self.colors.count]
        let shift = (Double(number) - Double(series.lines.count - 1) / 2) * 5
        var path: [String] = []
        var marks: Markup = ""
        for (place, spread) in line.points.enumerated() {
            guard let spread else { continue }
            let x = coordinate(self.x(place) + shift)
            path.append("\(x),\(coordinate(y(spread.mean)))")
            let name = line.labels.isEmpty ? "" : name(of: line) + ": "
            marks += """
                <line x1="\(x)" x2="\(x)" y1="\(coordinate(y(spread.least)))" y2="\(coordinate(y(spread.most)))" stroke="\(color)"/>\
                <path d="\(SweepMark(number).path(x: self.x(place) + shift, y: y(spread.mean)))" fill="\(color)">\
                <title>\(name)\(spread.text(series.measure))</title></path>

                """
        }
        guard isOrdered else { return marks }
        return """
            <polyline points="\(path.joined(separator: " "))" fill="none" stroke="\(color)" stroke-width="1.4" opacity="0.7"/>

            """ + marks
    }

    private func x(_ place: Int) -> Double {
        let width = Double(Self.width - Self.left - Self.right)
        return Double(Self.left) + width * (Double(place) + 0.5) / Double(max(series.axis.values.count, 1))
    }

    private func y(_ value: Double) -> Double {
        let share = high > low ? (value - low) / (high - low) : 0.5
        return Double(Self.top) + Double(Self.plotHeight) * (1 - share)
    }

    private func name(of line: SweepSeries.Line) -> String {
        line.labels.map { names[$0] ?? $0 }.joined(separator: ", ")
    }

    /// Whether the axis has an order: versions and settings do; machines, policies and workloads do not.
    private var isOrdered: Bool {
        !["source", "policy", "scenario", "trace", "workload"].contains(series.axis.name)
    }

    private func coordinate(_ value: Double) -> String { Measure.decimals(value, 1) }

    /// Four to eight round values (1, 2 or 5 times a power of ten apart) that cover a range.
    static func ticks(_ range: ClosedRange<Double>) -> [Double] {
        let size = range.upperBound - range.lowerBound
        guard size > 0 else { return [range.lowerBound] }
        var step = 1.0
        while step > size / 4 { step /= 10 }
        while step * 10 <= size / 4 { step *= 10 }
        if step * 5 <= size / 4 { step *= 5 } else if step * 2 <= size / 4 { step *= 2 }
        let first = (range.lowerBound / step).rounded(.down)
        let last = (range.upperBound / step).rounded(.up)
        return (0...Int(last - first)).map { (first + Double($0)) * step }
    }
}
