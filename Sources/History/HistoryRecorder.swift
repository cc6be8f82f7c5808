import BuddyEngine
import PageAllocator
import Topology

/// Records everything that a machine does from now on.
///
/// ```swift
/// let recorder = HistoryRecorder(machine)
/// machine.listener = recorder
/// let frame = machine.allocate(AllocationRequest(.kernel))
/// print(recorder.history.events.count)  // 1
/// ```
///
/// At least the last `limit` events are kept, and at most a quarter more: a snapshot of the machine is taken after each
/// quarter of `limit`, and what happened before the oldest snapshot still needed is reduced to stretches.
public final class HistoryRecorder: MachineListener {
    /// The current step of the scenario.
    public var step: Int?

    private let limit: Int
    private let profile: KernelProfile
    /// The sections before the current one, oldest first.
    private var older: [Section] = []
    private var current: Section
    private var levels: HistoryLevels
    private var leftOut = 0
    private var number = 0
    private var depth = 0
    private var event: HistoryEvent?
    /// The parts of ``event``, which takes them at its end: one array of the right size is created for each event.
    private var parts: [HistoryPart] = []
    private var marks: [ZoneMarks]
    private var awake: [Bool]
    /// By the node's index: whether its compaction thread woke in ``event``.
    private var compacting: [Bool]
    private let nodes: [NodeID]

    /// The events from one snapshot of the machine on.
    private struct Section {
        var start: Snapshot
        var events: [HistoryEvent] = []
        var parts = 0
        /// The same events, several at a time.
        var stretches: [HistoryStretch] = []
    }

    /// Enough to see how a state came about, and few enough for a page that opens at once.
    public static let usualLimit = 100_000
    /// Parts per event that `limit` allows: this many parts count like one event.
    private static let partsPerEvent = 16
    /// The number of sections that make up `limit` events.
    private static let sections = 4
    /// The number of events in the shortest stretches.
    private static let stretchLength = 16

    /// Begins to record.
    ///
    /// - Parameters:
    ///   - machine: The machine, whose `listener` this is to become.
    ///   - limit: The number of events to keep, at least 1.
    public init(_ machine: borrowing Machine, limit: Int = HistoryRecorder.usualLimit) {
        self.limit = max(limit, 1)
        profile = machine.profile
        current = Section(start: machine.snapshot())
        levels = HistoryLevels(zones: machine.zoneCount)
        marks = Self.marks(of: machine)
        awake = machine.kswapd.map { !$0.isAsleep }
        nodes = machine.nodeIDs
        compacting = nodes.map { _ in false }
    }

    /// Everything recorded so far.
    public var history: MachineHistory {
        var history = MachineHistory(start: older.first?.start ?? current.start, profile: profile)
        history.events = older.flatMap(\.events) + current.events
        history.leftOut = leftOut
        history.stretches = levels.stretches
        return history
    }

    /// Begins an event.
    public func began(_ operation: MachineOperation) {
        depth += 1
        if depth == 1 {
            event = HistoryEvent(operation: operation, step: step)
        } else {
            parts.append(.nested(operation))
        }
    }

    /// Adds a part to the current event.
    public func happened(_ event: MachineEvent) {
        guard depth > 0 else { return }
        parts.append(.event(event))
        if case .kcompactd(let wake) = event, let node = nodes.firstIndex(of: wake.node) { compacting[node] = true }
    }

    /// Finishes the current event.
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
        for node in compacting.indices { compacting[node] = false }
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

    /// Adds an event to the current stretch.
    private func note(_ event: HistoryEvent, on machine: borrowing Machine) {
        let last = current.stretches.count - 1
        guard last >= 0, current.stretches[last].numbers.count < Self.stretchLength else {
            let free = (0..<machine.zoneCount).map { machine.withZone($0) { $0.buddy.freePages } }
            current.stretches.append(
                HistoryStretch(
                    numbers: number...number, least: free, most: free, marks: marks, awake: awake,
                    compacting: compacting, tally: HistoryTally(event)))
            return
        }
        current.stretches[last].numbers = current.stretches[last].numbers.lowerBound...number
        for zone in 0..<machine.zoneCount {
            let free = machine.withZone(zone) { $0.buddy.freePages }
            current.stretches[last].least[zone] = min(current.stretches[last].least[zone], free)
            current.stretches[last].most[zone] = max(current.stretches[last].most[zone], free)
        }
        for node in awake.indices where awake[node] { current.stretches[last].awake[node] = true }
        for node in compacting.indices where compacting[node] { current.stretches[last].compacting[node] = true }
        current.stretches[last].marks = marks
        current.stretches[last].tally.add(HistoryTally(event))
    }

    /// Records the changes that no other part contains: of watermarks and of reclaim threads.
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
