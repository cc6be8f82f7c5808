import BuddyEngine
import PageAllocator
import Topology

/// Keeps what a machine does from now on.
///
/// ```swift
/// let recorder = HistoryRecorder(machine)
/// machine.listener = recorder
/// let frame = machine.allocate(AllocationRequest(.kernel))
/// print(recorder.history.events.count)  // 1
/// ```
///
/// At least the last `limit` events are kept, and a quarter more at most: a state of the machine is taken each time that
/// a quarter of them have come together, and what came before the oldest state still needed is dropped, but for
/// stretches.
public final class HistoryRecorder: MachineListener {
    /// The scenario's step at work.
    public var step: Int?

    private let limit: Int
    private let profile: KernelProfile
    /// Before the current one, oldest first.
    private var older: [Section] = []
    private var current: Section
    private var levels: HistoryLevels
    private var leftOut = 0
    private var number = 0
    private var depth = 0
    private var event: HistoryEvent?
    /// Those of ``event``, which takes them as they are in the end: one array is made for an event, of the right size.
    private var parts: [HistoryPart] = []
    private var marks: [ZoneMarks]
    private var awake: [Bool]

    /// Events from one state of the machine on.
    private struct Section {
        var start: Snapshot
        var events: [HistoryEvent] = []
        var parts = 0
        /// The same events, some at a time.
        var stretches: [HistoryStretch] = []
    }

    /// Enough to see how it came about, and few enough for a page that opens at once.
    public static let usualLimit = 100_000
    /// As many parts count as `limit` events.
    private static let partsPerEvent = 16
    /// Sections that make up `limit` events.
    private static let sections = 4
    /// Events of the shortest stretches.
    private static let stretchLength = 16

    /// - `limit`: At least 1; see the type.
    public init(_ machine: borrowing Machine, limit: Int = HistoryRecorder.usualLimit) {
        self.limit = max(limit, 1)
        profile = machine.profile
        current = Section(start: machine.snapshot())
        levels = HistoryLevels(zones: machine.zoneCount)
        marks = Self.marks(of: machine)
        awake = machine.kswapd.map { !$0.isAsleep }
    }

    /// What happened so far.
    public var history: MachineHistory {
        var history = MachineHistory(start: older.first?.start ?? current.start, profile: profile)
        history.events = older.flatMap(\.events) + current.events
        history.leftOut = leftOut
        history.stretches = levels.stretches
        return history
    }

    public func began(_ operation: MachineOperation) {
        depth += 1
        if depth == 1 {
            event = HistoryEvent(operation: operation, step: step)
        } else {
            parts.append(.nested(operation))
        }
    }

    public func happened(_ event: MachineEvent) {
        guard depth > 0 else { return }
        parts.append(.event(event))
    }

    public func ended(_ operation: MachineOperation, frame: PageFrame?, on machine: borrowing Machine) {
        depth -= 1
        guard depth == 0, var event else { return }
        self.event = nil
        event.frame = frame
        noteGauges(of: machine)
        event.parts = parts.map { $0 }
        parts.removeAll(keepingCapacity: true)
        event.digest = StateDigest(machine).value
        number += 1
        note(event, on: machine)
        current.parts += event.parts.count
        current.events.append(event)
        let isFull = current.events.count * Self.sections >= limit
        if isFull || current.parts * Self.sections >= limit * Self.partsPerEvent { turnOver(machine) }
    }

    private func turnOver(_ machine: borrowing Machine) {
        older.append(current)
        current = Section(start: machine.snapshot())
        guard older.count > Self.sections else { return }
        let dropped = older.removeFirst()
        leftOut += dropped.events.count
        levels.append(dropped.stretches)
    }

    /// Takes an event into the stretch that is being made.
    private func note(_ event: HistoryEvent, on machine: borrowing Machine) {
        let last = current.stretches.count - 1
        guard last >= 0, current.stretches[last].numbers.count < Self.stretchLength else {
            let free = (0..<machine.zoneCount).map { machine.withZone($0) { $0.buddy.freePages } }
            current.stretches.append(
                HistoryStretch(
                    numbers: number...number, least: free, most: free, marks: marks, awake: awake,
                    tally: HistoryTally(event)))
            return
        }
        current.stretches[last].numbers = current.stretches[last].numbers.lowerBound...number
        for zone in 0..<machine.zoneCount {
            let free = machine.withZone(zone) { $0.buddy.freePages }
            current.stretches[last].least[zone] = min(current.stretches[last].least[zone], free)
            current.stretches[last].most[zone] = max(current.stretches[last].most[zone], free)
        }
        for node in awake.indices where awake[node] { current.stretches[last].awake[node] = true }
        current.stretches[last].marks = marks
        current.stretches[last].tally.add(HistoryTally(event))
    }

    /// What changed of that which no other part tells.
    private func noteGauges(of machine: borrowing Machine) {
        for zone in 0..<machine.zoneCount {
            let now = machine.withZone(zone) { ZoneMarks($0) }
            guard now != marks[zone] else { continue }
            marks[zone] = now
            parts.append(.marks(zone: zone, now))
        }
        for (node, thread) in machine.kswapd.enumerated() where thread.isAsleep == awake[node] {
            awake[node] = !thread.isAsleep
            parts.append(.kswapd(node: node, isAwake: awake[node]))
        }
    }

    private static func marks(of machine: borrowing Machine) -> [ZoneMarks] {
        (0..<machine.zoneCount).map { machine.withZone($0) { ZoneMarks($0) } }
    }
}
