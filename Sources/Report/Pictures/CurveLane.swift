import History
import SourceText

/// A zone's free memory and marks over the events of one history, or of two on the same axes.
struct CurveLane {
    /// The free memory as a solid line; of two histories, the first's.
    var first: HistoryCurves.Curve
    /// The second history's free memory, as a dashed line.
    var second: HistoryCurves.Curve?
    /// The number of the last event of both.
    var last: Int
    var pageSize: Int
    /// The largest amount on the axis, in pages.
    var most: Int
    /// Bands for the kswapd and kcompactd of the zone's node, and letters for remarkable events, all of the first
    /// history.
    var awake: [ClosedRange<Int>]
    var compacting: [ClosedRange<Int>]
    var signs: [HistoryCurves.Sign]

    static let height = 150
    private static let left = 90
    private static let plotWidth = 740
    private static let plotHeight = 80
    private static let top = 34
    private static let signWidth = 11

    func markup(y: Int) -> Markup {
        let bottom = y + Self.top + Self.plotHeight
        func height(_ pages: Int) -> Int {
            bottom - Int(Double(min(max(pages, 0), most)) / Double(most) * Double(Self.plotHeight))
        }
        var lane = Picture.text(first.name, x: Self.left, y: y + 12, isBold: true, .ink)
        for share in [0.0, 0.5, 1] {
            let pages = Int(Double(most) * share)
            lane += Picture.line((Self.left, height(pages)), (Self.left + Self.plotWidth, height(pages)), .line)
            lane += Picture.text(
                MemoryAmount.text(pages: pages, pageSize: pageSize), x: Self.left - 6, y: height(pages) + 4,
                anchor: "end")
        }
        lane += area(height, bottom)
        if let second { lane += Picture.curve(places(second, height), .freeLine, dashes: "5 3") }
        lane += marks(height) + bands(awake, y: bottom + 2, height: 5, .awake, words: "kswapd is awake")
        lane +=
            bands(compacting, y: bottom + 8, height: 3, .reserve, words: "kcompactd is awake")
            + letters(y + Self.top - 6)
        for (share, anchor) in [(0, "start"), (1, "end")] as [(Int, Markup)] {
            lane += Picture.text(
                share == 0 ? "start" : "event \(last)", x: Self.left + share * Self.plotWidth, y: bottom + 20,
                anchor: anchor)
        }
        return lane
    }

    private func x(_ number: Int) -> Int {
        Self.left + Int(Double(number) / Double(max(last, 1)) * Double(Self.plotWidth))
    }

    /// For each pixel column, the largest and the smallest amount of free memory.
    private func places(_ curve: HistoryCurves.Curve, _ height: (Int) -> Int) -> [(x: Int, y: Int)] {
        var places: [(x: Int, y: Int)] = []
        var column = (x: Int.min, least: 0, most: 0)
        func close() {
            guard column.x != .min else { return }
            places.append((column.x, height(column.most)))
            if column.least != column.most { places.append((column.x, height(column.least))) }
        }
        for point in curve.points {
            let x = x(point.number)
            if x == column.x {
                column = (x, min(column.least, point.least), max(column.most, point.most))
            } else {
                close()
                column = (x, point.least, point.most)
            }
        }
        close()
        return places
    }

    private func area(_ height: (Int) -> Int, _ bottom: Int) -> Markup {
        let places = places(first, height)
        guard let begin = places.first, let end = places.last else { return "" }
        let outline = ([(begin.x, bottom)] + places + [(end.x, bottom)]).map { "\($0.0),\($0.1)" }.joined(
            separator: " ")
        let area: Markup =
            "<polygon points=\"\(outline)\" class=\"f-free\" fill=\"\(PictureColour.free.light)\" fill-opacity=\"0.25\"/>\n"
        return area + Picture.curve(places, .freeLine)
    }

    /// The marks at each moment, including their boost; their names are beside the plot.
    private func marks(_ height: (Int) -> Int) -> Markup {
        guard let end = first.marks.last?.marks else { return "" }
        func pages(_ marks: ZoneMarks) -> [Int] { [marks.min, marks.low, marks.high].map { $0 + marks.boost } }
        var lines: Markup = ""
        let labels = Picture.spread(pages(end).map(height), by: 13)
        for (level, mark) in Picture.marks.enumerated() {
            var places: [(x: Int, y: Int)] = []
            for (index, span) in first.marks.enumerated() {
                let y = height(pages(span.marks)[level])
                let until = index + 1 < first.marks.count ? first.marks[index + 1].number : last
                places += [(x(span.number), y), (x(until), y)]
            }
            lines += Picture.curve(places, mark.colour, dashes: "6 4")
            lines += Picture.text(
                "\(mark.name) \(MemoryAmount.text(pages: pages(end)[level], pageSize: pageSize))",
                x: Self.left + Self.plotWidth + 6, y: labels[level] + 4, mark.colour)
        }
        return lines
    }

    /// Bands for the periods in which a thread is awake.
    private func bands(
        _ spans: [ClosedRange<Int>], y: Int, height: Int, _ colour: PictureColour, words: String
    ) -> Markup {
        var seen = Int.min
        return spans.map { span in
            let from = max(x(span.lowerBound), seen)
            let to = max(x(span.upperBound), from + 2)
            seen = to
            return Picture.box(x: from, y: y, width: to - from, height: height, colour, words: words)
        }.joined()
    }

    /// Letters of remarkable events; of several at one place, the gravest.
    private func letters(_ y: Int) -> Markup {
        var places: [Int: HistoryTally.Notice] = [:]
        for sign in signs {
            let place = x(sign.number) / Self.signWidth
            places[place] = HistoryTally.Notice.allCases.last { $0 == sign.notice || $0 == places[place] }
        }
        return places.sorted { $0.key < $1.key }.map { place, notice in
            Picture.text(
                notice.sign, x: place * Self.signWidth + Self.signWidth / 2, y: y, anchor: "middle", isBold: true,
                notice == .refusal || notice == .kill ? .bad : .ink)
        }.joined()
    }
}
