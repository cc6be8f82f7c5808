import BuddyEngine
import GFP
import PageAllocator
import Topology

/// A run of a real kernel's page allocator: its complete state before, every request with its result and the events
/// that led to it, and the state after.
public struct Recording: Sendable {
    /// A short name.
    public var name: String
    /// What is recorded, in a sentence.
    public var about: String
    /// The kernel as the recording names it: "6.1", "6.12-cma".
    public var kernel: String
    /// The kernel's release.
    public var version: KernelVersion
    /// How it was recorded.
    public var mode: Mode
    /// Whether the guest's time was counted in executed instructions (QEMU's `icount`); otherwise it was the host's.
    public var countsInstructions: Bool
    /// The state before the first operation.
    public var before: Snapshot
    /// The state after the last operation.
    public var after: Snapshot
    /// States in between, by name.
    public var middle: [String: Snapshot]
    /// The operations in order.
    public var operations: [RecordedOperation]
    /// The words of all operations' events, see ``EventWords``.
    public var eventWords: [UInt64]
    /// Page frames that bulk requests returned.
    public var bulkFrames: [PageFrame]
    /// Node masks of requests.
    public var nodemasks: [NodeMask]
    /// Names of states in ``middle``, in the order in which the operations refer to them.
    public var dumpNames: [String]
    /// Live mode: changed lines of `/proc/vmstat`.
    public var counterChanges: [String: Int]
    /// Live mode: how many processes the kernel killed for lack of memory.
    public var oomKills: Int

    /// How a recording was made.
    public enum Mode: String, Sendable {
        /// All CPUs but one were stopped: exact.
        case stopped
        /// Other tasks ran as well: only outcomes and orders of magnitude can be compared.
        case live
    }
}

/// One operation of a recording, with the kernel's result. It contains no references, so that a replay reads it at no
/// cost.
public struct RecordedOperation: Sendable {
    /// What was done.
    public var action: Action
    /// The number that identifies a block.
    public var id: Int
    /// The CPU on which it was done.
    public var cpu: CPUID
    /// The request's mask.
    public var gfp: GFPFlags = []
    /// The order of the block.
    public var order: Order = 0
    /// The node whose zonelist was used; nil: the CPU's own.
    public var node: NodeID?
    /// A position in ``Recording/nodemasks``.
    public var nodemask: Int?
    /// The block that the request got, or that is freed; nil: refused.
    public var frame: PageFrame?
    /// The zone that served the request.
    public var servedBy: ZoneReference?
    /// The flags of the first walk.
    public var allocFlags: AllocFlags = []
    /// Indices of ``Recording/eventWords``.
    public var events: Range<Int> = 0..<0

    /// What was done.
    public enum Action: Sendable, Equatable {
        case allocate
        /// The request was not made: the module could not be sure that it would be served without sleeping, or it named
        /// a node that the machine lacks.
        case skip
        case free
        /// `free` of an ID without a block.
        case freeNothing
        case split
        /// Frees one page of a split block; `order` is 0.
        case freePart
        /// `count` pages were requested; those allocated are a range of ``Recording/bulkFrames``.
        case bulk(count: Int, frames: Range<Int>)
        case drain
        /// Compare with a state: the index of its name in ``Recording/dumpNames``.
        case dump(name: Int)
        case task(AllocationRequest.TaskState)
        case reclaimActive(ZoneReference, Bool)
    }
}
