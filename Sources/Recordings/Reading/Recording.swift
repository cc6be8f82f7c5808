import BuddyEngine
import GFP
import PageAllocator
import Topology

/// A run of a real kernel's page allocator: its whole state before, every request with its answer and the events that
/// say why, and the state after.
public struct Recording: Sendable {
    public var name: String
    public var about: String
    /// The kernel as the recording names it: "6.1", "6.12-cma".
    public var kernel: String
    public var version: KernelVersion
    public var mode: Mode
    /// The guest's time was counted in instructions executed (`icount` of QEMU); else it was the host's.
    public var countsInstructions: Bool
    public var before: Snapshot
    public var after: Snapshot
    /// States in between, by name.
    public var middle: [String: Snapshot]
    public var operations: [RecordedOperation]
    /// The words of all operations' events, see ``EventWords``.
    public var eventWords: [UInt64]
    /// Page frames that bulk requests got.
    public var bulkFrames: [PageFrame]
    /// Node masks that requests carry.
    public var nodemasks: [NodeMask]
    /// Names of states in ``middle``, in the order that the operations name them.
    public var dumpNames: [String]
    /// Live mode: changed lines of `/proc/vmstat`.
    public var counterChanges: [String: Int]
    /// Live mode: processes that the kernel killed for want of memory.
    public var oomKills: Int

    public enum Mode: String, Sendable {
        /// Every CPU but one stood still: exact.
        case stopped
        /// Other tasks ran too: outcomes and orders of magnitude.
        case live
    }
}

/// One operation of a recording, with the kernel's answer. Without references, so that a replay reads it for nothing.
public struct RecordedOperation: Sendable {
    public var action: Action
    public var id: Int
    public var cpu: CPUID
    public var gfp: GFPFlags = []
    public var order: Order = 0
    public var node: NodeID?
    /// A position in ``Recording/nodemasks``.
    public var nodemask: Int?
    /// What the request got, or what is freed; nil: refused.
    public var frame: PageFrame?
    public var servedBy: ZoneReference?
    /// The first walk's.
    public var allocFlags: AllocFlags = []
    /// Positions in ``Recording/eventWords``.
    public var events: Range<Int> = 0..<0

    public enum Action: Sendable, Equatable {
        case allocate
        /// The request was not made: the module could not be sure that it would be met without sleeping, or it names a
        /// node that the machine lacks.
        case skip
        case free
        /// `free` of an ID that holds nothing.
        case freeNothing
        case split
        /// Frees one page of a split block; `order` is 0.
        case freePart
        /// `count` pages asked for; those that came are a range of ``Recording/bulkFrames``.
        case bulk(count: Int, frames: Range<Int>)
        case drain
        /// Compare with a state: its name's position in ``Recording/dumpNames``.
        case dump(name: Int)
        case task(AllocationRequest.TaskState)
        case reclaimActive(ZoneReference, Bool)
    }
}
