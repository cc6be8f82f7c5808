import BuddyEngine
import Topology

/// When kswapd and kcompactd get to run. They are actors on the simulation's own clock, so that a run repeats.
public enum ReclaimTiming: Hashable, Sendable {
    /// Between the request that woke them and the next, as where a CPU is idle.
    case prompt
    /// The task that allocates has a time that passes as it makes requests, reclaims, and by `Machine.letTimePass(_:)`.
    /// kswapd of a node whose only CPU is the task's shares it; that of another node works on a CPU of its own meanwhile.
    case sharedCPU(CPUCosts)
}

/// What the slow path keeps from request to request.
@usableFromInline
struct PressureState: Sendable {
    /// Requests that left the fast path, so far: the clock.
    var clock = 0
    /// Where it is shared.
    var cpu: SharedCPU?
    /// The task is to give up the CPU as soon as it can.
    var isPreempted = false
    /// Who was killed may still have memory to give back.
    var isSomebodyExiting = false
    /// By node position: kswapd's work that was interrupted.
    var balancing: [Balancing?]
    /// By node position: how far kswapd got in the time that ``cpu`` keeps, where it has another CPU.
    var clocks: [Int]
    /// By node position: what kcompactd waits to do.
    var kcompactd: [Compacting?]
    /// By zone position.
    var compaction: [CompactionState]
    /// By node position: the time at which kswapd went to sleep.
    var sleptAt: [Int?]
    /// Node reclaim calls the hook, which may allocate: not twice.
    var isReclaimingNode = false

    /// Nothing has happened yet on a machine of that many nodes and zones.
    init(nodes: Int, zones: Int) {
        balancing = Array(repeating: nil, count: nodes)
        clocks = Array(repeating: 0, count: nodes)
        kcompactd = Array(repeating: nil, count: nodes)
        compaction = Array(repeating: CompactionState(), count: zones)
        sleptAt = Array(repeating: nil, count: nodes)
    }

    /// The time: of the shared CPU, else the clock.
    var now: Int { cpu?.now ?? clock }

    /// How long kswapd's first, short sleep is in that time (HZ / 10 in the kernel).
    var shortSleep: Int { cpu == nil ? 10_000 : 100_000 }

    struct Compacting {
        var order: Order
        var highest: Int
    }

    /// Most rounds that a request goes through before it gives up. A kernel has no such limit, but has other tasks.
    static let mostRounds = 1024
}

/// What compaction remembers of a zone.
struct CompactionState: Sendable {
    /// Where the two scanners continue; nil: at the zone's ends.
    var migrate: InlineArray<2, PageFrame?> = [nil, nil]
    var free: PageFrame?
    /// From here on the search for free pages begins anew (`compact_init_free_pfn`); nil: it always does.
    var firstFree: PageFrame?
    /// Attempts since the last that failed (`compact_considered`), of which 2^`deferShift` are passed over.
    var considered = 0
    var deferShift = 0
    /// The smallest order that failed (`compact_order_failed`).
    var orderFailed: Order = 0
    /// Pageblocks in which nothing could be isolated, by number.
    var skipped: Set<UInt64> = []
    /// They are looked at again once kswapd has gone to sleep, for direct compaction went through the whole zone.
    var forgetsSkips = false

    /// `__reset_isolation_suitable`.
    mutating func forgetSkips() {
        skipped.removeAll(keepingCapacity: true)
        migrate = [nil, nil]
        free = nil
        forgetsSkips = false
    }

    /// `COMPACT_MAX_DEFER_SHIFT`.
    static let mostDeferShift = 6
}
