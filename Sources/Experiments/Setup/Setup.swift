import GFP
import PageAllocator
import Scenarios
import Topology
import Traces

/// What a run is made on: a machine, and all that is to be other than its source says.
public struct Setup: Hashable, Sendable {
    /// What to call it.
    public var name: String
    /// Where the machine comes from; nil: a scenario's own.
    public var source: String?
    /// Whose rules hold, in place of those of the source's own kernel.
    public var kernel: KernelChoice?
    /// Made when what is played begins: a machine yet to boot boots with them.
    public var settings: [SettingChange] = []
    /// The policy and cpuset of the task that asks, in the words of numactl(8); empty: none.
    public var policy: [String] = []
    /// Brings the machine to this state first; the run's seed takes the place of its own.
    public var ageing: Ageing?
    /// What reclaim finds when a trace is replayed; nil: nothing. A scenario says it itself.
    public var reclaim: ReclaimModel?

    public init(name: String = "", source: String? = nil) {
        self.name = name
        self.source = source
    }

    /// Page cache and swap, whatever the page size.
    public struct ReclaimModel: Hashable, Sendable {
        /// Room for anonymous pages, in bytes.
        public var swap: UInt64
        /// How much of the lists is clean page cache, 0 to 1.
        public var cacheShare: Double

        public init(swap: UInt64, cacheShare: Double) {
            self.swap = swap
            self.cacheShare = cacheShare
        }
    }
}

/// What is played.
public enum Workload: Hashable, Sendable {
    case scenario(String)
    case trace(String)

    /// Its file.
    public var path: String {
        switch self {
        case .scenario(let path), .trace(let path): path
        }
    }
}

/// Why a run cannot be made, where that is no other module's to say.
public struct SetupError: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}

/// A run was interrupted by whoever wanted it.
public struct RunInterrupted: Error, Hashable, Sendable, CustomStringConvertible {
    public init() {}

    public var description: String { "interrupted" }
}
