import History
import PageAllocator
import SourceText
import Topology

/// A history as a picture: each zone's free memory and marks over the events, on a scale of the zone's own.
public struct TimelinePicture: Sendable {
    private let history: MachineHistory
    private let title: String

    private static let mostLanes = 16

    /// Creates the picture of a history.
    public init(_ history: MachineHistory, title: String) {
        self.history = history
        self.title = title
    }

    /// The picture as an SVG document.
    public var svg: String {
        let curves = HistoryCurves(history)
        let lanes = curves.moving.prefix(Self.mostLanes)
        let rest = curves.curves.count - lanes.count
        var content = Picture.text(
            "free memory after each of \(counted(curves.last, "event")), each zone on its own scale", x: 20, y: 46)
        var y = 60
        for curve in lanes {
            content += Self.lane(curve, of: curves).markup(y: y)
            y += CurveLane.height
        }
        var foot = Self.legend(curves)
        if history.leftOut > 0 {
            foot.append(
                "Of the first \(history.leftOut) events \(history.stretches.count) stretches are drawn, from the least to the "
                    + "most that was free in each.")
        }
        if rest > 0 {
            foot.append("\(counted(rest, "zone")) without a change, or beyond the first \(Self.mostLanes): not drawn.")
        }
        for line in foot {
            y += 18
            content += Picture.text(line, x: 20, y: y - 6)
        }
        return Picture(
            height: y + 10, title: title,
            description: lanes.map { Self.words($0, curves.pageSize) }.joined(separator: "; "),
            content: content
        ).svg
    }

    private static func lane(_ curve: HistoryCurves.Curve, of curves: HistoryCurves) -> CurveLane {
        let zone = curves.curves.firstIndex { $0.zone.span.reference == curve.zone.span.reference }
        return CurveLane(
            first: curve, second: nil, last: curves.last, pageSize: curves.pageSize, most: max(curve.most, 1),
            awake: curves.awake[curve.node], compacting: curves.compacting[curve.node],
            signs: zone.map(curves.signs(in:)) ?? [])
    }

    /// The meaning of the lines, bands and letters that occur.
    static func legend(_ curves: HistoryCurves) -> [String] {
        var lines = ["Dashes: min, low and high mark with their boost."]
        if curves.awake.contains(where: { !$0.isEmpty }) { lines[0] += " Bands at the foot: kswapd awake." }
        if curves.compacting.contains(where: { !$0.isEmpty }) { lines[0] += " Thin bands below: kcompactd awake." }
        let seen = HistoryTally.Notice.allCases.filter { notice in curves.signs.contains { $0.notice == notice } }
        if !seen.isEmpty { lines.append(seen.map { "\($0.sign): \($0.words)" }.joined(separator: "; ") + ".") }
        return lines
    }

    static func words(_ curve: HistoryCurves.Curve, _ pageSize: Int) -> String {
        func memory(_ pages: Int) -> String { MemoryAmount.text(pages: pages, pageSize: pageSize) }
        return "\(curve.name): \(memory(curve.points.first?.most ?? 0)) free at the start, "
            + "\(memory(curve.points.last?.least ?? 0)) at the end, \(memory(curve.least)) at the least"
    }
}
