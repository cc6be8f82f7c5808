import History
import PageAllocator
import Scenarios
import SourceText
import Topology

/// Two runs of a scenario as a picture: the figures that differ, and each zone's free memory in both runs on the same
/// axes.
public struct ComparisonPicture: Sendable {
    private let comparison: ScenarioComparison
    private let first: MachineHistory
    private let second: MachineHistory

    private static let mostLanes = 16
    private static let rowHeight = 20
    private static let columns = [360, 480, 600]

    /// Nil if no histories were recorded.
    ///
    /// - Parameters:
    ///   - comparison: The runs.
    public init?(_ comparison: ScenarioComparison) {
        guard let first = comparison.first.result.history, let second = comparison.second.result.history else {
            return nil
        }
        self.comparison = comparison
        self.first = first
        self.second = second
    }

    /// The picture as an SVG document.
    public var svg: String { picture().svg }

    /// The picture as part of a page that shows the figures in a table.
    var markup: Markup { picture(name: "-comparison", hasFigures: false).markup }

    private func picture(name place: String = "", hasFigures: Bool = true) -> Picture {
        let curves = (HistoryCurves(first), HistoryCurves(second))
        var content = Picture.text(Picture.cut("A: \(comparison.first.name)", to: 130), x: 20, y: 48, .ink)
        content += Picture.text(Picture.cut("B: \(comparison.second.name)", to: 130), x: 20, y: 66, .ink)
        var y = 92
        if hasFigures {
            content += figures(&y)
            y += 14
        }
        content += Picture.text(
            "free memory over the events: A whole, B in dashes, each zone on one scale for both", x: 20, y: y)
        y += 14
        let lanes = lanes(curves.0, curves.1)
        for lane in lanes.prefix(Self.mostLanes) {
            content += lane.markup(y: y)
            y += CurveLane.height
        }
        var foot = TimelinePicture.legend(curves.0)
        foot[0] += " Marks, bands and letters are of A."
        let rest = curves.0.curves.count - min(lanes.count, Self.mostLanes)
        if rest > 0 { foot.append("\(counted(rest, "zone")) without a change, or without room here: not drawn.") }
        for line in foot {
            y += 18
            content += Picture.text(line, x: 20, y: y - 6)
        }
        let words = comparison.figures.map { "\($0.name): \($0.first) in A, \($0.second) in B" }
        let name = comparison.first.result.name
        return Picture(
            height: y + 10, title: name.isEmpty ? "Two runs compared" : "\(name): two runs compared",
            description: words.joined(separator: "; "), content: content, name: place)
    }

    private func figures(_ y: inout Int) -> Markup {
        var table: Markup = ""
        for (title, x) in zip(["A", "B", "change"], Self.columns) {
            table += Picture.text(title, x: x, y: y, anchor: "end", isBold: true, .ink)
        }
        y += Self.rowHeight
        for figure in comparison.figures {
            let sign = figure.difference > 0 ? "+" : ""
            let cells = ["\(figure.first)", "\(figure.second)", "\(sign)\(figure.difference)"]
            table += Picture.text(figure.name, x: 20, y: y, .ink)
            for (cell, x) in zip(cells, Self.columns) {
                table += Picture.text(cell, x: x, y: y, anchor: "end", figure.difference == 0 ? .quiet : .ink)
            }
            y += Self.rowHeight
        }
        return table
    }

    /// The lanes of the zones that exist in both runs and changed in at least one.
    private func lanes(_ first: HistoryCurves, _ second: HistoryCurves) -> [CurveLane] {
        let last = max(first.last, second.last)
        let pairs = first.curves.enumerated().map { place, curve in
            (place, curve, second.curves.first { $0.zone.span.reference == curve.zone.span.reference })
        }
        let moving = pairs.filter { _, one, other in
            one.least != one.most || other.map { $0.least != $0.most || $0.most != one.most } ?? false
        }
        return (moving.isEmpty ? pairs : moving).map { place, one, other in
            CurveLane(
                first: one, second: other, last: last, pageSize: first.pageSize,
                most: max(one.most, other?.most ?? 0, 1), awake: first.awake[one.node],
                compacting: first.compacting[one.node], signs: first.signs(in: place))
        }
    }
}
