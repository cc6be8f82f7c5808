import GFP
import PageAllocator
import Scenarios
import Topology
import Traces

/// The machine of a run, and all differences from its source.
public struct Setup: Hashable, Sendable {
    /// The name in tables.
    public var name: String
    /// The source of the machine; nil: the scenario's own.
    public var source: String?
    /// The kernel whose rules apply, in place of those of the source's own kernel.
    public var kernel: KernelChoice?
    /// The settings made before the workload begins; a machine that has not booted boots with them.
    public var settings: [SettingChange] = []
    /// The policy and cpuset of the requesting task, in the words of numactl(8); empty: none.
    public var policy: [String] = []
    /// The ageing of the machine before the workload; the run's seed replaces its own.
    public var ageing: Ageing?
    /// What reclaim finds when a trace is replayed; nil: nothing. A scenario describes this itself.
    public var reclaim: ReclaimModel?

    /// A setup without changes.
    ///
    /// - Parameters:
    ///   - name: The name in tables.
    ///   - source: The source of the machine; nil: the scenario's own.
    public init(name: String = "", source: String? = nil) {
        self.name = name
        self.source = source
    }

    /// Page cache and swap, independent of the page size.
    public struct ReclaimModel: Hashable, Sendable {
        /// The room for anonymous pages, in bytes.
        public var swap: UInt64
        /// The share of the LRU lists that is clean page cache, 0 to 1.
        public var cacheShare: Double

        /// Creates a model from its parts.
        public init(swap: UInt64, cacheShare: Double) {
            self.swap = swap
            self.cacheShare = cacheShare
        }
    }
}

/// What is played: the path of a scenario or of a trace.
public enum Workload: Hashable, Sendable {
    case scenario(String)
    case trace(String)

    /// The path of its file.
    public var path: String {
        switch self {
        case .scenario(let path), .trace(let path): path
        }
    }
}

/// The reason that a run cannot be made, if no other module reports it.
public struct SetupError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reason, as a sentence.
    public var description: String

    /// Creates an error with its reason.
    public init(_ description: String) { self.description = description }
}

/// A run was interrupted by the caller.
public struct RunInterrupted: Error, Hashable, Sendable, CustomStringConvertible {
    /// Creates the error.
    public init() {}

    /// What is printed of it.
    public var description: String { "interrupted" }
}
