import BuddyEngine
import GFP
import History
import PageAllocator
import SourceText
import Topology

/// The result of a scenario.
public struct ScenarioResult: Hashable, Sendable {
    /// The scenario's name.
    public var name: String
    /// What it shows.
    public var about: String
    /// The rules in effect.
    public var rules: RulesInForce
    /// The seed that was used.
    public var seed: UInt64
    /// One for each step, in the order of the file; the steps inside a `repeat` follow it.
    public var steps: [StepResult]
    /// Expectations that failed, in order of time, at most ``mostFailures``.
    public var failures: [ExpectationFailure]
    /// How many expectations were checked.
    public var checks: Int
    /// Why the scenario was stopped early.
    public var stopped: String?
    /// The caller stopped it early.
    public var isInterrupted = false
    /// Each zone at the end, node by node, lowest zone first.
    public var zones: [ZoneState]
    /// The sums over all steps.
    public var totals = Totals()
    /// The first refusal of each step and all kills, in order of time, as many as were to be kept.
    public var refusals: [ScenarioRefusal] = []
    /// How many requests, frees and steps there were.
    public var work = 0
    /// How often all invariants were checked and found to hold.
    public var invariantChecks = 0
    /// What happened, event by event, if that was asked for.
    public var history: MachineHistory?
    /// The machine at the end, if that was asked for.
    public var end: Snapshot?
    /// The machine after a given step; nil if none was given, or it was not reached.
    public var shown: Snapshot?
    /// The states saved by `save` steps, in order of time.
    public var saved: [SavedState] = []
    /// The first ``mostExplanations`` requests that were refused or fell back, if that was asked for.
    public var explanations: [Explanation] = []

    /// How many explanations are kept.
    public static let mostExplanations = 32

    /// A machine's state, and the file that it is to be written to.
    public struct SavedState: Hashable, Sendable {
        /// The file.
        public var path: String
        /// The state.
        public var state: Snapshot
    }

    /// The sums over all steps.
    public struct Totals: Hashable, Sendable {
        /// How many requests were served.
        public var served = 0
        /// How many requests were refused.
        public var refused = 0
        /// How many blocks were taken from another mobility type's lists.
        public var fallbacks = 0
        /// How many requests were served on another node than their CPU's (`numa_other`).
        public var remote = 0
        /// Free pages at the end.
        public var free = 0
        /// Free blocks of each order at the end, in all zones.
        public var freeBlocks: [Int] = []
        /// What happened under pressure.
        public var counters = PressureCounters()

        public init() {}
    }

    /// How many failures are kept.
    public static let mostFailures = 100

    /// Whether all expectations were met, and the scenario was not stopped.
    public var passed: Bool { failures.isEmpty && stopped == nil }

    /// A zone at the end, in pages.
    public struct ZoneState: Hashable, Sendable {
        /// The zone.
        public var zone: ZoneReference
        /// The pages that the allocator manages.
        public var managed: Int
        /// Pages on the free lists.
        public var free: Int
        /// Pages on per-CPU lists.
        public var perCPU: Int
    }
}

/// What one step of a scenario did, in all rounds.
public struct StepResult: Hashable, Sendable {
    /// Where it is in the scenario.
    public var path: JSONPath
    /// Where it is in the text.
    public var location: SourceLocation?
    /// What the step is for.
    public var about: String
    /// What the step does.
    public var action: ScenarioStep.Action
    /// How often it was done; more than once inside a `repeat`.
    public var rounds: Int
    /// How many `repeat`s it is inside.
    public var depth: Int
    /// What came of it.
    public var outcome: Outcome
    /// The step is not meant for the kernel's rules, and was skipped.
    public var isOfOtherKernel = false

    /// What came of a step.
    public enum Outcome: Hashable, Sendable {
        case allocated(AllocationSummary)
        case freed(blocks: Int, pages: Int)
        case expected(checks: Int, failures: Int)
        case done
    }
}

/// The results of a number of requests.
public struct AllocationSummary: Hashable, Sendable {
    /// How many were served.
    public var served = 0
    /// How many were refused.
    public var refused = 0
    /// Pages of the requests served.
    public var pages = 0
    /// Blocks freed in between by a mix.
    public var freed = 0
    /// The zones that served requests, in order of their first block.
    public var zones: [Share] = []
    /// The zone of the last block.
    public var lastZone: ZoneReference?
    /// Nodes whose kswapd was woken, in order of the first time.
    public var kswapdWoken: [NodeID] = []
    /// Nodes whose kcompactd woke, in order of the first time.
    public var kcompactdWoken: [NodeID] = []
    /// How many blocks were taken from another mobility type's lists.
    public var fallbacks = 0
    /// How often the reclaim hook was called.
    public var reclaims = 0
    /// How many pages it freed.
    public var reclaimedPages = 0

    /// What one zone served.
    public struct Share: Hashable, Sendable {
        /// The zone.
        public var zone: ZoneReference
        /// How many blocks.
        public var blocks: Int
        /// How many pages.
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
        for node in later.kcompactdWoken where !kcompactdWoken.contains(node) { kcompactdWoken.append(node) }
    }
}
