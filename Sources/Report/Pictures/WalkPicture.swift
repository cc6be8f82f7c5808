import BuddyEngine
import GFP
import PageAllocator
import SourceText
import Topology

/// One request as a picture: every walk over the zonelist, and for each zone what was free and what was needed.
public struct WalkPicture: Sendable {
    private let explanation: Explanation
    private let title: String
    private let pageSize: Int

    private static let rowHeight = 46
    private static let left = 170
    private static let barWidth = 420
    private static let mostRows = 96

    /// Nil if the request was not explained.
    ///
    /// - Parameters:
    ///   - report: The report of the request.
    public init?(_ report: AllocationReport) {
        guard let explanation = report.explanation else { return nil }
        self.explanation = explanation
        pageSize = report.pageSize
        title = "\(report.maskName), order \(report.request.order), from CPU \(report.request.cpu)"
    }

    private func memory(_ pages: Int) -> String { MemoryAmount.text(pages: pages, pageSize: pageSize) }

    /// The picture as an SVG document.
    public var svg: String {
        var content = Picture.text(
            "free memory that the request may count, against mark, reserve and the block itself; each row to twice what is "
                + "needed", x: 20, y: 46)
        var words: [String] = []
        var y = 70
        var rows = 0
        var left = 0
        var number = 0
        for step in explanation.steps {
            switch step {
            case .walk(let walk):
                number += 1
                let heading =
                    "Walk \(number)\(walk.isRestart ? ", begun again" : ""): "
                    + walk.flags.description(under: explanation.reserves)
                content += Picture.text(heading, x: 20, y: y + 12, isBold: true, .ink)
                words.append(heading)
                y += 24
                for row in Self.rows(walk) {
                    rows += 1
                    guard rows <= Self.mostRows else {
                        left += 1
                        continue
                    }
                    content += draw(row, ignoresMarks: walk.flags.contains(.noWatermarks), &y, &words)
                }
            case .kswapd(let wake):
                note("kswapd of node \(wake.node) is called\(wake.awakened ? ", and wakes up" : "")", &content, &y)
            case .reclaim(let call, let freed):
                note("reclaim on node \(call.node): \(counted(freed, "page")) freed", &content, &y)
            }
        }
        if left > 0 { note("\(counted(left, "more row")) not drawn", &content, &y) }
        content += Picture.text(
            outcome, x: 20, y: y + 16, size: 14, isBold: true, explanation.frame == nil ? .bad : .good)
        content += legend(y: y + 40)
        return Picture(
            height: y + 56, title: title, description: (words + [outcome]).joined(separator: "; "), content: content
        ).svg
    }

    private func legend(y: Int) -> Markup {
        var x = 20
        var text: Markup = ""
        for (colour, label) in [
            (PictureColour.free, "free, counts"), (.other, "free, does not count"), (.low, "mark in force"),
            (.reserve, "mark and lowmem reserve"), (.bad, "needed, with the block itself"),
        ] {
            text += Picture.box(x: x, y: y - 9, width: 10, height: 10, colour)
            text += Picture.text(label, x: x + 14, y: y, size: 11)
            x += 34 + label.count * 7
        }
        return text
    }

    private func note(_ text: String, _ content: inout Markup, _ y: inout Int) {
        content += Picture.text(text, x: 20, y: y + 12)
        y += 22
    }

    private var outcome: String {
        switch explanation.outcome {
        case .served(let service):
            "Served: page frame \(service.frame), node \(service.zone.node.rawValue) \(service.zone.kind.kernelName)"
        case .refused: "Refused: \(explanation.refusalClause)"
        }
    }

    /// Either zones that were compared with a mark, equal ones together, or zones that were skipped.
    private enum Row {
        case looks([ZoneLook])
        case passedOver([ZoneReference], PassOverReason)
    }

    private static func rows(_ walk: Explanation.Walk) -> [Row] {
        var rows: [Row] = WalkTable(walk).groups.map { .looks($0) }
        var passed: [(reason: PassOverReason, zones: [ZoneReference])] = []
        for case .passedOver(let zone, let reason) in walk.visits {
            if let place = passed.firstIndex(where: { $0.reason == reason }) {
                passed[place].zones.append(zone)
            } else {
                passed.append((reason, [zone]))
            }
        }
        rows += passed.map { .passedOver($0.zones, $0.reason) }
        return rows
    }

    private func draw(_ row: Row, ignoresMarks: Bool, _ y: inout Int, _ words: inout [String]) -> Markup {
        switch row {
        case .passedOver(let zones, let reason):
            let text = "\(ZoneNames.text(zones)): passed over, \(reason.words(isPolicy: explanation.isBoundByPolicy))"
            words.append(text)
            y += 20
            return Picture.text(text, x: 20, y: y - 8)
        case .looks(let looks):
            y += Self.rowHeight
            return draw(looks, ignoresMarks: ignoresMarks, y: y - Self.rowHeight, &words)
        }
    }

    private func draw(_ looks: [ZoneLook], ignoresMarks: Bool, y: Int, _ words: inout [String]) -> Markup {
        let name = ZoneNames.text(looks.map(\.zone))
        let look = looks[0]
        let most = max(look.needs * 2, 1)
        func x(_ pages: Int) -> Int {
            Self.left + Int(Double(min(max(pages, 0), most)) / Double(most) * Double(Self.barWidth))
        }
        let isServed = look.verdict == .served
        let verdict = verdict(look)
        var row = Picture.text(name, x: 20, y: y + 14, .ink)
        row += Picture.box(x: Self.left, y: y, width: Self.barWidth, height: 18, .used)
        row += Picture.box(x: Self.left, y: y, width: x(look.countable) - Self.left, height: 18, .free)
        row += Picture.box(
            x: x(look.countable), y: y, width: x(look.countable + look.setAside) - x(look.countable), height: 18, .other
        )
        if look.countable + look.setAside > most {
            row += Picture.text("and more", x: Self.left + Self.barWidth - 4, y: y + 13, anchor: "end", .ink)
        }
        if !ignoresMarks {
            for (pages, colour) in [
                (look.effectiveMark, PictureColour.low), (look.required, .reserve), (look.needs, .bad),
            ] { row += Picture.line((x(pages), y - 3), (x(pages), y + 21), colour, width: 2) }
        }
        row += Picture.text(
            verdict, x: Self.left + Self.barWidth + 14, y: y + 14, isBold: true, isServed ? .good : .bad)
        let figures =
            figures(look, ignoresMarks: ignoresMarks) + (looks.count > 1 ? " (the first of \(looks.count))" : "")
        row += Picture.text(figures, x: Self.left, y: y + 33, size: 11)
        words.append("\(name): \(figures): \(verdict)")
        return row
    }

    /// "61 GiB free, 2 MiB of it not counted; mark 104 MiB + reserve 0 B + block 16 KiB".
    private func figures(_ look: ZoneLook, ignoresMarks: Bool) -> String {
        let aside = look.setAside > 0 ? ", \(memory(look.setAside)) of it not counted (\(look.asideLabels))" : ""
        guard !ignoresMarks else { return "\(memory(look.free)) free\(aside); no mark counts" }
        let lowered = look.effectiveMark < look.mark ? " (of \(memory(look.mark)))" : ""
        return "\(memory(look.free)) free\(aside); needed: mark \(memory(look.effectiveMark))\(lowered) + reserve "
            + "\(memory(look.lowmemReserve)) + block \(memory(look.blockPages))"
    }

    private func verdict(_ look: ZoneLook) -> String {
        let label = look.fact(order: look.order).label
        return look.verdict == .belowMark ? "\(label), \(memory(look.missing)) short" : label
    }
}
