import BuddyEngine
import GFP
import PageAllocator
import Topology

/// What a machine did, event by event, with all that it takes to do it again on a copy of its free lists.
///
/// A long run keeps the events before its end: ``start`` is the machine before the first of them, and of those before
/// that only ``stretches`` are left.
public struct MachineHistory: Hashable, Sendable {
    /// The machine before the first event that is kept.
    public var start: Snapshot
    /// The rules by which it went on.
    public var profile: KernelProfile
    /// In order of time.
    public var events: [HistoryEvent] = []
    /// Events before the first that is kept.
    public var leftOut = 0
    /// What is left of those, in order of time: coarser the further back.
    public var stretches: [HistoryStretch] = []

    /// What there was to notice in the events that are not kept.
    public var tallyLeftOut: HistoryTally { stretches.reduce(into: HistoryTally()) { $0.add($1.tally) } }

    /// The number of the first event that is kept, from 1.
    public var firstNumber: Int { leftOut + 1 }
}

/// One thing that was asked of a machine, and everything that it did about it.
public struct HistoryEvent: Hashable, Sendable {
    public var operation: MachineOperation
    /// What a request got; nil: it was refused, or the operation was not a request.
    public var frame: PageFrame?
    /// The scenario's step, counted as `ScenarioResult.steps` has them; nil: there is none.
    public var step: Int?
    /// In the order in which they happened.
    public var parts: [HistoryPart] = []
    /// The machine's own sum over its state after the event: see ``StateDigest``.
    public var digest: UInt32 = 0
}

/// Something that happened within an event.
public enum HistoryPart: Hashable, Sendable {
    case event(MachineEvent)
    /// A hook or background work asked for something meanwhile.
    case nested(MachineOperation)
    /// A zone's watermarks are others now.
    case marks(zone: Int, ZoneMarks)
    /// A node's reclaim thread, by the node's place, woke up or went to sleep.
    case kswapd(node: Int, isAwake: Bool)
}

/// A zone's watermarks, in pages.
public struct ZoneMarks: Hashable, Sendable {
    public var min: Int
    public var low: Int
    public var high: Int
    public var promo: Int
    /// Added to each of them.
    public var boost: Int

    /// As a saved state has them.
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
