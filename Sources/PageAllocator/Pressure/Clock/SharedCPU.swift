import Topology

/// Who runs on a CPU that an allocating task shares with kswapd: the part of the kernel's scheduler that decides it,
/// with its constants (kernel/sched/fair.c; times in microseconds).
///
/// Of two tasks that want to run, the one that has run less goes first (`pick_next_entity`: the leftmost under CFS, the
/// only eligible one under EEVDF). That is decided when a tick or a wake-up tells the current task to yield, and where
/// its kernel allows it (``KernelProfile/Preemption``).
struct SharedCPU: Hashable, Sendable {
    var costs: CPUCosts
    let scheduler: KernelProfile.Scheduler
    let preemption: KernelProfile.Preemption
    /// Begins half-way between two ticks.
    var now = Self.tick / 2
    /// The position of the CPU that the last request came from.
    var task = 0
    /// When the current task got the CPU.
    private var since = 0
    /// How much longer the task has run than the other (`vruntime`), which is asleep at first. kswapd and exiting
    /// processes count as one: whatever either runs, the task is owed.
    private var lead = 10 * Self.tick
    /// What ``lead`` was when kswapd went to sleep.
    private var leadAtSleep = 0
    private var nextTick = Self.tick
    /// The current task is to yield at the next tick (TIF_NEED_RESCHED_LAZY).
    private var isToldLazily = false
    /// Scales times by the number of CPUs (`get_update_sysctl_factor`).
    private let scale: Int

    /// CONFIG_HZ=250, as in Debian's kernels.
    private static let tick = 4_000

    init(costs: CPUCosts, rules: KernelProfile.ReclaimRules, cpus: Int) {
        self.costs = costs
        scheduler = rules.scheduler
        preemption = rules.preemption
        scale = Int.bitWidth - max(min(cpus, 8), 1).leadingZeroBitCount
    }

    /// Whether kswapd runs next, if it wants to.
    var isKswapdNext: Bool { lead >= 0 }

    /// How many folios can be reclaimed before the next tick.
    var foliosToNextTick: Int { max((nextTick - now) / max(costs.reclaimedPage, 1), 1) }

    /// Lets the task run for a time. Returns whether it is to yield the CPU where it can.
    ///
    /// - Parameters:
    ///   - time: In microseconds.
    ///   - isContended: Whether another task wants to run; if not, a tick does nothing.
    mutating func taskRuns(_ time: Int, isContended: Bool) -> Bool {
        now += time
        lead += time
        guard isContended else {
            passesTick()
            return false
        }
        return isOver(ahead: lead)
    }

    /// Lets kswapd or an exiting process run for a time. Returns whether the task is to get the CPU back.
    mutating func otherRuns(_ time: Int) -> Bool {
        now += time
        lead -= time
        return isOver(ahead: -lead) && lead < 0
    }

    /// Lets a time pass in which someone else runs.
    mutating func passes(_ time: Int) {
        now += time
        passesTick()
    }

    private mutating func passesTick() {
        if now >= nextTick { nextTick = now - now % Self.tick + Self.tick }
    }

    /// Notes that kswapd goes to sleep.
    mutating func sleeps() { leadAtSleep = lead }

    /// Notes that kswapd wakes. Returns whether the task is to yield at once (`check_preempt_wakeup`, `place_entity`).
    mutating func wakes() -> Bool {
        let preempts: Bool
        switch scheduler {
        case .completelyFair:
            // A task that has slept is granted part of the latency at most.
            lead = min(lead, scheduler.slice * scale)
            preempts = lead > scheduler.wakeupGranularity * scale
        case .earliestDeadline:
            // It keeps the lag with which it went to sleep; a negative one shrinks meanwhile (DELAY_DEQUEUE).
            lead = leadAtSleep > 0 ? min(leadAtSleep, 2 * Self.tick) : min(lead, 0)
            preempts = lead >= 0
        }
        guard preemption == .lazy else { return preempts }
        if preempts { isToldLazily = true }
        return false
    }

    /// Notes that another task gets the CPU.
    mutating func switches() {
        since = now
        isToldLazily = false
    }

    /// How long an exiting process may run before the task gets the CPU back.
    func timeLeft() -> Int {
        var end = nextTick
        while end - now < scheduler.slice * scale { end += Self.tick }
        return end - now
    }

    /// Whether a tick tells the current task that its time is over (`check_preempt_tick`; `update_deadline`).
    ///
    /// - Parameters:
    ///   - ahead: How much longer it has run than the other.
    private mutating func isOver(ahead: Int) -> Bool {
        guard now >= nextTick else { return false }
        nextTick = now - now % Self.tick + Self.tick
        let slice = scheduler.slice * scale
        let isOver = now - since >= slice || ahead > slice && scheduler == .completelyFair
        guard preemption == .lazy else { return isOver }
        defer { isToldLazily = isOver }
        return isToldLazily
    }
}
