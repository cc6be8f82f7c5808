import BuddyEngine
import GFP
import Topology

/// One request for a block of pages, as `alloc_pages()` and related functions make it.
@frozen
public struct AllocationRequest: Hashable, Sendable {
    /// The mask.
    public var gfp: GFPFlags
    /// The order of the block.
    public var order: Order
    /// The CPU that asks.
    public var cpu: CPUID
    /// The node whose zonelist is walked; nil: the CPU's own.
    public var node: NodeID?
    /// The only nodes that may serve it, as set by a memory policy; nil: all.
    public var nodemask: NodeMask?
    /// What is special about the task.
    public var task: TaskState

    /// What is special about the task that asks.
    @frozen
    public struct TaskState: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8

        @inlinable
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// PF_MEMALLOC: it frees memory itself, and may use all reserves.
        @inlinable
        public static var memoryAllocator: Self { Self(rawValue: 1) }
        /// A real-time priority.
        @inlinable
        public static var realTime: Self { Self(rawValue: 2) }
        /// Chosen by the OOM killer.
        @inlinable
        public static var oomVictim: Self { Self(rawValue: 4) }
        /// Not a task at all: an interrupt.
        @inlinable
        public static var interrupt: Self { Self(rawValue: 8) }
    }

    @inlinable
    public init(
        _ gfp: GFPFlags, order: Order = 0, cpu: CPUID = 0, node: NodeID? = nil, nodemask: NodeMask? = nil,
        task: TaskState = []
    ) {
        self.gfp = gfp
        self.order = order
        self.cpu = cpu
        self.node = node
        self.nodemask = nodemask
        self.task = task
    }
}
