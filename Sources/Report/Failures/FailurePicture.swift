import BuddyEngine
import FailureAnalysis
import PageAllocator
import SourceText
import Topology

/// A picture of a failure: each zone with its free memory, marks and reserve, and with its free memory by the order of
/// the blocks. Zones that look the same share a row.
public struct FailurePicture: Sendable {
    private let report: FailureAnalysisReport
    private let rows: [[ZoneVerdict]]

    private static let rowHeight = 132
    private static let top = 118
    private static let bar = (x: 20, width: 480)
    private static let most = 64
    /// Of a second line of the legend, and the line about scales.
    private static let legendHeight = 36

    /// Creates the picture of a report.
    public init(_ report: FailureAnalysisReport) {
        self.report = report
        rows = Self.rows(report.analysis)
    }

    /// Groups zones of one kind with the same figures, free blocks and verdict, wherever they are in the list.
    private static func rows(_ analysis: FailureAnalysis) -> [[ZoneVerdict]] {
        var rows: [[ZoneVerdict]] = []
        func blocks(_ zone: ZoneVerdict) -> FreePages? {
            analysis.machine?.snapshot.zones.first { $0.span.reference == zone.zone }?.free
        }
        for zone in analysis.zones {
            var same = zone
            if let place = rows.firstIndex(where: { row in
                same.zone = row[0].zone
                return row[0].zone.kind == zone.zone.kind && row[0] == same && blocks(row[0]) == blocks(zone)
            }) {
                rows[place].append(zone)
            } else {
                rows.append([zone])
            }
        }
        return rows
    }

    /// The picture as an SVG document.
    public var svg: String { picture.svg }

    /// The picture as a part of a page.
    var markup: Markup { picture.markup }

    private var picture: Picture {
        let sentence = Self.lines(VisibleText.of(report.sentence), width: 136)
        let start = Self.top + max(0, sentence.count - 2) * 18
        let drawn = rows.prefix(Self.most)
        let height = start + max(1, drawn.count) * Self.rowHeight + 44 + Self.legendHeight
        var content = Picture.text(
            "\(report.analysis.cause.rawValue): \(report.analysis.cause.title)", x: 20, y: 48, isBold: true, .bad)
        for (index, line) in sentence.enumerated() { content += Picture.text(line, x: 20, y: 68 + index * 18) }
        if drawn.isEmpty {
            content += Picture.text("The report has no zones.", x: 20, y: start + 20)
        } else {
            content += headings(y: start - 8)
        }
        for (index, zones) in drawn.enumerated() { content += row(zones, y: start + index * Self.rowHeight) }
        if rows.count > drawn.count {
            content += Picture.text(
                "\(rows.count - drawn.count) more rows not drawn", x: 20, y: height - 36 - Self.legendHeight)
        }
        return Picture(
            height: height, title: report.title, description: description,
            content: content + legend(y: height - 14 - Self.legendHeight),
            name: "-report-\(report.position.number)")
    }

    private var description: String {
        ([report.sentence] + rows.prefix(Self.most).map { "\(name($0)): \(caption($0[0])): \($0[0].verdict)" })
            .joined(separator: " ")
    }

    private func name(_ zones: [ZoneVerdict]) -> String { ZoneNames.text(zones.map(\.zone)) }

    private func headings(y: Int) -> Markup {
        let order = report.analysis.request.map { "; order \($0.order) is asked for" } ?? ""
        return Picture.text("free memory against the marks, each row's own scale", x: 20, y: y, size: 11)
            + Picture.text("free memory by the order of its blocks\(order)", x: 560, y: y, size: 11)
    }

    // MARK: A zone

    /// A row: on the left a bar of free memory and the marks, on the right free memory by order.
    private func row(_ zones: [ZoneVerdict], y: Int) -> Markup {
        let zone = zones[0]
        let isGood = zone.outcome == .look(.served)
        let free = zone.free ?? 0
        let snapshot = report.analysis.machine?.snapshot.zones.first { $0.span.reference == zone.zone }
        let marks = snapshot?.watermarks.map { [$0.min, $0.low, $0.high].map { mark in mark + zone.boost } } ?? []
        let needed = (zone.effectiveMark ?? 0) + (zone.lowmemReserve ?? 0) + zone.unusable
        let most = max(1, max(free, needed, marks.max() ?? 0) * 11 / 10)
        func x(_ pages: Int) -> Int {
            Self.bar.x + Int(Double(max(0, pages)) / Double(most) * Double(Self.bar.width))
        }
        var text = Picture.text(name(zones), x: 20, y: y + 16, isBold: true, .ink)
        text += Picture.text(
            zone.verdict, x: Self.bar.x + Self.bar.width, y: y + 16, anchor: "end", isBold: true, isGood ? .good : .bad)
        text += Picture.box(x: Self.bar.x, y: y + 26, width: Self.bar.width, height: 20, .used)
        let notCounted = min(free, zone.highAtomic + zone.cma)
        text += bar(x(0), x(free - notCounted), y + 26, .free) + bar(x(free - notCounted), x(free), y + 26, .other)
        text += ticks(zone, marks, y: y, x)
        text += Picture.text("0", x: Self.bar.x, y: y + 76, size: 11)
        text += Picture.text(report.memory(most), x: Self.bar.x + Self.bar.width, y: y + 76, anchor: "end", size: 11)
        text += Picture.text(caption(zone), x: 20, y: y + 94, size: 11)
        return text + blocks(zone, y: y)
    }

    private func bar(_ from: Int, _ to: Int, _ y: Int, _ colour: PictureColour) -> Markup {
        Picture.box(x: from, y: y, width: to - from, height: 20, colour)
    }

    /// The marks with their names, above them the mark that applies, and what must remain free for the reserve.
    private func ticks(_ zone: ZoneVerdict, _ marks: [Int], y: Int, _ x: (Int) -> Int) -> Markup {
        var ticks: Markup = ""
        let labels = Picture.spread(marks.map(x), by: 30, from: Self.bar.x + 10)
        for (level, mark) in marks.enumerated() {
            let (name, colour) = Picture.marks[level]
            ticks += Picture.line((x(mark), y + 26), (x(mark), y + 52), colour)
            ticks += Picture.text(name, x: labels[level], y: y + 63, anchor: "middle", size: 11, colour)
        }
        guard let inForce = zone.effectiveMark else { return ticks }
        ticks += Picture.line((x(inForce), y + 20), (x(inForce), y + 50), .bad, width: 3)
        guard let kept = zone.lowmemReserve, kept > 0 else { return ticks }
        let whole = x(inForce + kept)
        return ticks + Picture.line((whole, y + 20), (whole, y + 50), .reserve, width: 3, dashes: "4 2")
    }

    /// "free 17.6 MiB, 10 MiB of it not counted; 7.6 MiB (mark) + 1 MiB (reserve) must stay".
    private func caption(_ zone: ZoneVerdict) -> String {
        guard let free = zone.free else { return "how much is free is not stated" }
        let kept = zone.highAtomic + zone.cma
        let unusable = kept > 0 ? ", \(report.memory(min(free, kept))) of it not counted (\(zone.asideLabels))" : ""
        guard let inForce = zone.effectiveMark else {
            return "free \(report.memory(free))\(unusable); marks not stated"
        }
        let reserve = zone.lowmemReserve.flatMap { $0 > 0 ? " + \(report.memory($0)) (reserve)" : nil } ?? ""
        let mark = inForce < zone.mark ?? inForce ? "mark, lowered" : "mark"
        return "free \(report.memory(free))\(unusable); \(report.memory(inForce)) (\(mark))\(reserve) must stay"
    }

    // MARK: Blocks

    /// Free memory by block size: heights and figures are amounts of memory. The requested order and those above have a
    /// stronger colour.
    private func blocks(_ zone: ZoneVerdict, y: Int) -> Markup {
        guard let snapshot = report.analysis.machine?.snapshot.zones.first(where: { $0.span.reference == zone.zone }),
            case .counts(let counts) = snapshot.free
        else { return "" }
        let pages = counts.enumerated().map { $1.total << $0 }
        let most = max(1, pages.max() ?? 1)
        let step = min(34, 380 / max(1, counts.count))
        let asked = report.analysis.request?.order ?? 0
        var text = Picture.line((560, y + 88), (560 + counts.count * step, y + 88), .line)
        for (order, amount) in pages.enumerated() {
            let height = amount == 0 ? 0 : max(1, Int(Double(amount) * 62 / Double(most)))
            let x = 560 + order * step
            let byType = counts[order].byType ?? [:]
            let barred = (zone.cma > 0 ? byType[.cma] ?? 0 : 0) + (zone.highAtomic > 0 ? byType[.highAtomic] ?? 0 : 0)
            let barredHeight = height * min(barred, counts[order].total) / max(1, counts[order].total)
            let words = "order \(order): \(counted(counts[order].total, "block")), \(report.memory(amount))"
            text += Picture.box(
                x: x, y: y + 88 - height, width: step - 6, height: height, order >= asked ? .high : .line, words: words)
            text += Picture.box(x: x, y: y + 88 - height, width: step - 6, height: barredHeight, .other)
            let middle = x + (step - 6) / 2
            text += Picture.text(
                "\(order)", x: middle, y: y + 103, anchor: "middle", size: 11, isBold: order == asked,
                order == asked ? .bad : .quiet)
            guard amount > 0 else { continue }
            text += Picture.text(short(amount), x: middle, y: y + 84 - height, anchor: "middle", size: 11, .ink)
        }
        return text
    }

    /// An amount in about four characters: "24M".
    private func short(_ pages: Int) -> String {
        let words = report.memory(pages).split(separator: " ")
        guard words.count == 2, let amount = Double(words[0]) else { return report.memory(pages) }
        let figure = amount < 10 ? String(words[0]) : "\(Int(amount.rounded()))"
        return figure + words[1].prefix(1)
    }

    private func legend(y: Int) -> Markup {
        var items: [(colour: PictureColour, label: String)] = [(.free, "free"), (.bad, "mark in force")]
        let zones = rows.map { $0[0] }
        if zones.contains(where: { $0.highAtomic + $0.cma > 0 }) {
            items.insert((.other, "free, does not count"), at: 1)
        }
        if zones.contains(where: { $0.lowmemReserve ?? 0 > 0 }) { items.append((.reserve, "mark and lowmem reserve")) }
        items.append((.high, "in blocks of the order or larger"))
        if report.analysis.request?.order ?? 0 > 0 { items.append((.line, "in smaller ones")) }
        var (x, y) = (20, y)
        var text: Markup = ""
        for (colour, label) in items {
            if x + 14 + label.count * 7 > Picture.width - 20 { (x, y) = (20, y + 18) }
            text += Picture.box(x: x, y: y - 9, width: 10, height: 10, colour)
            text += Picture.text(label, x: x + 14, y: y, size: 11)
            x += 34 + label.count * 7
        }
        return text + Picture.text("each row's own scale; K, M, G: KiB, MiB, GiB", x: 20, y: y + 18, size: 11)
    }

    static func lines(_ text: String, width: Int) -> [String] {
        TextStyle(width: width).wrap(text).split(separator: "\n").map(String.init)
    }
}
