import Topology

/// Whose turn it is on a CPU that a task which allocates shares with kswapd: as much of the kernel's scheduler as decides
/// that, with its constants (kernel/sched/fair.c; times in microseconds).
///
/// Of two that want to run the one goes first that has run less (`pick_next_entity`: the leftmost under CFS, the only eligible
/// one under EEVDF). That is asked when a tick or a wake-up tells whoever runs to give up the CPU, and where its kernel lets it
/// (``KernelProfile/Preemption``).
struct SharedCPU: Hashable, Sendable {
    var costs: CPUCosts
    let scheduler: KernelProfile.Scheduler
    let preemption: KernelProfile.Preemption
    /// It begins between two ticks.
    var now = Self.tick / 2
    /// The position of the CPU that the last request came from.
    var task = 0
    /// When whoever runs got the CPU.
    private var since = 0
    /// By how much more the task has run than another (`vruntime`), which has slept at first. kswapd and who exits are one
    /// here: what either runs, the task is owed.
    private var lead = 10 * Self.tick
    /// What ``lead`` was when kswapd went to sleep.
    private var leadAtSleep = 0
    private var nextTick = Self.tick
    /// Whoever runs is to give up the CPU at the next tick (TIF_NEED_RESCHED_LAZY).
    private var isToldLazily = false
    /// Times grow with the number of CPUs (`get_update_sysctl_factor`).
    private let scale: Int

    /// CONFIG_HZ=250, as Debian has it.
    private static let tick = 4_000

    init(costs: CPUCosts, rules: KernelProfile.ReclaimRules, cpus: Int) {
        self.costs = costs
        scheduler = rules.scheduler
        preemption = rules.preemption
        scale = Int.bitWidth - max(min(cpus, 8), 1).leadingZeroBitCount
    }

    /// kswapd is the next to run, if it wants to.
    var isKswapdNext: Bool { lead >= 0 }

    /// How many folios can be reclaimed before the next tick.
    var foliosToNextTick: Int { max((nextTick - now) / max(costs.reclaimedPage, 1), 1) }

    /// The task runs for so long. True if it is to give up the CPU where it can.
    ///
    /// - `isContended`: Whether another wants to run; else a tick does nothing.
    mutating func taskRuns(_ time: Int, isContended: Bool) -> Bool {
        now += time
        lead += time
        guard isContended else {
            passesTick()
            return false
        }
        return isOver(ahead: lead)
    }

    /// kswapd, or who exits, runs for so long. True if the task is to have the CPU again.
    mutating func otherRuns(_ time: Int) -> Bool {
        now += time
        lead -= time
        return isOver(ahead: -lead) && lead < 0
    }

    /// Somebody else runs for so long.
    mutating func passes(_ time: Int) {
        now += time
        passesTick()
    }

    private mutating func passesTick() {
        if now >= nextTick { nextTick = now - now % Self.tick + Self.tick }
    }

    /// kswapd goes to sleep.
    mutating func sleeps() { leadAtSleep = lead }

    /// kswapd wakes. True if the task is to give up the CPU at once (`check_preempt_wakeup`, `place_entity`).
    mutating func wakes() -> Bool {
        let preempts: Bool
        switch scheduler {
        case .completelyFair:
            // A sleeper is given a part of the latency, at most.
            lead = min(lead, scheduler.slice * scale)
            preempts = lead > scheduler.wakeupGranularity * scale
        case .earliestDeadline:
            // It has the lag with which it went to sleep; a negative one shrinks meanwhile (DELAY_DEQUEUE).
            lead = leadAtSleep > 0 ? min(leadAtSleep, 2 * Self.tick) : min(lead, 0)
            preempts = lead >= 0
        }
        guard preemption == .lazy else { return preempts }
        if preempts { isToldLazily = true }
        return false
    }

    /// Another has the CPU from here on.
    mutating func switches() {
        since = now
        isToldLazily = false
    }

    /// How long who exits may run before the task has the CPU again.
    func timeLeft() -> Int {
        var end = nextTick
        while end - now < scheduler.slice * scale { end += Self.tick }
        return end - now
    }

    /// Whether a tick tells whoever runs that its time is over (`check_preempt_tick`; `update_deadline`).
    ///
    /// - `ahead`: By how much more it has run than the other.
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
