import BuddyEngine
import OperatingSystem
import PageAllocator
import Report
import Scenarios
import Topology

/// `run --watch`: draws zones against marks in a terminal while a scenario plays.
///
/// A step's first events are shown one by one; the longer it runs, the faster, so that each step takes some seconds at
/// most.
final class TerminalWatch: ScenarioWatcher {
    private let terminal: Terminal
    private let clock = ContinuousClock()
    private var drawn: ContinuousClock.Instant?
    /// Lines of the picture that is on the terminal.
    private var height = 0
    private var heading = ""
    private var depth = 0
    private var events = 0
    /// Milliseconds that the next event is shown.
    private var pause = TerminalWatch.firstPause
    /// What stood out in the event at work.
    private var notes: [String] = []

    private static let firstPause = 250.0
    /// Each event is shown shorter by this than the one before.
    private static let haste = 0.92
    /// Pictures that come faster nobody sees.
    private static let shortest = Duration.milliseconds(40)

    /// - Parameter terminal: Standard output.
    init(_ terminal: Terminal) { self.terminal = terminal }

    func begins(_ step: ScenarioStep, number: Int, of count: Int) {
        let words = WatchFrame.heading(step, number: number, of: count)
        guard words != heading else { return }
        heading = words
        pause = Self.firstPause
    }

    func began(_ operation: MachineOperation) {
        depth += 1
        if depth == 1 { notes = [] }
    }

    func happened(_ event: MachineEvent) {
        switch event {
        case .fellBack: note("a block of another type is used")
        case .reclaimed(let call, let freed) where call.reason != .kswapd:
            note("reclaims on its own time, \(freed) pages")
        case .compacted: note("a zone is compacted")
        case .outOfMemory: note("killing is considered")
        case .kswapd(let wake) where wake.awakened: note("kswapd of node \(wake.node) wakes up")
        case .boosted: note("marks are boosted")
        case .reclaimed, .lists, .perCPU, .walk, .judged, .passedOver, .kswapd, .kswapdSlept: break
        }
    }

    private func note(_ text: String) {
        if !notes.contains(text) { notes.append(text) }
    }

    func ended(_ operation: MachineOperation, frame: PageFrame?, on machine: borrowing Machine) {
        depth -= 1
        guard depth == 0 else { return }
        events += 1
        let isDue = drawn.map { clock.now - $0 >= Self.shortest } ?? true
        guard isDue || pause >= 1 else { return }
        var picture = WatchFrame(machine, heading: heading)
        let words = WatchFrame.words(operation, frame: frame, kernel: machine.topology.kernel)
        picture.news = ["Event \(events): \(words)" + (notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))")]
        draw(picture)
        guard pause >= 1, !Interruption.isRequested else { return }
        ThisProcess.pause(milliseconds: Int(pause))
        pause *= Self.haste
    }

    private func draw(_ picture: WatchFrame) {
        let lines = picture.lines(width: max((terminal.width ?? 80) - 1, 40), height: terminal.height ?? 24)
        Output.redraw(lines, over: height)
        height = lines.count
        drawn = clock.now
    }
}
