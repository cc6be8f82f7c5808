import BuddyEngine
import FailureAnalysis
import PageAllocator
import SourceText
import Topology

/// A picture of a failure: each zone with its free memory, marks and reserve, and its free blocks by order. Plain SVG
/// without scripts or references; all text from the log is escaped.
public struct FailurePicture: Sendable {
    private let report: FailureAnalysisReport
    private let width = 960
    private let rowHeight = 118
    private let top = 112

    public init(_ report: FailureAnalysisReport) { self.report = report }

    private var zones: [ZoneVerdict] { Array(report.analysis.zones.prefix(64)) }

    /// The picture as an SVG document.
    public var svg: String { markup.source }

    var markup: Markup {
        let sentence = Self.lines(VisibleText.of(report.sentence), width: 136)
        let start = top + 22 + max(0, sentence.count - 2) * 18
        let height = start + max(1, zones.count) * rowHeight + 40
        var text: Markup = """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" \
            class="picture" role="img" aria-labelledby="title-\(report.position.number) desc-\(report.position.number)" \
            font-family="DejaVu Sans, Helvetica, Arial, sans-serif" font-size="13">
            <title id="title-\(report.position.number)">\(report.title)</title>
            <desc id="desc-\(report.position.number)">\(report.sentence)</desc>
            <rect width="\(width)" height="\(height)" fill="#ffffff"/>
            <text x="20" y="28" font-size="16" font-weight="bold" fill="#1a1a1a">\(report.title)</text>
            <text x="20" y="50" fill="#a02020" font-weight="bold">\(report.analysis.cause.rawValue): \
            \(report.analysis.cause.title)</text>

            """
        for (index, line) in sentence.enumerated() {
            text +=
                "<text x=\"20\" y=\"\(70 + index * 18)\" fill=\"#404040\" font-size=\"12\">\(line)</text>\n"
        }
        if !zones.isEmpty { text += headings(y: start - 6) }
        for (index, zone) in zones.enumerated() { text += row(zone, y: start + index * rowHeight) }
        if zones.isEmpty {
            text += "<text x=\"20\" y=\"\(start + 20)\" fill=\"#606060\">The report has no zones.</text>\n"
        }
        return text + legend(y: height - 18) + "</svg>\n"
    }

    private func headings(y: Int) -> Markup {
        let order = report.analysis.request.map { "; order \($0.order) is asked for" } ?? ""
        return "<text x=\"20\" y=\"\(y)\" font-size=\"11\" fill=\"#606060\">free memory against the marks</text>\n"
            + "<text x=\"550\" y=\"\(y)\" font-size=\"11\" fill=\"#606060\">free memory by the blocks' order"
            + "\(order)</text>\n"
    }

    // MARK: A zone

    /// Bar of free memory against marks on the left, free blocks by order on the right.
    private func row(_ zone: ZoneVerdict, y: Int) -> Markup {
        let barWidth = 500.0
        let free = zone.free ?? 0
        let needed = (zone.effectiveMark ?? 0) + zone.lowmemReserve + zone.unusable
        let snapshot = report.analysis.machine?.snapshot.zones.first { $0.span.reference == zone.zone }
        let marks = snapshot?.watermarks.map { [$0.min, $0.low, $0.high].map { mark in mark + zone.boost } } ?? []
        let scale = barWidth / Double(max(1, max(free, needed, marks.max() ?? 0) * 11 / 10))
        func x(_ pages: Int) -> Int { 20 + Int(Double(max(0, pages)) * scale) }
        let isGood = zone.outcome == .look(.served)
        var text: Markup =
            "<text x=\"20\" y=\"\(y + 16)\" font-weight=\"bold\" fill=\"#1a1a1a\">node \(zone.zone.node.rawValue) "
            + "\(zone.zone.kind.kernelName)</text>\n"
            + "<text x=\"520\" y=\"\(y + 16)\" text-anchor=\"end\" fill=\"\(isGood ? "#207020" : "#a02020")\">"
            + "\(zone.verdict)</text>\n"
        text += "<rect x=\"20\" y=\"\(y + 26)\" width=\"500\" height=\"22\" fill=\"#f0f0f0\"/>\n"
        let notCounted = min(free, zone.highAtomic + zone.cma)
        text += bar(x(0), x(free - notCounted), y + 26, "#5b9bd5")
        text += bar(x(free - notCounted), x(free), y + 26, "#c9b458")
        if let inForce = zone.effectiveMark {
            for mark in marks { text += tick(x(mark), y, "#707070", width: 1) }
            text += tick(x(inForce), y, "#a02020")
            if zone.lowmemReserve > 0 { text += tick(x(inForce + zone.lowmemReserve), y, "#e07b00") }
        }
        text +=
            "<text x=\"20\" y=\"\(y + 68)\" fill=\"#404040\" font-size=\"11\">\(caption(zone))</text>\n"
        return text + blocks(zone, y: y)
    }

    /// "free 17.6 MiB, 10 MiB of it not counted; 7.6 MiB (mark) + 1 MiB (reserve) must stay".
    private func caption(_ zone: ZoneVerdict) -> String {
        guard let free = zone.free else { return "how much is free is not told" }
        let kept = zone.highAtomic + zone.cma
        let unusable = kept > 0 ? ", \(report.memory(min(free, kept))) of it not counted" : ""
        guard let inForce = zone.effectiveMark else { return "free \(report.memory(free))\(unusable); marks not told" }
        let reserve = zone.lowmemReserve > 0 ? " + \(report.memory(zone.lowmemReserve)) (reserve)" : ""
        let mark = inForce < zone.mark ?? inForce ? "mark, lowered" : "mark"
        return "free \(report.memory(free))\(unusable); \(report.memory(inForce)) (\(mark))\(reserve) must stay"
    }

    private func bar(_ from: Int, _ to: Int, _ y: Int, _ color: String) -> Markup {
        to > from ? "<rect x=\"\(from)\" y=\"\(y)\" width=\"\(to - from)\" height=\"22\" fill=\"\(color)\"/>\n" : ""
    }

    private func tick(_ x: Int, _ y: Int, _ color: String, width: Int = 2) -> Markup {
        "<line x1=\"\(x)\" y1=\"\(y + 22)\" x2=\"\(x)\" y2=\"\(y + 52)\" stroke=\"\(color)\" "
            + "stroke-width=\"\(width)\"/>\n"
    }

    /// Free memory by block size; the order asked for and those above in a stronger colour.
    private func blocks(_ zone: ZoneVerdict, y: Int) -> Markup {
        guard let snapshot = report.analysis.machine?.snapshot.zones.first(where: { $0.span.reference == zone.zone }),
            case .counts(let counts) = snapshot.free
        else { return "" }
        let pages = counts.enumerated().map { $1.total << $0 }
        let most = max(1, pages.max() ?? 1)
        let step = min(36, 390 / max(1, counts.count))
        var text: Markup = ""
        for (order, amount) in pages.enumerated() {
            let height = amount == 0 ? 0 : max(1, Int(Double(amount) * 64 / Double(most)))
            let x = 550 + order * step
            let wanted = order >= report.analysis.request?.order ?? 0
            let isAsked = order == report.analysis.request?.order
            let look: Markup = isAsked ? "font-weight=\"bold\" fill=\"#a02020\"" : "fill=\"#606060\""
            let byType = counts[order].byType ?? [:]
            let barred = (zone.cma > 0 ? byType[.cma] ?? 0 : 0) + (zone.highAtomic > 0 ? byType[.highAtomic] ?? 0 : 0)
            let barredHeight = height * min(barred, counts[order].total) / max(1, counts[order].total)
            text +=
                "<rect x=\"\(x)\" y=\"\(y + 80 - height)\" width=\"\(step - 6)\" height=\"\(height)\" "
                + "fill=\"\(wanted ? "#3c7d3c" : "#b0b0b0")\"/>\n"
                + "<rect x=\"\(x)\" y=\"\(y + 80 - height)\" width=\"\(step - 6)\" height=\"\(barredHeight)\" "
                + "fill=\"#c9b458\"/>\n"
                + "<text x=\"\(x + (step - 6) / 2)\" y=\"\(y + 94)\" text-anchor=\"middle\" font-size=\"10\" "
                + "\(look)>\(order)</text>\n"
                + (counts[order].total > 0
                    ? "<text x=\"\(x + (step - 6) / 2)\" y=\"\(y + 76 - height)\" text-anchor=\"middle\" font-size=\"9\" "
                        + "fill=\"#404040\">\(Self.short(counts[order].total))</text>\n" : "")
        }
        return text
    }

    private func legend(y: Int) -> Markup {
        var items = [("#5b9bd5", "free"), ("#707070", "min, low, high"), ("#a02020", "mark in force")]
        if zones.contains(where: { $0.highAtomic + $0.cma > 0 }) {
            items.insert(("#c9b458", "free, does not count"), at: 1)
        }
        if zones.contains(where: { $0.lowmemReserve > 0 }) { items.append(("#e07b00", "mark and lowmem reserve")) }
        items.append(("#3c7d3c", "blocks of the order or larger"))
        if report.analysis.request?.order ?? 0 > 0 { items.append(("#b0b0b0", "smaller")) }
        var x = 20
        var text: Markup = ""
        for (color, label) in items {
            text +=
                "<rect x=\"\(x)\" y=\"\(y - 9)\" width=\"10\" height=\"10\" fill=\"\(color)\"/>"
                + "<text x=\"\(x + 14)\" y=\"\(y)\" font-size=\"11\" fill=\"#404040\">\(label)</text>\n"
            x += 34 + label.count * 6
        }
        return text
    }

    private static func short(_ count: Int) -> String {
        count < 10_000 ? "\(count)" : count < 10_000_000 ? "\(count / 1000)k" : "\(count / 1_000_000)M"
    }

    static func lines(_ text: String, width: Int) -> [String] {
        TextStyle(width: width).wrap(text).split(separator: "\n").map(String.init)
    }
}
