import BuddyEngine
import GFP
import PageAllocator
import Topology

/// What a machine did, event by event, with everything needed to repeat it on a copy of its free lists.
///
/// Of a long run, only the last events are kept: ``start`` is the machine before the first of them, and earlier events
/// are reduced to ``stretches``.
public struct MachineHistory: Hashable, Sendable {
    /// The machine before the first event that is kept.
    public var start: Snapshot
    /// The kernel's rules.
    public var profile: KernelProfile
    /// The events that are kept, in order of time.
    public var events: [HistoryEvent] = []
    /// The number of events before the first that is kept.
    public var leftOut = 0
    /// Summaries of those, in order of time: the further back, the coarser.
    public var stretches: [HistoryStretch] = []

    /// What happened in the events that are not kept.
    public var tallyLeftOut: HistoryTally { stretches.reduce(into: HistoryTally()) { $0.add($1.tally) } }

    /// The number of the first event that is kept, from 1.
    public var firstNumber: Int { leftOut + 1 }
}

/// One operation on a machine, and everything that the machine did for it.
public struct HistoryEvent: Hashable, Sendable {
    /// The operation.
    public var operation: MachineOperation
    /// The frame that a request got; nil: it was refused, or the operation was not a request.
    public var frame: PageFrame?
    /// The scenario's step, as an index into `ScenarioResult.steps`; nil: there is none.
    public var step: Int?
    /// The parts in the order in which they happened.
    public var parts: [HistoryPart] = []
    /// A checksum of the machine's state after the event: see ``StateDigest``.
    public var digest: UInt32 = 0
}

/// Something that happened within an event.
public enum HistoryPart: Hashable, Sendable {
    case event(MachineEvent)
    /// A hook or background work began an operation of its own.
    case nested(MachineOperation)
    /// A zone's watermarks changed.
    case marks(zone: Int, ZoneMarks)
    /// The reclaim thread of the node with this index woke up or went to sleep.
    case kswapd(node: Int, isAwake: Bool)
}

/// A zone's watermarks, in pages.
public struct ZoneMarks: Hashable, Sendable {
    /// The min mark.
    public var min: Int
    /// The low mark.
    public var low: Int
    /// The high mark.
    public var high: Int
    /// The mark for promotion between memory tiers (`WMARK_PROMO`).
    public var promo: Int
    /// The boost, added to each of them.
    public var boost: Int

    /// The watermarks of a saved state.
    ///
    /// - Parameters:
    ///   - values: The values.
    public init(_ values: WatermarkValues) {
        min = values.min
        low = values.low
        high = values.high
        promo = values.promo ?? values.high
        boost = values.boost
    }

    init(_ zone: borrowing Zone) {
        min = zone.watermark(.min)
        low = zone.watermark(.low)
        high = zone.watermark(.high)
        promo = zone.watermark(.promo)
        boost = zone.boost
    }
}
