import BuddyEngine
import GFP
import PageAllocator
import SourceText
import Topology

/// A sequence of requests, frees and settings on a machine, with what is expected of them. The same scenario and seed
/// give the same results, page frame for page frame.
///
/// Its JSON5 form is described by `Config/schemas/scenario.schema.json`.
public struct Scenario: Hashable, Sendable {
    /// A short name for people.
    public var name: String
    /// What it shows, in a sentence or two.
    public var about: String
    /// The machine to begin with.
    public var start: MachineStart
    /// Decides everything that is random.
    public var seed: UInt64
    /// The most requests, frees and steps in all; a scenario that needs more is stopped.
    public var limit: Int
    /// The steps in order.
    public var steps: [ScenarioStep]
    /// The file it was read from.
    public var source: String

    /// Enough to allocate 64 GiB page by page; takes some minutes at most.
    public static let defaultLimit = 20_000_000
    /// The largest limit that a scenario may set.
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

/// One step of a scenario, and its place.
public struct ScenarioStep: Hashable, Sendable {
    /// What the step does.
    public var action: Action
    /// What the step is for.
    public var about: String
    /// The kernels under whose rules the step is done; under others it is skipped.
    public var kernels: Range<KernelVersion> = KernelVersion(0, 0)..<KernelVersion(.max, 0)
    /// Where it is in the scenario.
    public var path: JSONPath
    /// Where it is in the text.
    public var location: SourceLocation?

    /// What a step does.
    public enum Action: Hashable, Sendable {
        case allocate(AllocationStep)
        case free(FreeStep)
        case expect(Expectation)
        /// Writes sysctls.
        case set(Sysctls, names: [String])
        /// Returns per-CPU lists to the free lists: one CPU's, or all.
        case drain(CPUID?)
        /// Sets what reclaim finds from here on.
        case reclaim(ReclaimSource)
        /// Hands blocks to the LRU model.
        case age(AgeingStep)
        case `repeat`(Int, [ScenarioStep])
        /// Saves the machine's state, for the caller to write to a file of this name.
        case save(String)
    }

    public init(_ action: Action, about: String = "", path: JSONPath = [], location: SourceLocation? = nil) {
        self.action = action
        self.about = about
        self.path = path
        self.location = location
    }
}

/// Requests, one after another, whose blocks are kept as a group.
public struct AllocationStep: Hashable, Sendable {
    /// The possible requests, of which one is chosen each time by weight.
    public var choices: [Choice]
    /// How many requests; nil: until one is refused.
    public var count: Int?
    /// Whether the step ends at the first refusal.
    public var stopsAtFailure: Bool
    /// The group of the blocks; empty: the unnamed one.
    public var name: String
    /// The memory policy and cpuset of the task that asks; nil: none.
    public var placement: TaskPlacement?
    /// How many pages of each block are kept, each as a block of its own; the rest is freed at once, page by page
    /// (`alloc_pages_exact`). Nil: the whole block is kept.
    public var exactPages: Int?
    /// The process that asks, by the name under which it owns memory; nil: the kernel, which cannot be killed.
    public var process: String?

    /// A possible request.
    public struct Choice: Hashable, Sendable {
        /// How likely it is, relative to the others.
        public var weight: Int
        /// Nil: free a random block of the group instead.
        public var request: AllocationRequest?
        /// The mask as written.
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

/// Frees blocks of a group, in order of allocation unless the selection says otherwise.
public struct FreeStep: Hashable, Sendable {
    /// The group; nil: all groups.
    public var name: String?
    /// Which blocks to free.
    public var selection: Selection
    /// The CPU that frees; nil: the machine's first.
    public var cpu: CPUID?

    /// Which blocks to free.
    public enum Selection: Hashable, Sendable {
        case all
        /// The first block, and every one this many further on.
        case every(Int)
        /// Each block with this probability, from 0 to 1.
        case share(Double)
        /// So many of the first blocks.
        case first(Int)
        /// So many of the last blocks, the newest first.
        case last(Int)
    }

    public init(name: String?, selection: Selection = .all, cpu: CPUID? = nil) {
        self.name = name
        self.selection = selection
        self.cpu = cpu
    }
}

/// What reclaim finds.
public enum ReclaimSource: Hashable, Sendable {
    /// Nothing is ever reclaimed, and kswapd does not run.
    case none
    /// At most so many pages of a group in each call, the oldest blocks first.
    case group(String, pages: Int)
    /// Pages on LRU lists: page cache, and anonymous memory as long as there is swap, of the given size in pages.
    case lru(swapPages: Int)
}

/// Makes blocks of a group page cache or anonymous memory, which reclaim may free and compaction move.
public struct AgeingStep: Hashable, Sendable {
    /// The group.
    public var name: String
    /// What the pages hold.
    public var kind: LRUReclaim.PageKind
    /// The process that owns them and may be killed; nil: none.
    public var process: String?
    /// Whether they must be written before they can be freed.
    public var isDirty: Bool
    /// Whether they go on the active list.
    public var isActive: Bool
    /// Only one of so many blocks; the others stay in the group.
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
