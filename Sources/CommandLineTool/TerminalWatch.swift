import BuddyEngine
import OperatingSystem
import PageAllocator
import Report
import Scenarios
import Topology

/// `run --watch`: draws zones and their marks in a terminal while a scenario plays.
///
/// The first events of a step are shown one by one and later ones ever faster, so that each step takes a few seconds at
/// most.
final class TerminalWatch: ScenarioWatcher {
    private let terminal: Terminal
    private let clock = ContinuousClock()
    private var drawn: ContinuousClock.Instant?
    /// The number of lines in the current picture.
    private var height = 0
    private var heading = ""
    private var depth = 0
    private var events = 0
    /// How long the next event is shown, in milliseconds.
    private var pause = TerminalWatch.firstPause
    /// The remarkable things in the current event.
    private var notes: [String] = []

    private static let firstPause = 250.0
    /// The ratio between the times that successive events are shown.
    private static let haste = 0.92
    /// The shortest time between pictures: faster ones could not be seen.
    private static let shortest = Duration.milliseconds(40)

    /// Begins to watch.
    ///
    /// - Parameters:
    ///   - terminal: Standard output.
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
            note("reclaims directly, \(freed) pages")
        case .compacted: note("a zone is compacted")
        case .outOfMemory: note("killing is considered")
        case .kswapd(let wake) where wake.awakened: note("kswapd of node \(wake.node) wakes up")
        case .kcompactd(let wake): note("kcompactd of node \(wake.node) wakes up")
        case .boosted: note("marks are boosted")
        case .reclaimed, .lists, .perCPU, .walk, .judged, .passedOver, .kswapd, .kswapdSlept, .kcompactdSlept: break
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
