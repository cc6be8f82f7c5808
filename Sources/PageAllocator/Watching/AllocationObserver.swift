import BuddyEngine
import GFP
import Topology

/// Receives what a request does, as it does it. The allocator is generic over its observer: with
/// ``NoAllocationObserver`` the calls are compiled away.
public protocol AllocationObserver: BuddyObserver {
    /// Whether ``judged(_:)`` and ``passedOver(_:because:)`` are wanted; they cost more than the others.
    static var wantsLooks: Bool { get }

    /// A walk over the zonelist begins (`get_page_from_freelist`).
    mutating func beganWalk(_ flags: AllocFlags)

    /// A walk begins again without ALLOC_NOFRAGMENT.
    mutating func restartedWalk(_ flags: AllocFlags)

    /// A zone was tested against a watermark.
    mutating func judged(_ look: ZoneLook)

    /// A zone on the list was skipped.
    mutating func passedOver(_ zone: ZoneReference, because reason: PassOverReason)

    /// The kswapd of a zone's node was called (`wakeup_kswapd`), which does not mean that it woke.
    mutating func wokeKswapd(_ wake: KswapdWake)

    /// A reclaim hook was called and returned.
    mutating func reclaimed(_ call: ReclaimCall, freed pages: Int)

    /// Compaction of a zone ended.
    mutating func compacted(_ event: CompactionEvent)

    /// Reclaim and compaction did not help, and killing a process was considered.
    mutating func ranOutOfMemory(_ event: OutOfMemoryEvent)

    /// A free was refused: it cannot be right.
    mutating func foundBadPage(_ page: BadPage)

    /// A per-CPU list changed; reported only if `wantsChanges` is true.
    mutating func changed(_ change: PerCPUChange)

    /// The boost of a zone's watermarks changed.
    mutating func boosted(_ zone: ZoneReference, to pages: Int)

    /// The reclaim thread of a node went to sleep.
    mutating func kswapdSlept(_ node: NodeID)

    /// The compaction thread of a node woke. Until ``kcompactdSlept(_:)`` what happens is its work.
    mutating func wokeKcompactd(_ wake: KcompactdWake)

    /// The compaction thread of a node went to sleep.
    mutating func kcompactdSlept(_ node: NodeID)
}

extension AllocationObserver {
    @inlinable
    public mutating func changed(_ change: PerCPUChange) {}
    @inlinable
    public mutating func boosted(_ zone: ZoneReference, to pages: Int) {}
    @inlinable
    public mutating func kswapdSlept(_ node: NodeID) {}
    @inlinable
    public mutating func wokeKcompactd(_ wake: KcompactdWake) {}
    @inlinable
    public mutating func kcompactdSlept(_ node: NodeID) {}
    @inlinable
    public mutating func compacted(_ event: CompactionEvent) {}
    @inlinable
    public mutating func ranOutOfMemory(_ event: OutOfMemoryEvent) {}
    @inlinable
    public mutating func foundBadPage(_ page: BadPage) {}
}

/// Why a zone on the list was skipped.
public enum PassOverReason: Hashable, Sendable {
    /// The zone is above the highest that the mask allows.
    case aboveHighestZone
    /// The node is not in the request's node mask.
    case nodeNotInMask
    /// The task's cpuset does not allow this request to use the node.
    case nodeNotInCpuset
    /// The node's kswapd is awake, so other nodes come first.
    case kswapdAwake
}

/// One zone tested against one watermark.
public struct ZoneLook: Hashable, Sendable {
    /// The zone.
    public var zone: ZoneReference
    /// The watermark.
    public var level: WatermarkLevel
    /// The watermark with its boost, in pages.
    public var mark: Int
    /// The part of ``mark`` that is boost.
    public var boost: Int
    /// The figures that were compared.
    public var test: WatermarkTest
    /// The result.
    public var verdict: Verdict

    /// The result of a test.
    public enum Verdict: Hashable, Sendable {
        /// A block was taken.
        case served
        /// Usable free pages did not exceed mark and reserve.
        case belowMark
        /// There were enough pages, but no block of the order on any list that the request may use.
        case noBlock
        /// The test was passed, but the lists had nothing that the request may take.
        case listsEmpty
    }

    /// The zone's free-page counter. It lags behind the lists.
    public var free: Int { test.free }
    /// Free pages that this request may not count: highatomic, CMA, and 2^order - 1 for a high order.
    public var unusable: Int { test.unusable }
    /// The part of ``unusable`` that is reserved for, or free in, highatomic pageblocks.
    public var unusableHighAtomic: Int { test.highAtomic }
    /// The part of ``unusable`` that is free in CMA pageblocks.
    public var unusableCMA: Int { test.cma }
    /// ``mark``, less what the request may use of the reserve below it.
    public var effectiveMark: Int { test.mark }
    /// Held back from requests that could use a higher zone.
    public var lowmemReserve: Int { test.lowmemReserve }
    /// Free pages that the request may count, which are compared with ``required``.
    public var usable: Int { test.usable }
    /// ``usable`` must exceed this.
    public var required: Int { test.required }
}

/// A call of `wakeup_kswapd`.
public struct KswapdWake: Hashable, Sendable {
    /// The node.
    public var node: NodeID
    /// The zone that the call named.
    public var zone: ZoneKind
    /// The order that was wanted.
    public var order: Order
    /// An index into `Architecture.zoneKinds`.
    public var highestZoneIndex: Int
    /// Whether kswapd was asleep, and had a reason to wake.
    public var awakened: Bool
}

/// kcompactd woke and has something to do (`mm_compaction_kcompactd_wake`, mm/compaction.c).
public struct KcompactdWake: Hashable, Sendable {
    /// The node.
    public var node: NodeID
    /// The order of the block that is to become free.
    public var order: Order
    /// The highest zone that is compacted, as an index into `Architecture.zoneKinds`.
    public var highestZoneIndex: Int
    /// Nobody called: it compacts ahead of need (`vm.compaction_proactiveness`).
    public var isProactive: Bool

    public init(node: NodeID, order: Order, highestZoneIndex: Int, isProactive: Bool) {
        self.node = node
        self.order = order
        self.highestZoneIndex = highestZoneIndex
        self.isProactive = isProactive
    }
}

/// Observes nothing and costs nothing.
@frozen
public struct NoAllocationObserver: AllocationObserver, Sendable {
    @inlinable
    public static var wantsLooks: Bool { false }

    @inlinable
    public init() {}

    @inlinable
    public mutating func tookBlock(_ frame: PageFrame, order: Order, type: Migratetype) {}
    @inlinable
    public mutating func fellBack(_ fallback: FallbackEvent) {}
    @inlinable
    public mutating func drained(_ frame: PageFrame, order: Order, type: Migratetype) {}
    @inlinable
    public mutating func beganWalk(_ flags: AllocFlags) {}
    @inlinable
    public mutating func restartedWalk(_ flags: AllocFlags) {}
    @inlinable
    public mutating func judged(_ look: ZoneLook) {}
    @inlinable
    public mutating func passedOver(_ zone: ZoneReference, because reason: PassOverReason) {}
    @inlinable
    public mutating func wokeKswapd(_ wake: KswapdWake) {}
    @inlinable
    public mutating func reclaimed(_ call: ReclaimCall, freed pages: Int) {}
}
