import BuddyEngine

/// The progress of long work: on a terminal shown after a second and then four times a second; if the user asks for it,
/// also elsewhere as a line each second.
struct ProgressMeter {
    private let clock = ContinuousClock()
    private let begin: ContinuousClock.Instant
    private var shown: ContinuousClock.Instant?
    private let isAskedFor: Bool
    private var last = (count: 0, unit: "")
    /// The amount done in an earlier run, which does not count for the rate.
    private let before: Int
    private var doneBefore: Int?

    init(isAskedFor: Bool = false, before: Int = 0) {
        begin = ContinuousClock().now
        self.isAskedFor = isAskedFor
        self.before = before
    }

    /// Shows the progress if it is time.
    ///
    /// - Parameters:
    ///   - done: The amount done, in any unit.
    ///   - total: The total amount in the same unit; nil: unknown.
    ///   - count: The number that the rate is computed from.
    ///   - unit: What `count` counts, such as events.
    mutating func update(done: Int, total: Int?, count: Int, unit: String) {
        let now = clock.now
        if doneBefore == nil { doneBefore = before > 0 ? done : 0 }
        last = (count, unit)
        let pause: Duration = isAskedFor && !Output.isWatched ? .seconds(1) : .milliseconds(250)
        guard now - begin > .seconds(1), shown.map({ now - $0 > pause }) ?? true else { return }
        shown = now
        let seconds = (now - begin).inSeconds
        var text = "\(count) \(unit), \(Int(Double(count - before) / seconds)) a second"
        if let total, total > 0, done > 0 {
            let share = min(Double(done) / Double(total), 1)
            let filled = Int(share * 20)
            let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 20 - filled)
            text = "[\(bar)] \(Int(share * 100)) %, " + text
            let rate = Double(max(done - (doneBefore ?? 0), 1)) / seconds
            text += ", \(Int(min(Double(max(total - done, 0)) / rate, 1e9)) + 1) s left"
        }
        if isAskedFor, !Output.isWatched { Output.note(text) } else { Output.progress(text) }
    }

    /// Shows the final rate if the user asked for it.
    func end() {
        if shown != nil { Output.endProgress() }
        guard isAskedFor else { return }
        let seconds = (clock.now - begin).inSeconds
        let rate = seconds > 0 ? Int(Double(last.count - before) / seconds) : 0
        let tenths = Double(Int(seconds * 10)) / 10
        Output.note("\(last.count) \(last.unit) in \(tenths) s, \(rate) a second")
    }
}
