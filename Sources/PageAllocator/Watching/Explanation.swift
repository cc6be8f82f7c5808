import BuddyEngine
import GFP
import Topology

/// One request and all that happened on its way: every walk over the zonelist, every zone compared with a watermark,
/// and how it ended. A plain value; saying it in words is another module's work.
public struct Explanation: Hashable, Sendable {
    public var request: AllocationRequest
    /// The node whose zonelist was walked.
    public var node: NodeID
    /// The highest zone that the mask allows; nil: its zone bits contradict each other.
    public var highestZone: ZoneKind?
    public var mobility: Migratetype
    /// In the order in which they happened.
    public var steps: [Step]
    public var outcome: Outcome
    /// The kernel's rules on reserves, which say what the walks' flags are worth.
    public var reserves = KernelProfile.newest.walk.reserves
    /// The policy and cpuset of the task that asked; nil: it has none.
    public var placement: TaskPlacement?

    /// Something that happened between the request and its answer.
    public enum Step: Hashable, Sendable {
        case walk(Walk)
        case kswapd(KswapdWake)
        case reclaim(ReclaimCall, freed: Int)
    }

    /// One walk over the zonelist (`get_page_from_freelist`).
    public struct Walk: Hashable, Sendable {
        public var flags: AllocFlags
        /// The walk before gave up avoiding fragmentation, and this one does what it did not.
        public var isRestart: Bool
        /// The zones in the order in which they were met.
        public var visits: [Visit] = []

        public init(flags: AllocFlags, isRestart: Bool) {
            self.flags = flags
            self.isRestart = isRestart
        }
    }

    /// A zone met on a walk.
    public enum Visit: Hashable, Sendable {
        case passedOver(ZoneReference, PassOverReason)
        case look(Look)
    }

    /// A zone compared with a watermark, and what its free lists did.
    public struct Look: Hashable, Sendable {
        public var judgement: ZoneLook
        /// Blocks taken off the free lists meanwhile, each as large as asked: many where a CPU's list was refilled.
        public var blocksTaken: Int
        /// Uses of another migratetype's blocks.
        public var fallbacks: [FallbackEvent]

        public init(judgement: ZoneLook, blocksTaken: Int, fallbacks: [FallbackEvent]) {
            self.judgement = judgement
            self.blocksTaken = blocksTaken
            self.fallbacks = fallbacks
        }
    }

    public enum Outcome: Hashable, Sendable {
        case served(Service)
        case refused(Refusal)
    }

    /// Where a request landed.
    public struct Service: Hashable, Sendable {
        /// The first page frame of the block.
        public var frame: PageFrame
        public var zone: ZoneReference
        /// The firmware's distance from the CPU's node; nil where it gives none.
        public var distance: UInt8?
        /// The block came off a CPU's list, which was refilled for it if it was empty.
        public var isFromPerCPUList: Bool
        /// By order, the number of free blocks of the zone after the request less that before it.
        public var freeBlockChanges: [Int]
    }

    /// Why a request got nothing.
    public enum Refusal: Hashable, Sendable {
        /// The order is above the machine's largest (`MAX_PAGE_ORDER`).
        case orderTooLarge(maximum: Order)
        /// Zone bits or mobility bits of the mask exclude each other.
        case contradictoryMask
        /// No zone of the zonelist is left by node mask, `__GFP_THISNODE` and the mask's highest zone.
        case noZoneAllowed
        /// Every zone was below its mark.
        case belowMarks
        /// At least one zone had enough free pages, but in blocks that are too small or of types it may not use.
        case fragmented
    }
}

extension Explanation {
    public var walks: [Walk] {
        steps.compactMap { if case .walk(let walk) = $0 { walk } else { nil } }
    }

    /// The block's first page frame; nil if the request was refused.
    public var frame: PageFrame? {
        if case .served(let service) = outcome { service.frame } else { nil }
    }
}

/// Collects what an allocation reports to its observer.
struct ExplanationRecorder: AllocationObserver {
    static var wantsLooks: Bool { true }

    private(set) var steps: [Explanation.Step] = []
    private var blocksTaken = 0
    private var fallbacks: [FallbackEvent] = []
    private var walk: Explanation.Walk?

    mutating func tookBlock(_ frame: PageFrame, order: Order, type: Migratetype) { blocksTaken += 1 }

    mutating func fellBack(_ fallback: FallbackEvent) { fallbacks.append(fallback) }

    mutating func drained(_ frame: PageFrame, order: Order, type: Migratetype) {}

    mutating func beganWalk(_ flags: AllocFlags) {
        closeWalk()
        walk = Explanation.Walk(flags: flags, isRestart: false)
    }

    mutating func restartedWalk(_ flags: AllocFlags) {
        closeWalk()
        walk = Explanation.Walk(flags: flags, isRestart: true)
    }

    mutating func judged(_ look: ZoneLook) {
        walk?.visits.append(
            .look(Explanation.Look(judgement: look, blocksTaken: blocksTaken, fallbacks: fallbacks)))
        blocksTaken = 0
        fallbacks = []
    }

    mutating func passedOver(_ zone: ZoneReference, because reason: PassOverReason) {
        walk?.visits.append(.passedOver(zone, reason))
    }

    mutating func wokeKswapd(_ wake: KswapdWake) {
        deferred.append(.kswapd(wake))
        if walk == nil { flush() }
    }

    mutating func reclaimed(_ call: ReclaimCall, freed pages: Int) {
        closeWalk()
        steps.append(.reclaim(call, freed: pages))
        blocksTaken = 0
        fallbacks = []
    }

    /// A zone that served wakes kswapd just before its look is reported; the walk is to be reported first.
    private var deferred: [Explanation.Step] = []

    private mutating func flush() {
        steps += deferred
        deferred = []
    }

    private mutating func closeWalk() {
        if let walk { steps.append(.walk(walk)) }
        walk = nil
        flush()
    }

    mutating func finish() -> [Explanation.Step] {
        closeWalk()
        return steps
    }
}
