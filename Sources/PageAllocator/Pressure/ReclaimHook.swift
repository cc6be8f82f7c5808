import BuddyEngine
import GFP
import Topology

/// Where memory comes from when a zone runs low. An implementation says what reclaim finds, what may be moved and which
/// processes may be killed; the allocator decides when to ask, and what a request does with the answer.
///
/// Only ``reclaim(_:in:)`` has no default. A hook frees pages with `Machine.free(_:order:cpu:)`; it may also allocate.
/// `Documentation/ReclaimHooks.md` has a complete one.
public protocol ReclaimHook: AnyObject {
    /// Reclaims from one node, and returns the number of pages freed. 0 means no progress.
    func reclaim(_ call: ReclaimCall, in machine: inout Machine) -> Int

    /// Whether ``reclaim(_:in:)`` scans a part of its lists that grows as the priority falls. Such a hook is called
    /// again with the next priority until the target is met, as the kernel does; any other is called once per round.
    var scansByPriority: Bool { get }

    /// Whether kswapd's last ``reclaim(_:in:)`` of a node stopped at ``ReclaimCall/mostFolios`` before its part of the
    /// lists was scanned. It is called again to continue, with the same priority.
    func isInterrupted(on node: NodeID) -> Bool

    /// How many pages of a zone reclaim could free (`zone_reclaimable_pages`); nil if unknown: a request then continues
    /// as long as reclaim makes progress.
    func reclaimablePages(in zone: ZoneReference) -> Int?

    /// Whether compaction may take a page off its list to move it, though it is marked as movable: not if its owner could
    /// only be asked in vain (dirty pages of a file system that cannot move them, `isolate_migratepages_block`).
    func mayBeMoved(_ page: PageFrame) -> Bool

    /// Asks whether compaction may move a movable page. Returns whether its owner agrees, and uses its new place from
    /// now on.
    func move(_ page: PageFrame, to target: PageFrame) -> Bool

    /// Tells that a page was moved to another zone. Compaction stays within a zone; only taking a whole range
    /// (``Machine/takeRange(_:for:cpu:)``) moves pages that far.
    func settle(_ page: PageFrame, in machine: borrowing Machine)

    /// Kills a process because nothing else helps (`out_of_memory`, mm/oom_kill.c).
    func killProcess(_ call: OutOfMemoryCall, in machine: inout Machine) -> OutOfMemoryAnswer

    /// Lets others run for a moment: killed processes free memory, at most `pages` pages; nil: all of it. Returns how
    /// many pages were freed.
    func letOthersRun(upTo pages: Int?, in machine: inout Machine) -> Int

    /// How many pages killed processes have yet to free; nil if unknown.
    var exitingPages: Int? { get }
}

extension ReclaimHook {
    public var scansByPriority: Bool { false }
    public func isInterrupted(on node: NodeID) -> Bool { false }
    public func reclaimablePages(in zone: ZoneReference) -> Int? { nil }
    public func mayBeMoved(_ page: PageFrame) -> Bool { true }
    public func move(_ page: PageFrame, to target: PageFrame) -> Bool { false }
    public func settle(_ page: PageFrame, in machine: borrowing Machine) {}
    public func killProcess(_ call: OutOfMemoryCall, in machine: inout Machine) -> OutOfMemoryAnswer { .nobody }
    public func letOthersRun(upTo pages: Int?, in machine: inout Machine) -> Int { 0 }
    public var exitingPages: Int? { nil }
}

/// What reclaim is asked for (`struct scan_control`, mm/vmscan.c).
public struct ReclaimCall: Hashable, Sendable {
    /// Why memory is reclaimed.
    public enum Reason: Hashable, Sendable {
        /// A zone of the node fell below its low watermark, or was boosted: kswapd was woken.
        case kswapd
        /// A request that may sleep found nothing.
        case direct
        /// A zone is below its mark, and `vm.zone_reclaim_mode` prefers reclaiming from it to using another node.
        case node
    }

    /// Why memory is reclaimed.
    public var reason: Reason
    /// The node to reclaim from.
    public var node: NodeID
    /// The order of the block wanted.
    public var order: Order
    /// The highest zone whose pages help, as an index into `Architecture.zoneKinds`.
    public var highestZoneIndex: Int
    /// The request's mask; empty for kswapd.
    public var gfp: GFPFlags
    /// How hard to try: one part in 2^priority of a list is scanned. From ``gentlest`` down to 0.
    public var priority: Int
    /// How many pages would be enough.
    public var target: Int
    /// How many folios to scan before others get the CPU; nil: no limit.
    public var mostFolios: Int?
    /// Whether dirty pages may be written.
    public var mayWrite = true
    /// Whether anonymous pages may be swapped out.
    public var maySwap = true
    /// The CPU on which reclaim runs; nil: the machine's first.
    public var cpu: CPUID?

    /// The priority with which a round begins (`DEF_PRIORITY`).
    public static let gentlest = 12
    /// The target of a direct reclaim, in pages (`SWAP_CLUSTER_MAX`).
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
    /// The request's mask.
    public var gfp: GFPFlags
    /// The request's order.
    public var order: Order
    /// The nodes to which a memory policy or cpuset limits the request (`CONSTRAINT_MEMORY_POLICY`,
    /// `CONSTRAINT_CPUSET`): only killing a process with memory there helps.
    public var nodemask: NodeMask?
    /// `vm.oom_kill_allocating_task`: the task that asks is killed, if it can be.
    public var prefersCaller = false
}

/// Which process was killed.
public enum OutOfMemoryAnswer: Hashable, Sendable {
    /// A process with this name; its memory will be freed.
    case killed(String)
    /// The task that asks, with this name. Its request continues with the rights of a victim: half of the reserves, and
    /// no further killing.
    case killedCaller(String)
    /// None, because an earlier victim has not freed all its memory yet (`oom_evaluate_task`).
    case stillDying
    /// None, because there is no process to kill. A kernel panics ("System is deadlocked on memory").
    case nobody
}
