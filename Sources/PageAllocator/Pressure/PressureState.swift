import BuddyEngine
import Topology

/// When kswapd and kcompactd run. They run on the simulation's own clock, so that a run can be repeated.
public enum ReclaimTiming: Hashable, Sendable {
    /// Between the request that woke them and the next, as on an idle CPU.
    case prompt
    /// The allocating task has a time, which passes with its requests, its reclaim, and `Machine.letTimePass(_:)`. The
    /// kswapd of a node whose only CPU is the task's shares it; that of another node has a CPU of its own.
    case sharedCPU(CPUCosts)
}

/// The state that the slow path keeps between requests.
@usableFromInline
struct PressureState: Sendable {
    /// How many requests have left the fast path: the clock.
    var clock = 0
    /// The shared CPU, if there is one.
    var cpu: SharedCPU?
    /// The task is to yield the CPU as soon as it can.
    var isPreempted = false
    /// How far a killed process has come with freeing its memory; nil: nobody is exiting.
    var exit: ExitProgress?
    /// By node position: kswapd's interrupted work.
    var balancing: [Balancing?]
    /// By node position: up to which time of ``cpu`` kswapd has worked on a CPU of its own.
    var clocks: [Int]
    /// By node position: the work that kcompactd has been woken for.
    var kcompactd: [Compacting?]
    /// By node position: when kcompactd wakes by itself.
    var proactive: [ProactiveCheck]
    /// By CPU position: when its worker next tends to its lists and counters.
    var nextTending: [Int] = []
    /// By zone position.
    var compaction: [CompactionState]
    /// By node position: the time at which kswapd went to sleep.
    var sleptAt: [Int?]
    /// Node reclaim is under way. The hook may allocate, and must not cause it again.
    var isReclaimingNode = false

    /// The initial state of a machine with so many nodes and zones.
    init(nodes: Int, zones: Int) {
        balancing = Array(repeating: nil, count: nodes)
        clocks = Array(repeating: 0, count: nodes)
        kcompactd = Array(repeating: nil, count: nodes)
        proactive = Array(repeating: ProactiveCheck(next: .max), count: nodes)
        compaction = Array(repeating: CompactionState(), count: zones)
        sleptAt = Array(repeating: nil, count: nodes)
    }

    /// The time: that of the shared CPU, else ``clock``.
    var now: Int { cpu?.now ?? clock }

    /// The length of kswapd's first, short sleep in that time (HZ / 10 in the kernel).
    var shortSleep: Int { cpu == nil ? 10_000 : 100_000 }

    struct Compacting {
        var order: Order
        var highest: Int
    }

    /// How many rounds a request goes through before it gives up. A kernel has no such limit, but has other tasks.
    static let mostRounds = 1024
}

/// What compaction remembers of a zone.
struct CompactionState: Sendable {
    /// Where the two scanners continue; nil: at the zone's ends.
    var migrate: InlineArray<2, PageFrame?> = [nil, nil]
    var free: PageFrame?
    /// Where the search for free pages begins again (`compact_init_free_pfn`); nil: always at the zone's end.
    var firstFree: PageFrame?
    /// Attempts since the last that failed (`compact_considered`), of which 2^`deferShift` are skipped.
    var considered = 0
    var deferShift = 0
    /// The smallest order that failed (`compact_order_failed`).
    var orderFailed: Order = 0
    /// Numbers of pageblocks in which nothing could be isolated.
    var skipped: Set<UInt64> = []
    /// The whole zone was scanned by direct compaction, so ``skipped`` is cleared when kswapd goes to sleep.
    var forgetsSkips = false

    /// Clears ``skipped`` and starts from the zone's ends (`__reset_isolation_suitable`).
    mutating func forgetSkips() {
        skipped.removeAll(keepingCapacity: true)
        migrate = [nil, nil]
        free = nil
        forgetsSkips = false
    }

    /// `COMPACT_MAX_DEFER_SHIFT`.
    static let mostDeferShift = 6
}
