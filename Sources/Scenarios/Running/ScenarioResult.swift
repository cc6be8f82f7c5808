import BuddyEngine
import GFP
import History
import PageAllocator
import SourceText
import Topology

/// What a scenario came to.
public struct ScenarioResult: Hashable, Sendable {
    public var name: String
    public var about: String
    /// The rules that held.
    public var rules: RulesInForce
    public var seed: UInt64
    /// One for each step of the file, in its order, steps inside a `repeat` after it.
    public var steps: [StepResult]
    /// Expectations that failed, in order of time; at most ``mostFailures``.
    public var failures: [ExpectationFailure]
    /// Expectations that were looked at.
    public var checks: Int
    /// Why the scenario was stopped before its end.
    public var stopped: String?
    /// Whoever played it stopped it.
    public var isInterrupted = false
    /// Each zone at the end, node by node, lowest first.
    public var zones: [ZoneState]
    public var totals = Totals()
    /// The first refusal of each step and the kills, in order of time, as many as were to be kept.
    public var refusals: [ScenarioRefusal] = []
    /// Requests, frees and steps.
    public var work = 0
    /// How often all invariants were checked, and held.
    public var invariantChecks = 0
    /// What happened, event by event, if that was wanted.
    public var history: MachineHistory?
    /// The machine at the end, if that was wanted.
    public var end: Snapshot?
    /// The machine after the step asked for; nil: none was, or it was not reached.
    public var shown: Snapshot?
    /// What `save` steps kept, in order of time.
    public var saved: [SavedState] = []
    /// Requests that were refused or fell back, if that was wanted: the first ``mostExplanations``.
    public var explanations: [Explanation] = []

    /// More explanations than these nobody reads.
    public static let mostExplanations = 32

    /// The machine's state, and the file that it is to be written to.
    public struct SavedState: Hashable, Sendable {
        public var path: String
        public var state: Snapshot
    }

    /// All of it together.
    public struct Totals: Hashable, Sendable {
        public var served = 0
        public var refused = 0
        /// Blocks taken from another mobility type's lists.
        public var fallbacks = 0
        /// Requests served from another node than their CPU's (`numa_other`).
        public var remote = 0
        /// Free pages at the end.
        public var free = 0
        /// Free blocks of each order at the end, all zones together.
        public var freeBlocks: [Int] = []
        public var counters = PressureCounters()

        public init() {}
    }

    /// More failures than these nobody reads.
    public static let mostFailures = 100

    /// Whether all expectations were met.
    public var passed: Bool { failures.isEmpty && stopped == nil }

    /// A zone at the end. Amounts are pages.
    public struct ZoneState: Hashable, Sendable {
        public var zone: ZoneReference
        public var managed: Int
        /// On the free lists.
        public var free: Int
        public var perCPU: Int
    }
}

/// What one step of a scenario did, in all its rounds together.
public struct StepResult: Hashable, Sendable {
    public var path: JSONPath
    public var location: SourceLocation?
    public var about: String
    public var action: ScenarioStep.Action
    /// How often it was done: more than once inside a `repeat`.
    public var rounds: Int
    /// How many `repeat`s it is in.
    public var depth: Int
    public var outcome: Outcome
    /// The step says nothing of the rules that held, and was passed over.
    public var isOfOtherKernel = false

    public enum Outcome: Hashable, Sendable {
        case allocated(AllocationSummary)
        case freed(blocks: Int, pages: Int)
        case expected(checks: Int, failures: Int)
        case done
    }
}

/// What became of a number of requests.
public struct AllocationSummary: Hashable, Sendable {
    public var served = 0
    public var refused = 0
    /// Pages of those served.
    public var pages = 0
    /// Blocks given back in between, where a mix says so.
    public var freed = 0
    /// The zones that served, in the order of their first block.
    public var zones: [Share] = []
    /// Where the last block came from.
    public var lastZone: ZoneReference?
    /// Nodes whose kswapd was awakened, in the order of the first time.
    public var kswapdWoken: [NodeID] = []
    /// Blocks taken from another mobility type's lists.
    public var fallbacks = 0
    /// Calls of the reclaim hook.
    public var reclaims = 0
    /// Pages that it found.
    public var reclaimedPages = 0

    public struct Share: Hashable, Sendable {
        public var zone: ZoneReference
        public var blocks: Int
        public var pages: Int
    }

    public init() {}

    mutating func add(_ zone: ZoneReference, blocks: Int = 1, pages: Int) {
        served += blocks
        self.pages += pages
        addShare(Share(zone: zone, blocks: blocks, pages: pages))
        lastZone = zone
    }

    private mutating func addShare(_ share: Share) {
        if let index = zones.lastIndex(where: { $0.zone == share.zone }) {
            zones[index].blocks += share.blocks
            zones[index].pages += share.pages
        } else {
            zones.append(share)
        }
    }

    mutating func merge(_ later: AllocationSummary) {
        served += later.served
        refused += later.refused
        pages += later.pages
        freed += later.freed
        fallbacks += later.fallbacks
        reclaims += later.reclaims
        reclaimedPages += later.reclaimedPages
        lastZone = later.lastZone ?? lastZone
        for share in later.zones { addShare(share) }
        for node in later.kswapdWoken where !kswapdWoken.contains(node) { kswapdWoken.append(node) }
    }
}
