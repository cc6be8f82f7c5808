/// How far a long piece of work has come: shown after a second, then four times a second, and only on a terminal.
struct ProgressMeter {
    private let clock = ContinuousClock()
    private let begin: ContinuousClock.Instant
    private var shown: ContinuousClock.Instant?
    /// What was done on an earlier occasion, and does not count for the rate.
    private let before: Int
    private var doneBefore: Int?

    init(before: Int = 0) {
        begin = ContinuousClock().now
        self.before = before
    }

    /// - Parameters:
    ///   - done: Of `total`, in any unit.
    ///   - count: What the rate is told in, such as events.
    mutating func update(done: Int, total: Int?, count: Int, unit: String) {
        let now = clock.now
        if doneBefore == nil { doneBefore = before > 0 ? done : 0 }
        guard now - begin > .seconds(1), shown.map({ now - $0 > .milliseconds(250) }) ?? true else { return }
        shown = now
        let seconds = Self.seconds(now - begin)
        var text = "\(count) \(unit), \(Int(Double(count - before) / seconds)) a second"
        if let total, total > 0, done > 0 {
            let share = min(Double(done) / Double(total), 1)
            let filled = Int(share * 20)
            let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 20 - filled)
            text = "[\(bar)] \(Int(share * 100)) %, " + text
            let rate = Double(max(done - (doneBefore ?? 0), 1)) / seconds
            text += ", \(Int(min(Double(max(total - done, 0)) / rate, 1e9)) + 1) s left"
        }
        Output.progress(text)
    }

    func end() {
        if shown != nil { Output.endProgress() }
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }
}
