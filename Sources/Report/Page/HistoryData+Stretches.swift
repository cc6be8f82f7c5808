import History

/// Summaries of events that the page does not have one by one.
extension HistoryData {
    /// `[first, last, tally, nodes awake, marks that changed, least free, most free, nodes whose kcompactd woke]`, least
    /// and most by zone.
    func write(_ stretches: [HistoryStretch], to out: inout String) {
        var marks: [ZoneMarks] = []
        for (index, stretch) in stretches.enumerated() {
            if index > 0 { out += ",\n" }
            let tally = stretch.tally
            let awake = stretch.awake.indices.filter { stretch.awake[$0] }
            let compacting = stretch.compacting.indices.filter { stretch.compacting[$0] }
            out += "[\(stretch.numbers.lowerBound),\(stretch.numbers.upperBound),"
            out += Self.list([
                tally.fallbacks, tally.steals, tally.stalls, tally.compactions, tally.refusals, tally.kills,
            ])
            out += "," + Self.list(awake) + ",["
            out += stretch.marks.enumerated().filter { marks.isEmpty || marks[$0] != $1 }.map { zone, marks in
                Self.list([zone, marks.min, marks.low, marks.high, marks.promo, marks.boost])
            }.joined(separator: ",")
            out += "]," + Self.list(stretch.least) + "," + Self.list(stretch.most) + ","
            out += Self.list(compacting) + "]"
            marks = stretch.marks
        }
    }
}
