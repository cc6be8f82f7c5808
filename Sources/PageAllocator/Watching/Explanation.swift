import BuddyEngine
import GFP
import Topology

/// One request and everything that happened: every walk over the zonelist, every zone tested against a watermark, and
/// the outcome. A plain value; another module puts it into words.
public struct Explanation: Hashable, Sendable {
    /// The request.
    public var request: AllocationRequest
    /// The node whose zonelist was walked.
    public var node: NodeID
    /// The highest zone that the mask allows; nil if its zone bits contradict each other.
    public var highestZone: ZoneKind?
    /// The free lists tried first.
    public var mobility: Migratetype
    /// In the order in which they happened.
    public var steps: [Step]
    /// How it ended.
    public var outcome: Outcome
    /// The kernel's rules on reserves, which say what the walks' flags mean.
    public var reserves = KernelProfile.newest.walk.reserves
    /// The policy and cpuset of the task; nil: none.
    public var placement: TaskPlacement?

    /// Something that happened before the request was served or refused.
    public enum Step: Hashable, Sendable {
        case walk(Walk)
        case kswapd(KswapdWake)
        case reclaim(ReclaimCall, freed: Int)
    }

    /// One walk over the zonelist (`get_page_from_freelist`).
    public struct Walk: Hashable, Sendable {
        /// The walk's rights, and the watermark that it tests.
        public var flags: AllocFlags
        /// Whether the walk before gave up avoiding fragmentation, so that this one may fragment.
        public var isRestart: Bool
        /// The zones in the order in which they were tried.
        public var visits: [Visit] = []

        public init(flags: AllocFlags, isRestart: Bool) {
            self.flags = flags
            self.isRestart = isRestart
        }
    }

    /// A zone that a walk came to.
    public enum Visit: Hashable, Sendable {
        case passedOver(ZoneReference, PassOverReason)
        case look(Look)
    }

    /// A zone tested against a watermark, and what its free lists did.
    public struct Look: Hashable, Sendable {
        /// The test.
        public var judgement: ZoneLook
        /// Blocks taken off the free lists, each of the order requested: many if a CPU's list was refilled.
        public var blocksTaken: Int
        /// How often another migratetype's blocks were used.
        public var fallbacks: [FallbackEvent]

        public init(judgement: ZoneLook, blocksTaken: Int, fallbacks: [FallbackEvent]) {
            self.judgement = judgement
            self.blocksTaken = blocksTaken
            self.fallbacks = fallbacks
        }
    }

    /// How a request ended.
    public enum Outcome: Hashable, Sendable {
        case served(Service)
        case refused(Refusal)
    }

    /// What served a request.
    public struct Service: Hashable, Sendable {
        /// The first page frame of the block.
        public var frame: PageFrame
        /// The zone.
        public var zone: ZoneReference
        /// The firmware's distance from the CPU's node; nil if it gives none.
        public var distance: UInt8?
        /// Whether the block came off a CPU's list, which was refilled first if it was empty.
        public var isFromPerCPUList: Bool
        /// By order, the number of free blocks of the zone after the request less that before it.
        public var freeBlockChanges: [Int]
    }

    /// Why a request was refused.
    public enum Refusal: Hashable, Sendable {
        /// The order is above the machine's largest (`MAX_PAGE_ORDER`).
        case orderTooLarge(maximum: Order)
        /// The mask's zone bits or mobility bits contradict each other.
        case contradictoryMask
        /// Node mask, `__GFP_THISNODE` and the mask's highest zone leave no zone of the zonelist.
        case noZoneAllowed
        /// Every zone was below its mark.
        case belowMarks
        /// At least one zone had enough free pages, but in blocks that are too small or of types that the request may
        /// not use.
        case fragmented
    }
}

extension Explanation {
    /// The walks among the steps.
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

    /// A zone that served wakes kswapd just before its test is reported; the walk is to come first.
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
