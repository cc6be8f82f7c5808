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
/// At most twice `limit` events are kept, the last ones: each time that so many have come together, the machine's state is
/// taken anew, and what came before the state taken last is dropped, but for samples.
public final class HistoryRecorder: MachineListener {
    /// The scenario's step at work.
    public var step: Int?

    private let limit: Int
    private let profile: KernelProfile
    private var older: Section?
    private var current: Section
    private var samples: HistorySamples
    private var leftOut = 0
    private var number = 0
    private var depth = 0
    private var event: HistoryEvent?
    private var marks: [ZoneMarks]
    private var awake: [Bool]

    /// Events from one state of the machine on.
    private struct Section {
        var start: Snapshot
        var events: [HistoryEvent] = []
        var parts = 0
    }

    /// Enough to see how it came about, and few enough for a page that opens at once.
    public static let usualLimit = 50_000
    /// As many parts count as `limit` events.
    private static let partsPerEvent = 16

    /// - `limit`: At least 1; see the type.
    public init(_ machine: borrowing Machine, limit: Int = HistoryRecorder.usualLimit) {
        self.limit = max(limit, 1)
        profile = machine.profile
        current = Section(start: machine.snapshot())
        samples = HistorySamples()
        marks = Self.marks(of: machine)
        awake = machine.kswapd.map { !$0.isAsleep }
    }

    /// What happened so far.
    public var history: MachineHistory {
        var history = MachineHistory(start: older?.start ?? current.start, profile: profile)
        history.events = (older?.events ?? []) + current.events
        history.leftOut = leftOut
        history.samples = samples.samples.filter { $0.number <= leftOut }
        return history
    }

    public func began(_ operation: MachineOperation) {
        depth += 1
        if depth == 1 {
            event = HistoryEvent(operation: operation, step: step)
        } else {
            event?.parts.append(.nested(operation))
        }
    }

    public func happened(_ event: MachineEvent) { self.event?.parts.append(.event(event)) }

    public func ended(_ operation: MachineOperation, frame: PageFrame?, on machine: borrowing Machine) {
        depth -= 1
        guard depth == 0, var event else { return }
        self.event = nil
        event.frame = frame
        noteGauges(of: machine, in: &event)
        event.digest = StateDigest(machine).value
        number += 1
        if case .request = operation, frame == nil { samples.refused += 1 }
        samples.take(number, of: machine)
        current.parts += event.parts.count
        current.events.append(event)
        if current.events.count >= limit || current.parts >= limit * Self.partsPerEvent { turnOver(machine) }
    }

    private func turnOver(_ machine: borrowing Machine) {
        leftOut += older?.events.count ?? 0
        older = current
        current = Section(start: machine.snapshot())
    }

    /// What changed of that which no other part tells.
    private func noteGauges(of machine: borrowing Machine, in event: inout HistoryEvent) {
        let marks = Self.marks(of: machine)
        for (zone, now) in marks.enumerated() where now != self.marks[zone] {
            event.parts.append(.marks(zone: zone, now))
        }
        self.marks = marks
        for (node, thread) in machine.kswapd.enumerated() where thread.isAsleep == awake[node] {
            awake[node] = !thread.isAsleep
            event.parts.append(.kswapd(node: node, isAwake: awake[node]))
        }
    }

    private static func marks(of machine: borrowing Machine) -> [ZoneMarks] {
        (0..<machine.zoneCount).map { machine.withZone($0) { ZoneMarks($0) } }
    }
}
