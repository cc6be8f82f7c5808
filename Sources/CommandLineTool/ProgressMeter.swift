/// How far a long piece of work has come: shown after a second, then four times a second, and only on a terminal.
struct ProgressMeter {
    private let clock = ContinuousClock()
    private let begin: ContinuousClock.Instant
    private var shown: ContinuousClock.Instant?

    init() { begin = ContinuousClock().now }

    /// - Parameters:
    ///   - done: Of `total`, in any unit.
    ///   - count: What the rate is told in, such as events.
    mutating func update(done: Int, total: Int?, count: Int, unit: String) {
        let now = clock.now
        guard now - begin > .seconds(1), shown.map({ now - $0 > .milliseconds(250) }) ?? true else { return }
        shown = now
        let seconds = Self.seconds(now - begin)
        var text = "\(count) \(unit), \(Int(Double(count) / seconds)) a second"
        if let total, total > 0, done > 0 {
            let share = min(Double(done) / Double(total), 1)
            let filled = Int(share * 20)
            let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 20 - filled)
            text = "[\(bar)] \(Int(share * 100)) %, " + text
            text += ", \(Int(seconds / share - seconds) + 1) s left"
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
