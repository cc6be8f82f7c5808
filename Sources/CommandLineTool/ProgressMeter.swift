/// How far a long piece of work has come: shown after a second, then four times a second, on a terminal; where it is
/// asked for, once a second as a line anywhere.
struct ProgressMeter {
    private let clock = ContinuousClock()
    private let begin: ContinuousClock.Instant
    private var shown: ContinuousClock.Instant?
    private let isAskedFor: Bool
    private var last = (count: 0, unit: "")

    init(isAskedFor: Bool = false) {
        begin = ContinuousClock().now
        self.isAskedFor = isAskedFor
    }

    /// - Parameters:
    ///   - done: Of `total`, in any unit.
    ///   - count: What the rate is told in, such as events.
    mutating func update(done: Int, total: Int?, count: Int, unit: String) {
        let now = clock.now
        last = (count, unit)
        let pause: Duration = isAskedFor && !Output.isWatched ? .seconds(1) : .milliseconds(250)
        guard now - begin > .seconds(1), shown.map({ now - $0 > pause }) ?? true else { return }
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
        if isAskedFor, !Output.isWatched { Output.note(text) } else { Output.progress(text) }
    }

    /// Says at last how fast it went, if that was asked for.
    func end() {
        if shown != nil { Output.endProgress() }
        guard isAskedFor else { return }
        let seconds = Self.seconds(clock.now - begin)
        let rate = seconds > 0 ? Int(Double(last.count) / seconds) : 0
        let tenths = Double(Int(seconds * 10)) / 10
        Output.note("\(last.count) \(last.unit) in \(tenths) s, \(rate) a second")
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }
}
