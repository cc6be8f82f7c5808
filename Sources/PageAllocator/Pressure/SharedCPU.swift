import Topology

/// What work costs on the one CPU that a task, kswapd and whoever is killed share, in microseconds.
public struct CPUCosts: Hashable, Sendable {
    /// A request with all that its task does around it.
    public var request: Int
    /// Reclaiming a page, by whoever does it.
    public var reclaimedPage: Int
    /// A pass of reclaim at one priority that finds nothing.
    public var fruitlessPass: Int
    /// Giving back a page of a process that exits.
    public var exitedPage: Int

    public init(request: Int = 1, reclaimedPage: Int = 1, fruitlessPass: Int = 1, exitedPage: Int = 1) {
        self.request = request
        self.reclaimedPage = reclaimedPage
        self.fruitlessPass = fruitlessPass
        self.exitedPage = exitedPage
    }
}

/// Whose turn it is on a CPU that a task which allocates shares with kswapd: as much of the kernel's scheduler as decides
/// that, with its constants for one CPU (kernel/sched/fair.c; times in microseconds).
struct SharedCPU: Hashable, Sendable {
    var costs: CPUCosts
    var now = 0
    /// The position of the CPU that the last request came from.
    var task = 0
    /// When the task got the CPU.
    private var since = 0
    /// By how much more the task has run than kswapd (`vruntime`), which has slept at first.
    private var lead = Self.sleeperCredit
    private var nextTick = Self.tick

    /// CONFIG_HZ=250, as Debian has it.
    private static let tick = 4_000
    /// What a sleeper is given, at most (`place_entity`: half of `sysctl_sched_latency`).
    private static let sleeperCredit = 3_000
    /// `sysctl_sched_wakeup_granularity`.
    private static let wakeupGranularity = 1_000

    init(costs: CPUCosts) { self.costs = costs }

    /// The task runs for so long. True if its time is over, should another want to run (`entity_tick`).
    mutating func taskRuns(_ time: Int, _ scheduler: KernelProfile.Scheduler) -> Bool {
        now += time
        lead += time
        guard now >= nextTick else { return false }
        nextTick = now - now % Self.tick + Self.tick
        return now - since >= scheduler.slice || lead > scheduler.slice && scheduler == .completelyFair
    }

    /// kswapd wakes. True if it runs at once (`check_preempt_wakeup`).
    mutating func wakes(_ scheduler: KernelProfile.Scheduler) -> Bool {
        lead = min(lead, Self.sleeperCredit)
        return scheduler == .completelyFair && lead > Self.wakeupGranularity
    }

    /// Another than the task has the CPU from here on.
    mutating func switches() { since = now }

    /// kswapd, or who exits, runs for so long. True if the task is to have the CPU again.
    mutating func otherRuns(_ time: Int, _ scheduler: KernelProfile.Scheduler) -> Bool {
        now += time
        lead -= time
        guard now >= nextTick else { return false }
        nextTick = now - now % Self.tick + Self.tick
        return now - since >= scheduler.slice
    }

    /// The task continues.
    mutating func switchesBack() { since = now }

    /// How long who exits may run before the task has the CPU again.
    func timeLeft(_ scheduler: KernelProfile.Scheduler) -> Int {
        var end = nextTick
        while end - now < scheduler.slice { end += Self.tick }
        return end - now
    }
}
