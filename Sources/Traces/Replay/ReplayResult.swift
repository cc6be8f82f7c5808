import BuddyEngine
import GFP
import History
import Topology

/// The result of a replay. Counts are of requests or events, amounts of memory in pages.
public struct ReplayResult: Hashable, Sendable {
    /// How the trace was replayed.
    public var mode: ReplayOptions.Mode
    /// How many events of the trace were seen, including skipped ones, by `TraceEvent`'s number.
    public var eventsByKind = [Int](repeating: 0, count: TraceEvent.Kind.allCases.count)
    /// How many events were skipped, by reason.
    public var skipped = [Int](repeating: 0, count: SkipReason.allCases.count)
    /// How many requests were served in the trace.
    public var requests = 0
    /// How many of these this machine served.
    public var served = 0
    /// How many of these this machine refused.
    public var refused = 0
    /// How many requests were refused in the trace.
    public var tracedRefusals = 0
    /// How many of these this machine served.
    public var servedTracedRefusals = 0
    /// How many blocks were freed.
    public var frees = 0
    /// Requests by number of the mask.
    public var requestsByMask: [Int] = []
    /// Requests by order.
    public var requestsByOrder = [Int](repeating: 0, count: Int(TraceEvent.largestOrder) + 1)
    /// Requests by traced CPU.
    public var requestsByCPU: [Int] = []
    /// Requests served, by position of the zone in the machine.
    public var servedByZone: [Int]
    /// The zones' names, by position.
    public var zones: [ZoneReference]
    /// How often another type's blocks were used here.
    public var fallbacks = 0
    /// The same in the trace.
    public var tracedFallbacks = 0
    /// How often `wakeup_kswapd` was called here.
    public var kswapdCalls = 0
    /// How many of these calls woke kswapd.
    public var kswapdWakes = 0
    /// How often kcompactd woke here.
    public var kcompactdWakes = 0
    /// In lock-step: how well the two machines agree.
    public var agreement = Agreement()
    /// What reclaim did; nil if there was none.
    public var reclaim: ReclaimedPages?
    /// The unusable free space index over time.
    public var fragmentation: FragmentationHistory
    /// The masks and marks of the trace.
    public var vocabulary = TraceVocabulary()
    /// The reader's statistics.
    public var tally = TraceTally()
    /// The wall-clock time of the replay.
    public var seconds = 0.0
    /// The replay was interrupted, or the trace is cut short: the figures cover what came before.
    public var isPartial = false
    /// What happened, event by event, if that was asked for.
    public var history: MachineHistory?

    /// Why an event was skipped.
    public enum SkipReason: Int, CaseIterable, Sendable {
        /// It is before the start mark.
        case beforeStartMark
        /// It is after the end mark.
        case afterEndMark
        /// A free of a page without an allocation in the trace: older than the trace, or allocated without an event.
        case freeWithoutAllocation
        /// A free of a block whose request was refused here.
        case freeOfRefused
        /// A free of a page frame that the machine lacks, or that is already free.
        case freeOfUnknownFrame
        /// A second allocation of a block still in use: its free was lost. The older one is treated as freed.
        case doubleAllocation
        /// Events that only tell how pages move between lists; used in lock-step.
        case listMovement
        /// Marks, and the tracer's own notes on losses.
        case notAnEvent
        /// A free of a page that was reclaimed here before.
        case freeOfReclaimed
    }

    /// How often the two machines gave the same result, out of ``compared`` requests.
    public struct Agreement: Hashable, Sendable {
        /// How many requests were compared.
        public var compared = 0
        /// How many got a page on the same node.
        public var node = 0
        /// How many got a page in the same zone.
        public var zone = 0
        /// How many got the same page frame.
        public var frame = 0
        /// How many requests this machine refused that were served in the trace.
        public var refusedHere = 0
        /// How many requests were made by tasks assumed to have a memory policy.
        public var underLearntPolicy = 0
        /// Traced page frames that were not available here: not this machine's, or in use for another request.
        public var notFree = 0
        /// Traced page frames that were in use here since before the trace.
        public var inUse = 0
        /// Blocks exchanged because another page frame was given.
        public var exchanged = 0
        /// Blocks moved because other pages were on a CPU's list.
        public var movedToList = 0
        /// Blocks allocated here because the trace freed them without an allocation.
        public var takenWithoutEvent = 0
        /// Differences by traced and own zone position (-1: refused), to explain what does not agree.
        public var mismatches: [Mismatch: Int] = [:]

        /// A difference between the two machines.
        public struct Mismatch: Hashable, Sendable, Comparable {
            /// The traced zone's position.
            public var traced: Int
            /// This machine's zone's position.
            public var emulated: Int
            /// The number of the request's mask.
            public var mask: Int

            public static func < (left: Self, right: Self) -> Bool {
                (left.traced, left.emulated, left.mask) < (right.traced, right.emulated, right.mask)
            }
        }

        /// A count as a share of ``compared``; nil if nothing was compared.
        public func share(_ count: Int) -> Double? { compared == 0 ? nil : Double(count) / Double(compared) }
    }

    /// How many events were seen.
    public var events: Int { eventsByKind.reduce(0, +) }
    /// Events per second of wall-clock time; nil before any time has passed.
    public var rate: Double? { seconds > 0 ? Double(events) / seconds : nil }

    /// How many events were skipped for a reason.
    public func skipped(_ reason: SkipReason) -> Int { skipped[reason.rawValue] }
}
