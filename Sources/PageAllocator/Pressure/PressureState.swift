import BuddyEngine
import Topology

/// When kswapd and kcompactd get to run. They are actors on the simulation's own clock, so that a run repeats.
public enum ReclaimTiming: Hashable, Sendable {
    /// Between the request that woke them and the next, as where a CPU is idle.
    case prompt
    /// When a task that allocates has to sleep: it and they share a CPU.
    case whenStalled
}

/// What the slow path keeps from request to request.
@usableFromInline
struct PressureState: Sendable {
    /// Requests that left the fast path, so far: the clock.
    var clock = 0
    /// A request has slept since kswapd last ran.
    var hasStalled = false
    /// By zone position.
    var compaction: [CompactionState]
    /// By node position: the clock's time at which kswapd went to sleep.
    var sleptAt: [Int?]
    /// Node reclaim calls the hook, which may allocate: not twice.
    var isReclaimingNode = false

    /// How long kswapd's first, short sleep is on that clock (HZ / 10 in the kernel).
    static let shortSleep = 10_000
    /// Most rounds that a request goes through before it gives up. A kernel has no such limit, but has other tasks.
    static let mostRounds = 1024
}

/// What compaction remembers of a zone.
struct CompactionState: Sendable {
    /// Where the two scanners go on; nil: at the zone's ends.
    var migrate: InlineArray<2, PageFrame?> = [nil, nil]
    var free: PageFrame?
    /// Attempts since the last that failed (`compact_considered`), of which 2^`deferShift` are passed over.
    var considered = 0
    var deferShift = 0
    /// The smallest order that failed (`compact_order_failed`).
    var orderFailed: Order = 0
    /// Pageblocks in which nothing could be isolated, by number; cleared when kswapd goes to sleep.
    var skipped: Set<UInt64> = []

    /// `COMPACT_MAX_DEFER_SHIFT`.
    static let mostDeferShift = 6
}
