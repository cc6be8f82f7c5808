import BuddyEngine
import GFP
import Topology

/// Where memory comes from when a zone runs low. Implement it to say what reclaim finds, what may be moved and who may
/// be killed; the allocator decides when to ask, and what a request does with the answer.
///
/// Only ``reclaim(_:in:)`` must be written. A hook gives pages back through `Machine.free(_:order:cpu:)`; it may also
/// allocate. `Documentation/ReclaimHooks.md` has a whole one.
public protocol ReclaimHook: AnyObject {
    /// Reclaims from one node, and returns the number of pages made free. 0 means no progress.
    func reclaim(_ call: ReclaimCall, in machine: inout Machine) -> Int

    /// Whether ``reclaim(_:in:)`` scans a part of its lists that grows as the priority falls. Such a hook is called
    /// again with the next priority until the target is met, as the kernel does; another is called once a round.
    var scansByPriority: Bool { get }

    /// Whether kswapd's last ``reclaim(_:in:)`` of a node stopped at ``ReclaimCall/mostFolios`` with a part of its lists still to
    /// be scanned. It is called again to continue, with the same priority.
    func isInterrupted(on node: NodeID) -> Bool

    /// Pages of a zone that reclaim could free (`zone_reclaimable_pages`); nil: not known, and a request continues as long
    /// as reclaim makes progress.
    func reclaimablePages(in zone: ZoneReference) -> Int?

    /// A movable page is to be moved by compaction. Returns whether its owner lets it go, and knows it by its new place
    /// from now on.
    func move(_ page: PageFrame, to target: PageFrame) -> Bool

    /// A page that was just moved lies in another zone than before: as compaction keeps to one zone, only a caller that takes a
    /// whole range (``Machine/takeRange(_:for:cpu:)``) moves pages so far.
    func settle(_ page: PageFrame, in machine: borrowing Machine)

    /// Nothing else helps: somebody is to be killed (`out_of_memory`, mm/oom_kill.c).
    func killProcess(_ call: OutOfMemoryCall, in machine: inout Machine) -> OutOfMemoryAnswer

    /// Others run for a moment: those that were killed give memory back, that many pages at most; nil: all of it. Returns
    /// how many.
    func letOthersRun(upTo pages: Int?, in machine: inout Machine) -> Int
}

extension ReclaimHook {
    public var scansByPriority: Bool { false }
    public func isInterrupted(on node: NodeID) -> Bool { false }
    public func reclaimablePages(in zone: ZoneReference) -> Int? { nil }
    public func move(_ page: PageFrame, to target: PageFrame) -> Bool { false }
    public func settle(_ page: PageFrame, in machine: borrowing Machine) {}
    public func killProcess(_ call: OutOfMemoryCall, in machine: inout Machine) -> OutOfMemoryAnswer { .nobody }
    public func letOthersRun(upTo pages: Int?, in machine: inout Machine) -> Int { 0 }
}

/// What reclaim is asked for (`struct scan_control`, mm/vmscan.c).
public struct ReclaimCall: Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        /// A zone of the node fell below its low watermark, or was boosted: kswapd was woken.
        case kswapd
        /// A request that may sleep found nothing.
        case direct
        /// A zone below its mark, and `vm.zone_reclaim_mode` would rather have it reclaimed than go to another node.
        case node
    }

    public var reason: Reason
    /// The node to reclaim from.
    public var node: NodeID
    /// The block wanted.
    public var order: Order
    /// The highest zone whose pages help, as an index into `Architecture.zoneKinds`.
    public var highestZoneIndex: Int
    /// The request's mask; empty for kswapd.
    public var gfp: GFPFlags
    /// How hard to try: a list's 2^-priority-th part is to be scanned. From ``gentlest`` down to 0.
    public var priority: Int
    /// Pages that would be enough.
    public var target: Int
    /// Folios to scan before others have the CPU; nil: the whole part of the lists.
    public var mostFolios: Int?
    /// Whether dirty pages may be written.
    public var mayWrite = true
    /// Whether anonymous pages may be swapped out.
    public var maySwap = true
    /// The CPU on which it happens; nil: the machine's first.
    public var cpu: CPUID?

    /// Where a round begins (`DEF_PRIORITY`).
    public static let gentlest = 12
    /// What a direct reclaim is content with (`SWAP_CLUSTER_MAX`).
    public static let cluster = 32

    public init(
        reason: Reason, node: NodeID, order: Order, highestZoneIndex: Int, gfp: GFPFlags,
        priority: Int = Self.gentlest, target: Int = Self.cluster
    ) {
        self.reason = reason
        self.node = node
        self.order = order
        self.highestZoneIndex = highestZoneIndex
        self.gfp = gfp
        self.priority = priority
        self.target = target
    }
}

/// What the OOM killer is told (`struct oom_control`).
public struct OutOfMemoryCall: Hashable, Sendable {
    public var gfp: GFPFlags
    public var order: Order
    /// The nodes to which a memory policy or cpuset limits the request (`CONSTRAINT_MEMORY_POLICY`,
    /// `CONSTRAINT_CPUSET`): only who uses these helps.
    public var nodemask: NodeMask?
    /// `vm.oom_kill_allocating_task`: the task that asks is to die, if it is one that can be killed.
    public var prefersCaller = false
}

/// What came of it.
public enum OutOfMemoryAnswer: Hashable, Sendable {
    /// A process was chosen; its memory is coming back.
    case killed(String)
    /// The task that asks was chosen itself. Its request continues as a victim's: with half of the reserves, and no killing
    /// any more.
    case killedCaller(String)
    /// An earlier victim has not given all its memory back yet, so nobody else is killed (`oom_evaluate_task`).
    case stillDying
    /// There is nobody to kill. A kernel panics ("System is deadlocked on memory").
    case nobody
}
