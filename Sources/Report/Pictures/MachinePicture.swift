import PageAllocator
import SourceText
import Topology

/// A machine as a picture: its nodes and distances, and each zone's free memory, on one scale for all, beside its marks,
/// on a scale of each zone's own.
public struct MachinePicture: Sendable {
    private let report: MachineReport

    public init(_ report: MachineReport) { self.report = report }

    private static let rowHeight = 44
    private static let most = 64
    private static let mostDistances = 16

    private var zones: [MachineReport.Zone] { Array(report.zones.filter { $0.managed > 0 }.prefix(Self.most)) }

    public var svg: String {
        let zones = zones
        let top = 92
        let foot = top + zones.count * Self.rowHeight + 24
        let distances = distances(y: foot + 16)
        var content = headings
        let most = max(zones.map(\.managed).max() ?? 1, 1)
        for (index, zone) in zones.enumerated() {
            content += row(zone, y: top + index * Self.rowHeight, most: most)
        }
        let left = report.zones.filter { $0.managed > 0 }.count - zones.count
        if left > 0 { content += Picture.text("\(counted(left, "more zone")) not drawn", x: 20, y: foot) }
        return Picture(
            height: foot + 24 + distances.height, title: report.name.isEmpty ? "A machine" : report.name,
            description: zones.map(words).joined(separator: "; "), content: content + distances.content
        ).svg
    }

    private var headings: Markup {
        Picture.text(report.summary, x: 20, y: 46)
            + Picture.text("memory: free of managed, one scale for all zones", x: 170, y: 74)
            + Picture.text("free memory against the marks, each zone's own scale", x: 580, y: 74)
    }

    private func words(_ zone: MachineReport.Zone) -> String {
        let marks = [zone.watermarks.min, zone.watermarks.low, zone.watermarks.high]
        return
            "node \(zone.node.rawValue) \(zone.kind.kernelName): \(memory(zone.free)) free of \(memory(zone.managed)), "
            + zip(Picture.markNames, marks).map { "\($0) \(memory($1))" }.joined(separator: ", ")
    }

    private func memory(_ pages: Int) -> String { MemoryAmount.text(pages: pages, pageSize: report.pageSize) }

    private func row(_ zone: MachineReport.Zone, y: Int, most: Int) -> Markup {
        let managed = Self.share(zone.managed, of: most, width: 330)
        let free = Self.share(zone.free, of: most, width: 330)
        var row = Picture.text(
            "node \(zone.node.rawValue) \(zone.kind.kernelName)", x: 20, y: y + 14, fill: "#1a1a1a")
        row += Picture.box(x: 170, y: y, width: max(managed, 1), height: 16, fill: "#dfe2e8")
        row += Picture.box(x: 170, y: y, width: free, height: 16, fill: "#5b8def")
        row += Picture.text("\(memory(zone.free)) of \(memory(zone.managed))", x: 170, y: y + 31)
        return row + marks(zone, y: y)
    }

    /// To twice the high mark: what lies above is of no interest to it.
    private func marks(_ zone: MachineReport.Zone, y: Int) -> Markup {
        let marks = [zone.watermarks.min, zone.watermarks.low, zone.watermarks.high].map { $0 + zone.watermarks.boost }
        let most = max(marks[2] * 2, 1)
        var row = Picture.box(x: 580, y: y, width: 230, height: 16, fill: "#f0f1f4")
        row += Picture.box(
            x: 580, y: y, width: Self.share(min(zone.free, most), of: most, width: 230), height: 16, fill: "#a9c4f5")
        var next = Int.min
        for (level, mark) in marks.enumerated() {
            let x = 580 + Self.share(mark, of: most, width: 230)
            row += Picture.line((x, y - 2), (x, y + 18), stroke: Picture.markColors[level])
            // Names that would stand on one another are left to the description.
            guard x >= next else { continue }
            row += Picture.text(
                Picture.markNames[level], x: x, y: y + 31, anchor: "middle", fill: Picture.markColors[level])
            next = x + 30
        }
        return row + Picture.text("\(memory(most))\(zone.free > most ? " and more" : "")", x: 816, y: y + 13)
    }

    private static func share(_ pages: Int, of most: Int, width: Int) -> Int {
        Int(Double(max(pages, 0)) / Double(most) * Double(width))
    }

    /// The table of distances, darker the farther.
    private func distances(y: Int) -> (content: Markup, height: Int) {
        let nodes = report.nodes.map(\.id)
        guard nodes.count > 1, nodes.count <= Self.mostDistances else { return ("", 0) }
        var content = Picture.text("Distances, from the row's node to the column's", x: 20, y: y + 10, fill: "#1a1a1a")
        for (row, from) in nodes.enumerated() {
            content += Picture.text("node \(from.rawValue)", x: 20, y: y + 46 + row * 22)
            for (column, to) in nodes.enumerated() {
                let distance = report.distances.distance(from: from, to: to)
                let x = 90 + column * 50
                if row == 0 { content += Picture.text("\(to.rawValue)", x: x + 23, y: y + 28, anchor: "middle") }
                let shade = 255 - min(Int(distance ?? 10) - 10, 60) * 2
                let fill = "rgb(\(shade),\(shade),255)"
                content += Picture.box(x: x, y: y + 32 + row * 22, width: 46, height: 20, fill: fill)
                content += Picture.text(
                    distance.map { "\($0)" } ?? "–", x: x + 23, y: y + 46 + row * 22, anchor: "middle",
                    fill: "#1a1a1a")
            }
        }
        return (content, 44 + nodes.count * 22)
    }
}
