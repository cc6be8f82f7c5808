import BuddyEngine
import GFP
import History
import Topology

/// What came of a replay. All counts are of requests or events, amounts of memory in pages.
public struct ReplayResult: Hashable, Sendable {
    public var mode: ReplayOptions.Mode
    /// Events of the trace that the replay has seen, by `TraceEvent`'s number. Skipped ones are among them.
    public var eventsByKind = [Int](repeating: 0, count: TraceEvent.Kind.allCases.count)
    /// Events passed over, by reason.
    public var skipped = [Int](repeating: 0, count: SkipReason.allCases.count)
    /// Requests that the trace saw served, and how this machine answered them.
    public var requests = 0
    public var served = 0
    public var refused = 0
    /// Requests that the trace saw refused, and how many of them this machine served.
    public var tracedRefusals = 0
    public var servedTracedRefusals = 0
    /// Blocks given back.
    public var frees = 0
    public var requestsByMask: [Int] = []
    public var requestsByOrder = [Int](repeating: 0, count: Int(TraceEvent.largestOrder) + 1)
    public var requestsByCPU: [Int] = []
    /// By position of the zone in the machine.
    public var servedByZone: [Int]
    /// The zones' names, by position.
    public var zones: [ZoneReference]
    /// Blocks of another type used here, and as the trace counts them.
    public var fallbacks = 0
    public var tracedFallbacks = 0
    /// Calls of `wakeup_kswapd` here, and how many of them woke it.
    public var kswapdCalls = 0
    public var kswapdWakes = 0
    public var agreement = Agreement()
    /// What reclaim did; nil: there was none.
    public var reclaim: ReclaimedPages?
    /// The unusable free space index over time.
    public var fragmentation: FragmentationHistory
    public var vocabulary = TraceVocabulary()
    public var tally = TraceTally()
    /// Wall time of the replay.
    public var seconds = 0.0
    /// The replay was interrupted, or the trace broke off: these are the figures up to there.
    public var isPartial = false
    /// What happened, event by event, if that was wanted.
    public var history: MachineHistory?

    /// Why an event was passed over.
    public enum SkipReason: Int, CaseIterable, Sendable {
        /// It is before the start mark.
        case beforeStartMark
        /// It is after the end mark.
        case afterEndMark
        /// A free of a page that the trace did not see allocated: older than the trace, or taken without an event.
        case freeWithoutAllocation
        /// A free of a block whose request was refused here.
        case freeOfRefused
        /// A free of a page frame that the machine does not have, or that is free already.
        case freeOfUnknownFrame
        /// A second allocation of a block still in use: its free was lost. The older one is taken as freed.
        case doubleAllocation
        /// Events that only say how pages move between lists; followed in lock-step.
        case listMovement
        /// Marks, and the tracer's own words about losses.
        case notAnEvent
        /// A free of a page that was reclaimed here before.
        case freeOfReclaimed
    }

    /// How often the traced machine and this one gave the same answer, of ``compared`` requests.
    public struct Agreement: Hashable, Sendable {
        public var compared = 0
        public var node = 0
        public var zone = 0
        public var frame = 0
        /// Requests that this machine refused though the trace saw them served.
        public var refusedHere = 0
        /// Requests of tasks taken to have a memory policy.
        public var underLearntPolicy = 0
        /// Traced page frames that this machine could not hand over: not its own, or in use here for another request.
        public var notFree = 0
        /// Traced page frames that were in use here, from before the trace.
        public var inUse = 0
        /// Pages whose place the machine had to be told: other page frame given, other pages on a CPU's list, pages
        /// taken without any event.
        public var exchanged = 0
        public var movedToList = 0
        public var takenWithoutEvent = 0
        /// Mismatches by traced and emulated zone position (-1: refused), for explaining the rest.
        public var mismatches: [Mismatch: Int] = [:]

        public struct Mismatch: Hashable, Sendable, Comparable {
            public var traced: Int
            public var emulated: Int
            public var mask: Int

            public static func < (left: Self, right: Self) -> Bool {
                (left.traced, left.emulated, left.mask) < (right.traced, right.emulated, right.mask)
            }
        }

        public func share(_ count: Int) -> Double? { compared == 0 ? nil : Double(count) / Double(compared) }
    }

    /// Events seen.
    public var events: Int { eventsByKind.reduce(0, +) }
    /// Events per second of wall time; nil before any time has passed.
    public var rate: Double? { seconds > 0 ? Double(events) / seconds : nil }

    public func skipped(_ reason: SkipReason) -> Int { skipped[reason.rawValue] }
}
