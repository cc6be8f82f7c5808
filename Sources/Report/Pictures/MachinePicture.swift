import PageAllocator
import SourceText
import Topology

/// A machine as a picture: its nodes and distances, and for each zone its free memory, on one scale for all zones,
/// beside its marks, on a scale of the zone's own. Neighbouring zones that look the same share a row.
public struct MachinePicture: Sendable {
    private let report: MachineReport
    private let rows: [[MachineReport.Zone]]

    private static let rowHeight = 48
    private static let most = 64
    private static let mostDistances = 16
    private static let bar = (x: 190, width: 330)
    private static let marks = (x: 570, width: 250)

    /// Creates the picture of a machine.
    public init(_ report: MachineReport) {
        self.report = report
        rows = Self.rows(report.zones.filter { $0.managed > 0 })
    }

    /// Groups three or more neighbours of one kind with the same figures.
    private static func rows(_ zones: [MachineReport.Zone]) -> [[MachineReport.Zone]] {
        var rows: [[MachineReport.Zone]] = []
        for zone in zones {
            if let last = rows.last?.last, last.kind == zone.kind, last.free == zone.free, last.managed == zone.managed,
                last.watermarks == zone.watermarks
            {
                rows[rows.count - 1].append(zone)
            } else {
                rows.append([zone])
            }
        }
        return rows.flatMap { $0.count < 3 ? $0.map { [$0] } : [$0] }
    }

    /// The picture as an SVG document.
    public var svg: String {
        let drawn = rows.prefix(Self.most)
        let top = 92
        let foot = top + drawn.count * Self.rowHeight + 20
        let distances = distances(y: foot + 16)
        var content = headings
        let most = max(drawn.map { $0[0].managed }.max() ?? 1, 1)
        for (index, zones) in drawn.enumerated() {
            content += row(zones, y: top + index * Self.rowHeight, most: most)
        }
        let left = rows.count - drawn.count
        if left > 0 { content += Picture.text("\(counted(left, "more row")) not drawn", x: 20, y: foot) }
        return Picture(
            height: foot + 24 + distances.height, title: report.name.isEmpty ? "A machine" : report.name,
            description: drawn.map(words).joined(separator: "; "), content: content + distances.content
        ).svg
    }

    private var headings: Markup {
        Picture.text(report.summary, x: 20, y: 46)
            + Picture.text("memory: free of managed, one scale for all rows", x: Self.bar.x, y: 74)
            + Picture.text("free memory against the marks, each row's own scale", x: Self.marks.x, y: 74)
    }

    private func name(_ zones: [MachineReport.Zone]) -> String {
        ZoneNames.text(zones.map { ZoneReference(node: $0.node, kind: $0.kind) })
    }

    private func words(_ zones: [MachineReport.Zone]) -> String {
        let zone = zones[0]
        let marks = [zone.watermarks.min, zone.watermarks.low, zone.watermarks.high]
        return "\(name(zones)): \(memory(zone.free)) free of \(memory(zone.managed))\(zones.count > 1 ? " each" : ""), "
            + zip(Picture.marks, marks).map { "\($0.name) \(memory($1))" }.joined(separator: ", ")
    }

    private func memory(_ pages: Int) -> String { MemoryAmount.text(pages: pages, pageSize: report.pageSize) }

    private func row(_ zones: [MachineReport.Zone], y: Int, most: Int) -> Markup {
        let zone = zones[0]
        let managed = Self.share(zone.managed, of: most, width: Self.bar.width)
        let free = Self.share(zone.free, of: most, width: Self.bar.width)
        var row = Picture.text(name(zones), x: 20, y: y + 14, .ink)
        row += Picture.box(x: Self.bar.x, y: y, width: max(managed, 1), height: 16, .used)
        row += Picture.box(x: Self.bar.x, y: y, width: free, height: 16, .free)
        row += Picture.text(
            "\(memory(zone.free)) of \(memory(zone.managed))\(zones.count > 1 ? ", each of \(zones.count)" : "")",
            x: Self.bar.x, y: y + 31)
        return row + marks(zone, y: y)
    }

    /// The marks, up to twice the high mark: more free memory makes no difference.
    private func marks(_ zone: MachineReport.Zone, y: Int) -> Markup {
        let marks = [zone.watermarks.min, zone.watermarks.low, zone.watermarks.high].map { $0 + zone.watermarks.boost }
        let most = max(marks[2] * 2, 1)
        let (left, width) = (Self.marks.x, Self.marks.width)
        var row = Picture.box(x: left, y: y, width: width, height: 16, .used)
        row += Picture.box(
            x: left, y: y, width: Self.share(min(zone.free, most), of: most, width: width), height: 16, .free)
        let wanted = marks.map { left + Self.share($0, of: most, width: width) }
        // From the right, because there is room to the left for all three names.
        let labels = Picture.spread(wanted, by: 34)
        for (level, mark) in Picture.marks.enumerated() {
            row += Picture.line((wanted[level], y - 2), (wanted[level], y + 18), mark.colour, width: 2)
            row += Picture.text(mark.name, x: labels[level], y: y + 31, anchor: "middle", mark.colour)
        }
        // The axis begins at the bar, whether or not it is labelled.
        if labels.allSatisfy({ $0 - left > 24 }) { row += Picture.text("0", x: left, y: y + 31) }
        return row
            + Picture.text("\(memory(most))\(zone.free > most ? " and more" : "")", x: left + width + 6, y: y + 13)
    }

    private static func share(_ pages: Int, of most: Int, width: Int) -> Int {
        Int(Double(max(pages, 0)) / Double(most) * Double(width))
    }

    /// A sentence about the distances of more nodes than a table has room for.
    private var distanceRange: String {
        let nodes = report.nodes.map(\.id)
        let others = nodes.flatMap { from in
            nodes.compactMap { $0 == from ? nil : report.distances.distance(from: from, to: $0) }
        }
        guard let nearest = others.min(), let farthest = others.max() else { return "" }
        let range = nearest == farthest ? "\(nearest)" : "\(nearest) to \(farthest)"
        return
            "Distances from one of the \(nodes.count) nodes to another: \(range). Their table is too large to be drawn."
    }

    /// The table of distances, with a bar whose length grows with the distance.
    private func distances(y: Int) -> (content: Markup, height: Int) {
        let nodes = report.nodes.map(\.id)
        guard nodes.count > 1 else { return ("", 0) }
        guard nodes.count <= Self.mostDistances else { return (Picture.text(distanceRange, x: 20, y: y + 10), 20) }
        var content = Picture.text("Distances, from the row's node to the column's", x: 20, y: y + 10, .ink)
        for (row, from) in nodes.enumerated() {
            content += Picture.text("node \(from.rawValue)", x: 20, y: y + 46 + row * 24)
            for (column, to) in nodes.enumerated() {
                let distance = report.distances.distance(from: from, to: to)
                let x = 90 + column * 52
                if row == 0 { content += Picture.text("\(to.rawValue)", x: x + 23, y: y + 28, anchor: "middle") }
                content += Picture.text(
                    distance.map { "\($0)" } ?? "–", x: x + 23, y: y + 46 + row * 24, anchor: "middle", .ink)
                let length = min(Int(distance ?? 10), 60) * 46 / 60
                content += Picture.box(x: x, y: y + 50 + row * 24, width: length, height: 3, .free)
            }
        }
        return (content, 48 + nodes.count * 24)
    }
}
