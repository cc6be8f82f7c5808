import BuddyEngine
import GFP
import PageAllocator
import SourceText
import Topology

/// A story about a machine: requests, frees and settings in order, with what is expected of them. The same scenario and
/// seed give the same answers, page frame for page frame.
///
/// Its JSON5 form is described by `Config/schemas/scenario.schema.json`.
public struct Scenario: Hashable, Sendable {
    /// A short name for people.
    public var name: String
    /// What it teaches, in a sentence or two.
    public var about: String
    public var start: MachineStart
    /// Decides all that is random.
    public var seed: UInt64
    /// The most requests, frees and steps together; a scenario that wants more is stopped.
    public var limit: Int
    public var steps: [ScenarioStep]
    /// The file it was read from.
    public var source: String

    /// Enough for a machine of 64 GiB page by page; at most some minutes.
    public static let defaultLimit = 20_000_000
    /// The largest limit that may be asked for.
    public static let largestLimit = 1_000_000_000

    public init(
        name: String = "", about: String = "", start: MachineStart, seed: UInt64 = 1, limit: Int = Self.defaultLimit,
        steps: [ScenarioStep] = [], source: String = ""
    ) {
        self.name = name
        self.about = about
        self.start = start
        self.seed = seed
        self.limit = limit
        self.steps = steps
        self.source = source
    }
}

/// One step of a scenario, and where it is.
public struct ScenarioStep: Hashable, Sendable {
    public var action: Action
    /// What the step is for.
    public var about: String
    /// The kernels by whose rules the step is done; by others it is passed over.
    public var kernels: Range<KernelVersion> = KernelVersion(0, 0)..<KernelVersion(.max, 0)
    public var path: JSONPath
    public var location: SourceLocation?

    public enum Action: Hashable, Sendable {
        case allocate(AllocationStep)
        case free(FreeStep)
        case expect(Expectation)
        /// Writes sysctls.
        case set(Sysctls, names: [String])
        /// Gives per-CPU lists back to the free lists: one CPU's, or all.
        case drain(CPUID?)
        /// What reclaim finds from here on.
        case reclaim(ReclaimSource)
        /// Hands blocks over to the LRU model.
        case age(AgeingStep)
        case `repeat`(Int, [ScenarioStep])
        /// Keeps the machine's state, to be written to a file of this name by whoever plays the scenario.
        case save(String)
    }

    public init(_ action: Action, about: String = "", path: JSONPath = [], location: SourceLocation? = nil) {
        self.action = action
        self.about = about
        self.path = path
        self.location = location
    }
}

/// Requests, one after another, whose blocks are kept under a name.
public struct AllocationStep: Hashable, Sendable {
    /// One of these each time, drawn by weight where there are several.
    public var choices: [Choice]
    /// How many times; nil: until one is refused.
    public var count: Int?
    /// Ends at the first refusal.
    public var stopsAtFailure: Bool
    /// The group that the blocks are kept in; empty: one that has no name.
    public var name: String
    /// The memory policy and cpuset of the task that asks; nil: none.
    public var placement: TaskPlacement?
    /// That many pages are kept of each block, each a block of its own from then on; the rest goes back at once, page by page
    /// (`alloc_pages_exact`). Nil: the whole block is kept.
    public var exactPages: Int?
    /// The process that asks, by the name that it owns memory under; nil: the kernel, which the OOM killer spares.
    public var process: String?

    public struct Choice: Hashable, Sendable {
        public var weight: Int
        /// Nil: a block of the group, drawn at random, is given back instead.
        public var request: AllocationRequest?
        /// The mask as it was written.
        public var gfp: String

        public init(weight: Int = 1, request: AllocationRequest?, gfp: String = "") {
            self.weight = weight
            self.request = request
            self.gfp = gfp
        }
    }

    public init(choices: [Choice], count: Int? = 1, stopsAtFailure: Bool = false, name: String = "") {
        self.choices = choices
        self.count = count
        self.stopsAtFailure = stopsAtFailure
        self.name = name
    }
}

/// Gives blocks of a group back, in the order they came unless the selection says otherwise.
public struct FreeStep: Hashable, Sendable {
    /// Nil: of all groups.
    public var name: String?
    public var selection: Selection
    /// The CPU that frees; nil: the machine's first.
    public var cpu: CPUID?

    public enum Selection: Hashable, Sendable {
        case all
        /// The first, and every one this many further on.
        case every(Int)
        /// Each with this probability, from 0 to 1.
        case share(Double)
        /// The first ones, this many.
        case first(Int)
        /// The last ones, this many, the newest first.
        case last(Int)
    }

    public init(name: String?, selection: Selection = .all, cpu: CPUID? = nil) {
        self.name = name
        self.selection = selection
        self.cpu = cpu
    }
}

/// What reclaim finds when it is called.
public enum ReclaimSource: Hashable, Sendable {
    /// Nothing is ever reclaimed, and kswapd does not run.
    case none
    /// Up to that many pages of a group at each call, the oldest blocks first.
    case group(String, pages: Int)
    /// What is on LRU lists: page cache, and anonymous memory while there is swap, which is that many pages large.
    case lru(swapPages: Int)
}

/// Blocks of a group become page cache or anonymous memory, which reclaim may free and compaction move.
public struct AgeingStep: Hashable, Sendable {
    public var name: String
    public var kind: LRUReclaim.PageKind
    /// The process that owns them and may be killed; nil: none.
    public var process: String?
    public var isDirty: Bool
    public var isActive: Bool
    /// One block of this many only; the others stay with the group.
    public var every: Int

    public init(
        name: String, kind: LRUReclaim.PageKind, process: String? = nil, isDirty: Bool = false, isActive: Bool = false,
        every: Int = 1
    ) {
        self.name = name
        self.kind = kind
        self.process = process
        self.isDirty = isDirty
        self.isActive = isActive
        self.every = every
    }
}
